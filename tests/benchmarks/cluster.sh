#!/usr/bin/env bash
# Compares two silo processes with one worker each, two workers in one process, and PyTorch DDP (gloo, two processes), interleaved, and
# prints the time of a step by phase. The machine must be idle.
#
#   tests/benchmarks/cluster.sh                       five rounds of everything, about 15 minutes
#   tests/benchmarks/cluster.sh --rounds 1 --work mlp-128
#   tests/benchmarks/cluster.sh --rounds 1 --work large     a model of 327 MB; needs 8 GB of memory
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1
case ${1:-} in -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;; esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
for project in src/VaeCluster.Silo src/VaeCluster.Cli; do
    dotnet build "$project" -c Release -v quiet -nodeReuse:false -p:UseSharedCompilation=false || exit 1
done
exec python3 tests/benchmarks/cluster.py --silo "$PWD/src/VaeCluster.Silo/bin/Release/net10.0/vaecluster-silo" \
    --cli "$PWD/src/VaeCluster.Cli/bin/Release/net10.0/vaecluster" "$@"
