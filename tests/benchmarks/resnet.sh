#!/usr/bin/env bash
# Compares the training step of a small residual network on colour images of 64×64 with the same network in eager PyTorch, in turns. Prints
# a table of medians; the machine should be idle. Needs python3 with PyTorch.
#
#   tests/benchmarks/resnet.sh              five rounds, about five minutes on two cores
#   tests/benchmarks/resnet.sh --quick      one short round, to check that it works
set -eu -o pipefail
cd "$(dirname "$0")/../.."
case ${1:-} in -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;; esac
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
project=tests/benchmarks/VaeCluster.Benchmarks
dotnet build "$project" -c Release -v quiet >/dev/null
for python in "${PYTHON:-python3}" /usr/bin/python3; do
    if "$python" -c 'import torch' 2>/dev/null; then
        exec "$python" tests/benchmarks/resnet.py --ours "$project/bin/Release/net10.0/VaeCluster.Benchmarks.dll" "$@"
    fi
done
echo 'resnet.sh: PyTorch not found; install it (Debian: python3-torch libopenblas0-openmp) or set PYTHON' >&2
exit 1
