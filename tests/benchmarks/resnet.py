#!/usr/bin/env python3
"""The step of a small residual network, ours and in PyTorch in turns; see resnet.sh. `resnet.py torch …` times only the PyTorch half: the
network of make_networks.py with Adam, in float32, on images of uniform noise, as `VaeCluster.Benchmarks step --model resnet` does."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "VaeCluster.Models.Tests" / "PyTorch"))
IMAGE, LATENT, BATCH = (3, 64, 64), 10, 64
FIELDS = {"channels": [16, 32, 64], "stem": 2}
THREADS = (1, 2)


def run_torch(options):
    import torch
    import torch.nn.functional as F
    from make_networks import Masks, ResNet

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    model, drop = ResNet(IMAGE, LATENT, FIELDS), Masks(0)
    images = torch.rand((4 * BATCH, *IMAGE), generator=torch.Generator().manual_seed(1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    times = []
    for i in range(options.steps + 3):
        x = images[i % 4 * BATCH:(i % 4 + 1) * BATCH]
        started = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        mean, log_variance = model.encode(x, drop).chunk(2, dim=1)
        log_variance = log_variance.clamp(-30, 20)
        logits = model.decode(mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean), drop)
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * torch.sum(mean**2 + log_variance.exp() - log_variance - 1)
        ((reconstruction + kl) / BATCH).backward()
        optimizer.step()
        times.append(1000 * (time.perf_counter() - started))
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(json.dumps({"milliseconds": {"median": statistics.median(times[3:])}, "parameters": parameters}))


def call(*command):
    run = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False)
    if run.returncode != 0:
        sys.exit("resnet: {} failed:\n{}".format(command[0], (run.stderr or run.stdout).strip()))
    return json.loads(run.stdout.strip().splitlines()[-1])


def compare(options):
    rounds, steps = (1, 3) if options.quick else (5, 12)
    ours, peer = {threads: [] for threads in THREADS}, {threads: [] for threads in THREADS}
    for _ in range(rounds):
        for threads in THREADS:
            row = call("dotnet", options.ours, "step", "--model", "resnet", "--batch", BATCH, "--shards", 4, "--threads", threads,
                       "--workers", threads, "--steps", steps, "--json")
            ours[threads].append(row["milliseconds"]["median"])
            row = call(sys.executable, __file__, "torch", "--threads", threads, "--steps", steps)
            peer[threads].append(row["milliseconds"]["median"])
    print(("ResNet {channels}, stem {stem}, colour 64×64, batch {batch}, {parameters:,} parameters; median of {rounds} rounds; load "
           "{load:.1f}").format(
        batch=BATCH, parameters=row["parameters"], rounds=rounds, load=os.getloadavg()[0], **FIELDS))
    print("| threads | ours, ms | PyTorch, ms | ratio |\n|---|---|---|---|")
    for threads in THREADS:
        mine, its = statistics.median(ours[threads]), statistics.median(peer[threads])
        print("| {} | {:.0f} | {:.0f} | {:.2f} |".format(threads, mine, its, its / mine))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["compare", "torch"], default="compare")
    parser.add_argument("--ours")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=10)
    options = parser.parse_args()
    if options.what == "torch":
        run_torch(options)
    else:
        compare(options)


if __name__ == "__main__":
    main()
