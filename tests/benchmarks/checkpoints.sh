#!/usr/bin/env bash
# The cost of checkpoints: alternates runs with a checkpoint every 100 steps and runs with none before the end; prints medians.
# A 784-400-20 model on 60,000 random images of MNIST's size. Usage: tests/benchmarks/checkpoints.sh [pairs, default 5] [epochs, default 2]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
pairs=${1:-5} epochs=${2:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# IDX: unsigned bytes, three dimensions, 60000 × 28 × 28.
{ printf '\0\0\10\3\0\0\352\140\0\0\0\34\0\0\0\34'; head -c $((60000 * 28 * 28)) /dev/urandom; } >"$work/images.idx"
cat >"$work/run.yaml" <<YAML
data:       { dataset: idx, path: images.idx }
model:      { architecture: mlp, hidden: [400], latent: 20, likelihood: bernoulli }
training:   { epochs: $epochs, batch: 128, shards: 4 }
YAML

# Runs once, and appends its wall-clock and processor seconds (user + system) to the lists of a name.
TIMEFORMAT='%U %S'
train() {
    { time "$root/vaecluster" train "$work/run.yaml" --out "$work/run" --force --set "checkpoint.everySteps=$2" >"$work/log"; } \
        2>"$work/time"
    grep -oE '"seconds": [0-9.]+' "$work/run/result.json" | grep -oE '[0-9.]+' >>"$work/$1.wall"
    tail -n 1 "$work/time" | awk '{ print $1 + $2 }' >>"$work/$1.cpu"
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

"$root/vaecluster" doctor >/dev/null # builds if needed
train warm-up 100
for ((i = 0; i < pairs; i++)); do
    # Alternate the order, so that load on the machine does not favour one.
    if ((i % 2)); then train none 1000000; train every100 100; else train every100 100; train none 1000000; fi
done

for measure in wall cpu; do
    none=$(median "$work/none.$measure") every100=$(median "$work/every100.$measure")
    echo "$measure seconds, none: $(paste -sd ' ' "$work/none.$measure"); every 100 steps: $(paste -sd ' ' "$work/every100.$measure")"
    awk -v m="$measure" -v a="$none" -v b="$every100" \
        'BEGIN { printf "%-4s  none %.3f s  every 100 steps %.3f s  cost %+.2f %%\n", m, a, b, 100 * (b - a) / a }'
done
