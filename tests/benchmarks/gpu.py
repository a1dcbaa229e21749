#!/usr/bin/env python3
"""Compares a step of the engine on a GPU with eager PyTorch and torch.compile, alternating in one run.

  gpu.py [--engine COMMAND] [--batches N …] [--rounds R] [--models mlp burgess] [--precisions float32 tf32 bfloat16]

COMMAND starts VaeCluster.Torch.Benchmarks; by default it is built and run with -p:Libtorch=cuda. Prints a table of examples per second,
medians over the rounds. The engine's step is that of a worker with deterministic kernels: it draws noise, copies noise and images to
the GPU, copies the gradient to the host, updates there and copies the weights back; PyTorch's step stays on the GPU. `gradient` is the engine's
step without update and weights. `outside` is the share of an eager step in which the GPU is idle.
"""
import argparse
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PRECISIONS = {"float32": "Float32", "tf32": "Tf32", "bfloat16": "BFloat16"}


class Program:
    """A program that answers each input line with one output line."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.name = self.line()

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.process.args[0]} ended with exit code {self.process.wait()}")
        return line.strip()

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        return [float(number) for number in self.line().split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", nargs="+", default=[
        "dotnet", "run", "-c", "Release", "-p:Libtorch=cuda", "--project", os.path.join(HERE, "VaeCluster.Torch.Benchmarks"), "--"])
    parser.add_argument("--batches", nargs="+", type=int, default=[256, 512, 1024, 2048, 4096, 8192])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--models", nargs="+", default=["mlp", "burgess"])
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=list(PRECISIONS))
    arguments = parser.parse_args()
    for precision in arguments.precisions:
        engine = Program([*arguments.engine, "throughput", "--ask", "--precision", PRECISIONS[precision]])
        peer = Program([sys.executable, os.path.join(HERE, "peer.py"), "ask", "--precision", precision])
        print(engine.name, peer.name, sep="\n")
        print(f"{'':14} {'engine':>11} {'eager':>11} {'compiled':>11}  engine/eager engine/compiled  "
              "gradient ms  eager ms  kernels ms  outside")
        for model in arguments.models:
            for batch in arguments.batches:
                times = {"engine": [], "gradient": [], "eager": [], "compiled": []}
                for _ in range(arguments.rounds):
                    step, gradient = engine.ask(model, batch)
                    times["engine"].append(step)
                    times["gradient"].append(gradient)
                    for how in ("eager", "compiled"):
                        times[how] += peer.ask(model, batch, how)
                kernels = peer.ask(model, batch, "kernels")[0]
                median = {name: statistics.median(values) for name, values in times.items()}
                print(f"{model:8}{batch:6} {1000 * batch / median['engine']:11,.0f} {1000 * batch / median['eager']:11,.0f} "
                      f"{1000 * batch / median['compiled']:11,.0f}  {median['eager'] / median['engine']:12.2f} "
                      f"{median['compiled'] / median['engine']:15.2f}  {median['gradient']:11.3f}  "
                      f"{median['eager']:8.3f}  {kernels:10.3f}  "
                      f"{1 - kernels / median['eager']:7.2f}", flush=True)
        engine.close()
        peer.close()


if __name__ == "__main__":
    main()
