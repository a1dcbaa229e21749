#!/usr/bin/env bash
# Injects faults at random moments into runs on three worker silos, two server silos and a PostgreSQL server, all real processes on this
# machine: SIGKILL and SIGSTOP of each kind of silo, loss of the database, and all at once. Every run must end with the same weights as in
# one process, with every step logged once. Prints the seconds from each fault to the next completed step.
#
#   tests/benchmarks/chaos.sh                 five faults of each kind, about ten minutes
#   tests/benchmarks/chaos.sh --samples 1     one of each
#   tests/benchmarks/chaos.sh --cut           also disconnects a worker in a network namespace (requires root)
#   tests/benchmarks/chaos.sh --kinds kill-worker,stop-coordinator
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1
case ${1:-} in -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;; esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
for project in src/VaeCluster.Silo src/VaeCluster.Cli; do
    dotnet build "$project" -c Release -v quiet -nodeReuse:false -p:UseSharedCompilation=false || exit 1
done
exec python3 tests/benchmarks/chaos.py --silo "$PWD/src/VaeCluster.Silo/bin/Release/net10.0/vaecluster-silo" \
    --cli "$PWD/src/VaeCluster.Cli/bin/Release/net10.0/vaecluster" "$@"
