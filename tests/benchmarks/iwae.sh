#!/usr/bin/env bash
# Importance-weighted training with k = 1, 5 and 50 samples on dynamically binarised MNIST, compared with a PyTorch script of the same
# recipe and number of steps: NLL of the first 1000 test digits with 5000 samples. The machine need not be idle. Needs python3 with PyTorch.
#
#   tests/benchmarks/iwae.sh --path data/mnist               five epochs each, about ten minutes on two cores
#   tests/benchmarks/iwae.sh --path data/mnist --epochs 1    a quick check that it works
#   tests/benchmarks/iwae.sh ours --path data/mnist          without PyTorch
set -eu -o pipefail
cd "$(dirname "$0")/../.."
case ${1:-} in -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;; esac
./vaecluster doctor >/dev/null # builds if needed
exec "${PYTHON:-python3}" tests/benchmarks/iwae.py "$@"
