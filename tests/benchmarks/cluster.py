#!/usr/bin/env python3
"""Compares steps of a cluster of two silo processes with the same run in one process and PyTorch DDP; see cluster.sh."""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

MLP = "model: {{ architecture: mlp, hidden: [400], latent: 20, likelihood: bernoulli }}"
WORK = {
    # name: (data and model, batch, steps, peer of the goal, goal, the peer's model)
    "mlp-128": ("data: {{ dataset: idx, path: {folder}/images.idx }}\n" + MLP, 128, 1200, "ddp", 1.30, "mlp"),
    "mlp-1024": ("data: {{ dataset: idx, path: {folder}/images.idx }}\n" + MLP, 1024, 400, "embedded", 0.85, "mlp"),
    # 82 million parameters, 327 MB: checks that it works, and its memory use, not its speed. Runs only if named.
    "large": ("data: {{ dataset: idx, path: {folder}/images.idx }}\n"
              "model: {{ architecture: mlp, hidden: [6000, 6000], latent: 20, likelihood: bernoulli }}",
              128, 20, None, 0, "mlp"),
    "burgess-64": ("data: {{ dataset: dsprites, limit: 8192 }}\nmodel: {{ architecture: burgess, latent: 10 }}",
                   64, 300, "embedded", 0.90, "burgess"),
}


def write_images(path, count):
    """Random 28 × 28 images like MNIST's; their content does not affect the time of a step."""
    import random
    chance = random.Random(1)
    with open(path, "wb") as file:
        for number in (0x803, count, 28, 28):
            file.write(number.to_bytes(4, "big"))
        file.write(chance.randbytes(count * 784))


def run_file(name, folder, examples):
    body, batch, steps, _, _, _ = WORK[name]
    per_epoch = examples // batch
    epochs = max(1, -(-steps // per_epoch))
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\n{body.format(folder=folder)}\n"
                    f"training: {{ epochs: {epochs}, batch: {batch}, shards: 2, seed: 1 }}\n"
                    "checkpoint: { everySteps: 100000 }\nevaluation: { everyEpochs: 0, limit: 64 }\n")
    return path


def median_step(run, batch):
    """The median over the second half of a run; the first half includes JIT compilation and first reads."""
    with open(run / "metrics.jsonl") as file:
        steps = [1e3 * batch / line["samplesPerSecond"] for line in map(json.loads, file) if line["kind"] == "step"]
    return statistics.median(steps[len(steps) // 2:])


def weights_of(run):
    return json.loads((run / "result.json").read_text())["weightsSha256"]


def peak_memory(pid):
    """In GB."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e9
    return 0


def embedded(cli, path, folder, batch):
    out = folder / "embedded"
    shutil.rmtree(out, ignore_errors=True)
    subprocess.run([cli, "train", str(path), "--workers", "2", "--threads", "2", "--out", str(out)], check=True, stdout=subprocess.DEVNULL)
    return median_step(out, batch), weights_of(out)


def cluster(silo, cli, path, folder, batch, log):
    runs = folder / "runs"
    shutil.rmtree(runs, ignore_errors=True)
    silos = []
    try:
        for i in range(2):
            silos.append(subprocess.Popen(
                [silo, "run", "--standalone", "--runs", str(runs), "--data", str(folder), "--urls", f"http://127.0.0.1:{5180 + i}"],
                stdout=open(folder / f"silo-{i}.log", "w"), stderr=subprocess.STDOUT))
            until = time.monotonic() + 60
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{5180 + i}/health/ready", timeout=1)
                    break
                except OSError:
                    if time.monotonic() > until:
                        raise SystemExit(f"cluster: silo {i} is not ready: {(folder / f'silo-{i}.log').read_text()}")
                    time.sleep(0.1)
        time.sleep(1)
        # Measure the second run: the first one warms up the JIT, as the PyTorch script warms up.
        for _ in range(2):
            subprocess.run([cli, "submit", str(path), "--server", "http://127.0.0.1:5180", "--workers", "2"],
                           check=True, stdout=subprocess.DEVNULL)
        run = max(runs.glob("*/result.json")).parent
        time.sleep(0.5)
        for i in range(2):
            lines = (folder / f"silo-{i}.log").read_text().splitlines()
            log += [line.split("VaeCluster", 1)[-1].strip() for line in lines if "ms a step" in line]
        held = [peak_memory(process.pid) for process in silos]
        return median_step(run, batch), weights_of(run), max(held)
    finally:
        for process in silos:
            process.send_signal(signal.SIGKILL)
            process.wait()


def ddp(python, model, batch, steps):
    answer = subprocess.run([python, "tests/benchmarks/peer.py", "ddp", "--model", model, "--batch", str(batch), "--steps", str(steps)],
                            check=True, capture_output=True, text=True).stdout
    return json.loads(answer.strip().splitlines()[-1])["milliseconds"]["median"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--silo", required=True)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", default=",".join(name for name in WORK if WORK[name][3]), help=f"comma-separated, of {', '.join(WORK)}")
    parser.add_argument("--python", default="/usr/bin/python3", help="a Python with PyTorch; if there is none, PyTorch is omitted")
    arguments = parser.parse_args()
    has_torch = shutil.which(arguments.python) is not None and subprocess.run(
        [arguments.python, "-c", "import torch"], stderr=subprocess.DEVNULL).returncode == 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vaecluster-speed-"))
    examples = 16384
    write_images(folder / "images.idx", examples)
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {arguments.rounds} rounds, medians of medians", flush=True)
    missed = False
    for name in arguments.work.split(","):
        _, batch, steps, peer, goal, model = WORK[name]
        path = run_file(name, folder, 8192 if "burgess" in name else examples)
        times, log = {"cluster": [], "embedded": [], "ddp": []}, []
        for _ in range(arguments.rounds):
            ours, sha, memory = cluster(arguments.silo, arguments.cli, path, folder, batch, log)
            alone, same = embedded(arguments.cli, path, folder, batch)
            if sha != same:
                raise SystemExit(f"cluster: {name}: the weights differ from those of one process")
            times["cluster"].append(ours)
            times["embedded"].append(alone)
            if has_torch and peer is not None:
                times["ddp"].append(ddp(arguments.python, model, batch, min(steps, 100)))
        middle = {key: statistics.median(values) for key, values in times.items() if values}
        if peer in middle:
            ratio = middle[peer] / middle["cluster"]
            missed |= ratio < goal
            verdict = f"{ratio:.2f} of {'PyTorch DDP' if peer == 'ddp' else 'one process'}, goal {goal}"
            verdict += "" if ratio >= goal else "  MISSED"
        elif peer is None:
            verdict = f"the same weights; peak memory of the larger silo {memory:.1f} GB"
        else:
            verdict = "PyTorch not found"
        print(f"{name:11} " + ", ".join(f"{key} {value:.2f} ms" for key, value in middle.items()) + f": {verdict}", flush=True)
        for line in log[-2:]:
            print(f"            {line}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
