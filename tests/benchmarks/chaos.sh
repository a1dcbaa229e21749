#!/usr/bin/env bash
# Faults at random moments of runs over three worker silos, two server silos and a PostgreSQL, all real processes of this machine: kill -9 and
# SIGSTOP of each kind, the database away, everything at once. Every run must end in the weights of one process, every step logged once. Prints
# the seconds from each fault to the next finished step.
#
#   tests/benchmarks/chaos.sh                 five faults of each kind, about ten minutes
#   tests/benchmarks/chaos.sh --samples 1     one of each
#   tests/benchmarks/chaos.sh --cut           a worker is cut off in a network namespace too (root)
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
