#!/usr/bin/env bash
# Compares parallel with sequential trials, interleaved: a sweep of 2 trials with parallel 2 and 2 threads, and with parallel 1 and 1
# thread. Prints the seconds from the start of the first trial to the end of the last, and their ratio.
# Usage: tests/benchmarks/sweeps.sh [ROUNDS]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${1:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > sweep.yaml <<'YAML'
name: pair
base:
  data:       { dataset: dsprites, strides: { scale: 3, orientation: 10, x: 2, y: 2 }, validation: 0.1 }
  model:      { architecture: mlp, hidden: [256, 128], latent: 6 }
  objective:  { kind: beta-vae }
  training:   { epochs: 20, batch: 64, shards: 4 }
  checkpoint: { everySteps: 100000, keep: 1 }
  evaluation: { everyEpochs: 0 }
space:
  objective.beta: [1, 4]
YAML
seconds() { # DIR: time between the first and the last line about trials
  python3 - "$1" <<'PY'
import json, sys
from datetime import datetime
lines = [json.loads(line) for line in open(f"{sys.argv[1]}/sweep.jsonl")]
times = [datetime.fromisoformat(line["time"]) for line in lines if line["kind"] in ("begin", "ended")]
print(f"{(max(times) - min(times)).total_seconds():.3f}")
PY
}
"$root/vaecluster" sweep sweep.yaml --out warm --threads 2 --set training.epochs=1 > /dev/null
for round in $(seq "$rounds"); do
  "$root/vaecluster" sweep sweep.yaml --out "one-$round" --threads 1 --parallel 1 > /dev/null
  "$root/vaecluster" sweep sweep.yaml --out "two-$round" --threads 2 --parallel 2 > /dev/null
  one=$(seconds "one-$round") two=$(seconds "two-$round")
  python3 -c "print(f'round $round: sequential $one s, parallel $two s, ratio {$one / $two:.2f}')"
done
