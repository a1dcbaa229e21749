#!/usr/bin/env bash
# Runs a cluster of three workers, two servers and a PostgreSQL server under random faults for as long as you like: SIGKILL and SIGSTOP of
# silos, loss of the database, a full disk, a read-only folder of runs, flipped and truncated checkpoints, a cut network; with runs,
# sweeps, cancellations, resumptions and deletions in between. At the end every run has the weights of one process and every step once, no
# process, port, file or row is left over, and memory and open files have not grown.
#
#   tests/benchmarks/soak.sh 1                one hour, with a seed that it prints
#   tests/benchmarks/soak.sh 0.1 --seed 7     six minutes, with the faults of that seed
#   tests/benchmarks/soak.sh 1 --cut          also disconnects a worker in a network namespace
#
# A full disk and a read-only folder need root, to mount a small file system for the folder of runs; without root they are left out, and
# the script says so. The machine's clock is not touched.
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1
case ${1:-} in -h | --help | '') sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit $([ -n "${1:-}" ] && echo 0 || echo 2) ;; esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
for project in src/VaeCluster.Silo src/VaeCluster.Cli; do
    dotnet build "$project" -c Release -v quiet -nodeReuse:false -p:UseSharedCompilation=false || exit 1
done
exec python3 tests/benchmarks/soak.py --silo "$PWD/src/VaeCluster.Silo/bin/Release/net10.0/vaecluster-silo" \
    --cli "$PWD/src/VaeCluster.Cli/bin/Release/net10.0/vaecluster" --hours "$@"
