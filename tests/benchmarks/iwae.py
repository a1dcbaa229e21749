#!/usr/bin/env python3
"""Importance-weighted training at several k, ours and in PyTorch; see iwae.sh. `iwae.py torch …` runs only the PyTorch half: the same
network, initial distribution, dynamic binarisation, optimiser and number of steps, in idiomatic PyTorch."""
import argparse
import gzip
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import time

LATENT, HIDDEN, RATE = 50, 200, 1e-3
RUN = """name: iwae-{samples}
data:       {{ dataset: mnist, path: {path}, binarize: dynamic }}
model:      {{ architecture: mlp, hidden: [200, 200], activation: tanh, latent: 50, likelihood: bernoulli, outputBias: data-mean }}
objective:  {{ kind: iwae, samples: {samples} }}
training:   {{ epochs: {epochs}, batch: {batch}, shards: 4, optimizer: adam, learningRate: 0.001, seed: {seed} }}
checkpoint: {{ everySteps: 1000000 }}
evaluation: {{ everyEpochs: 0, limit: 1000 }}
"""


def images(folder, name):
    path = pathlib.Path(folder) / name
    raw = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(name + ".gz").read_bytes())
    import numpy
    return numpy.frombuffer(raw, numpy.uint8, offset=16).reshape(-1, 784).astype(numpy.float32) / 255


def run_torch(options):
    import torch
    import torch.nn as nn
    import torch.nn.functional as F

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    train = torch.from_numpy(images(options.path, "train-images-idx3-ubyte"))
    test = torch.from_numpy(images(options.path, "t10k-images-idx3-ubyte"))[: options.examples]
    encoder = nn.Sequential(nn.Linear(784, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 2 * LATENT))
    decoder = nn.Sequential(nn.Linear(LATENT, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 784))
    mean = train.mean(0).clamp(0.001, 0.999)
    decoder[-1].bias.data.copy_(torch.log(mean / (1 - mean)))
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=RATE)

    def log_weights(x, samples):
        mu, log_variance = encoder(x).chunk(2, dim=1)
        log_variance = log_variance.clamp(-30, 20)
        noise = torch.randn(samples, *mu.shape)
        z = mu + torch.exp(0.5 * log_variance) * noise
        likelihood = -F.binary_cross_entropy_with_logits(decoder(z), x.expand(samples, -1, -1), reduction="none").sum(-1)
        return likelihood + 0.5 * (noise**2 + log_variance - z**2).sum(-1)

    started, steps = time.time(), 0
    for _ in range(options.epochs):
        binary = torch.bernoulli(train)[torch.randperm(len(train))]
        for first in range(0, len(train) - options.batch + 1, options.batch):
            bound = torch.logsumexp(log_weights(binary[first : first + options.batch], options.samples), 0) - math.log(options.samples)
            optimizer.zero_grad()
            (-bound.mean()).backward()
            optimizer.step()
            steps += 1
    seconds, total = time.time() - started, 0.0
    with torch.no_grad():
        for x in torch.bernoulli(test):
            parts = [log_weights(x[None], min(500, options.draws - first)) for first in range(0, options.draws, 500)]
            total += torch.logsumexp(torch.cat(parts), 0).item() - math.log(options.draws)
    print(json.dumps({"nll": -total / len(test), "steps": steps, "seconds": seconds}))


def run_ours(options, samples, folder):
    run = folder / f"ours-{samples}"
    file = folder / f"ours-{samples}.yaml"
    path = json.dumps(str(pathlib.Path(options.path).resolve()))
    file.write_text(RUN.format(samples=samples, path=path, epochs=options.epochs, batch=options.batch, seed=options.seed))
    subprocess.run([options.cli, "train", file, "--out", run, "--threads", str(options.threads)], check=True, stdout=subprocess.DEVNULL)
    result = json.loads((run / "result.json").read_text())
    answer = subprocess.run(
        [options.cli, "evaluate", run, "--split", "test", "--iwae", str(options.draws), "--examples", str(options.examples), "--json"],
        check=True, capture_output=True, text=True).stdout
    nll = json.loads(answer)["importanceWeighted"]["negativeLogLikelihood"]
    return {"nll": nll, "steps": result["steps"], "seconds": result["seconds"]}


def run_peer(options, samples):
    arguments = [options.python, __file__, "torch", "--samples", str(samples)]
    for name in ("path", "epochs", "batch", "seed", "threads", "draws", "examples"):
        arguments += [f"--{name}", str(getattr(options, name))]
    return json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", nargs="?", choices=["both", "ours", "torch"], default="both")
    parser.add_argument("--path", required=True, help="folder with the four MNIST files")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--draws", type=int, default=5000)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=1)
    parser.add_argument("--ks", default="1,5,50")
    parser.add_argument("--cli", default="./vaecluster")
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    if options.mode == "torch":
        return run_torch(options)
    print("| k | steps | NLL ours | NLL PyTorch | gap | seconds ours | seconds PyTorch |\n|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for samples in map(int, options.ks.split(",")):
            ours = run_ours(options, samples, pathlib.Path(folder))
            peer = run_peer(options, samples) if options.mode == "both" else {"nll": math.nan, "steps": ours["steps"], "seconds": math.nan}
            assert ours["steps"] == peer["steps"]
            print(f"| {samples} | {ours['steps']} | {ours['nll']:.2f} | {peer['nll']:.2f} | {ours['nll'] - peer['nll']:+.2f} "
                  f"| {ours['seconds']:.0f} | {peer['seconds']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
