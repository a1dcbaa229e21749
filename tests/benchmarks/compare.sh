#!/usr/bin/env bash
# Compares our training step with the same models in eager PyTorch on this machine. Prints tables; raw numbers are in .build/benchmarks.
#
#   tests/benchmarks/compare.sh            five rounds of everything, about ten minutes; the machine must be idle
#   tests/benchmarks/compare.sh --quick    one short round, to check that it works
#   tests/benchmarks/compare.sh --busy     measures even if the machine is not idle, and says so in the heading
#
# PyTorch is Debian's python3-torch with OpenBLAS, installed if missing when run as root on Debian. With the reference BLAS it is sixteen
# times slower, so the script refuses a PyTorch whose matrix product does not reach 50 GFLOP/s per core.
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1

options=()
for argument in "$@"; do
    case $argument in
        --quick | --busy) options+=("$argument") ;;
        -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
        *) echo "compare.sh: unknown option '$argument'; it takes --quick and --busy" >&2; exit 2 ;;
    esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
project=tests/benchmarks/VaeCluster.Benchmarks
results=.build/benchmarks
mkdir -p "$results" || exit 1

# ---- the peer -------------------------------------------------------------------------------------------------------
find_python() {
    local python
    for python in "${PYTHON:-python3}" /usr/bin/python3; do
        if "$python" -c 'import torch' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    return 1
}

is_debian_root() { [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; }

if ! find_python >/dev/null ||
    { is_debian_root && [ "$(find_python)" = /usr/bin/python3 ] && ! dpkg -s libopenblas0-openmp >/dev/null 2>&1; }; then
    if ! is_debian_root; then
        echo 'compare.sh: PyTorch not found; install it (Debian: python3-torch libopenblas0-openmp) or set PYTHON' >&2
        exit 1
    fi
    echo 'installing python3-torch and libopenblas0-openmp'
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-torch libopenblas0-openmp; } \
        >"$results/install.log" 2>&1 || { echo "compare.sh: installation failed; see $results/install.log" >&2; exit 1; }
fi
python=$(find_python) || { echo 'compare.sh: PyTorch cannot be imported' >&2; exit 1; }

# ---- ours -----------------------------------------------------------------------------------------------------------
dotnet build "$project" -c Release -v quiet -nodeReuse:false -p:UseSharedCompilation=false >"$results/build.log" 2>&1 ||
    { cat "$results/build.log" >&2; exit 1; }

exec "$python" tests/benchmarks/compare.py --ours "$project/bin/Release/net10.0/VaeCluster.Benchmarks.dll" --out "$results" \
    "${options[@]+"${options[@]}"}"
