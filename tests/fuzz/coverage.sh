#!/usr/bin/env bash
# Gives one parser inputs that AFL++ finds, guided by the code that they reach: coverage.sh TARGET [SECONDS]. Needs afl-fuzz (Debian: afl++).
set -eu -o pipefail
[ $# -ge 1 ] || { echo "usage: coverage.sh TARGET [SECONDS]" >&2; exit 2; }
target=$1 seconds=${2:-3600}
here=$(cd "$(dirname "$0")" && pwd)
work=$here/../../.build/fuzz/afl-$target
command -v afl-fuzz >/dev/null || { echo "afl-fuzz is needed (Debian: apt-get install afl++)" >&2; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
rm -rf "$work"
mkdir -p "$work"
dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$work/tool" >&2
dotnet publish "$here/VaeCluster.Fuzz/VaeCluster.Fuzz.csproj" -c Release -v quiet -nodeReuse:false -o "$work/program" >&2
dotnet "$work/program/VaeCluster.Fuzz.dll" "$target" --write-seeds "$work/seeds"

# The product's own code; the harness and the libraries stay as they are.
for assembly in "$work"/program/VaeCluster.*.dll; do
    case $assembly in */VaeCluster.Fuzz.dll) ;; *) "$work/tool/sharpfuzz" "$assembly" ;; esac
done
AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
    afl-fuzz -i "$work/seeds" -o "$work/found" -t 10000 -m none -V "$seconds" dotnet "$work/program/VaeCluster.Fuzz.dll" "$target" --afl
