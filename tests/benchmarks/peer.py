#!/usr/bin/env python3
"""The models of `VaeCluster.Benchmarks step` in idiomatic eager PyTorch, timed the same way.

  peer.py step   --model mlp|burgess --batch N --threads T --steps N
  peer.py ddp    --model mlp|burgess --batch N --processes P --steps N     DistributedDataParallel over gloo, one thread per process
  peer.py ask    --precision float32|tf32|bfloat16                        on the GPU: answers lines 'MODEL BATCH eager|compiled', for gpu.py
  peer.py matmul --seconds S                                              products at the shapes of a step, one thread

Each prints one JSON object per line. Requires PyTorch 1.13 or later.
"""
import argparse
import json
import os
import statistics
import sys
import tempfile
import time

import torch
import torch.multiprocessing
from torch import nn
from torch.nn import functional

WARM_UP_SECONDS = 1.0
WARM_UP_STEPS = 5


class Mlp(nn.Module):
    """784-400-20, ReLU."""

    image = (1, 28, 28)
    latent = 20

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 2 * self.latent))
        self.decoder = nn.Sequential(
            nn.Linear(self.latent, 400), nn.ReLU(), nn.Linear(400, 784), nn.Unflatten(1, self.image))


class Burgess(nn.Module):
    """Four convolutions of 32 channels, two layers of 256; the decoder mirrors them."""

    image = (1, 64, 64)
    latent = 10

    def __init__(self):
        super().__init__()

        def down(channels):
            return [nn.Conv2d(channels, 32, 4, 2, 1), nn.ReLU()]

        def up(channels):
            return nn.ConvTranspose2d(32, channels, 4, 2, 1)

        self.encoder = nn.Sequential(
            *down(1), *down(32), *down(32), *down(32), nn.Flatten(),
            nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 2 * self.latent))
        self.decoder = nn.Sequential(
            nn.Linear(self.latent, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 512), nn.ReLU(),
            nn.Unflatten(1, (32, 4, 4)), up(32), nn.ReLU(), up(32), nn.ReLU(), up(32), nn.ReLU(), up(1))


MODELS = {"mlp": Mlp, "burgess": Burgess}


class Loss(nn.Module):
    """The negative bound, summed over pixels and latents, averaged over examples."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        mean, log_variance = self.model.encoder(x).chunk(2, dim=1)
        log_variance = log_variance.clamp(-30, 20)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        logits = self.model.decoder(z)
        reconstruction = functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * torch.sum(mean ** 2 + log_variance.exp() - log_variance - 1)
        return (reconstruction + kl) / x.shape[0]


def timed_steps(loss, images, batch, steps):
    optimizer = torch.optim.Adam(loss.parameters(), lr=1e-3)

    def step(i):
        start = i * batch % (len(images) - batch + 1)
        optimizer.zero_grad(set_to_none=True)
        loss(images[start:start + batch]).backward()
        optimizer.step()

    # All DDP processes must do the same number of steps, so rank 0 decides on the number of warm-up steps.
    first = time.perf_counter()
    for i in range(WARM_UP_STEPS):
        step(i)
    more = int(WARM_UP_SECONDS * WARM_UP_STEPS / (time.perf_counter() - first))
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        shared = torch.tensor([more])
        torch.distributed.broadcast(shared, 0)
        more = int(shared)
    for i in range(more):
        step(i)
    times = []
    for i in range(steps):
        started = time.perf_counter()
        step(i)
        times.append(1000 * (time.perf_counter() - started))
    return times


def make_images(model, count):
    return torch.rand((count, *model.image), generator=torch.Generator().manual_seed(1))


def report(arguments, batch, threads, processes, times):
    tenths = statistics.quantiles(times, n=10)
    print(json.dumps({
        "workload": arguments.model, "batch": batch, "threads": threads, "processes": processes, "steps": len(times),
        "milliseconds": {"p10": tenths[0], "median": statistics.median(times), "p90": tenths[8]},
    }), flush=True)


def run_step(arguments):
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    model = MODELS[arguments.model]()
    times = timed_steps(Loss(model), make_images(model, 4 * arguments.batch), arguments.batch, arguments.steps)
    report(arguments, arguments.batch, arguments.threads, 1, times)


def run_process(rank, arguments, meeting):
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", init_method="file://" + meeting, rank=rank, world_size=arguments.processes)
    torch.manual_seed(1)
    model = MODELS[arguments.model]()
    share = arguments.batch // arguments.processes
    loss = nn.parallel.DistributedDataParallel(Loss(model))
    times = timed_steps(loss, make_images(model, 4 * share), share, arguments.steps)
    if rank == 0:
        report(arguments, arguments.batch, 1, arguments.processes, times)
    torch.distributed.destroy_process_group()


def run_ddp(arguments):
    # All processes are on this machine.
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(run_process, (arguments, os.path.join(folder, "meeting")), nprocs=arguments.processes)


class OnDevice:
    """Steps of one model and batch on the GPU, synchronised once per block rather than at every step."""

    def __init__(self, model, batch, precision, compiled):
        self.precision = precision
        network = MODELS[model]().cuda()
        if precision != "float32":
            network = network.to(memory_format=torch.channels_last)
        loss = Loss(network)
        self.loss = torch.compile(loss) if compiled else loss
        self.images = make_images(network, batch).cuda()
        self.optimizer = torch.optim.Adam(loss.parameters(), lr=1e-3)
        self.block(10)

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", torch.bfloat16, enabled=self.precision == "bfloat16"):
            loss = self.loss(self.images)
        loss.backward()
        self.optimizer.step()

    def block(self, steps):
        torch.cuda.synchronize()
        started = time.perf_counter()
        for _ in range(steps):
            self.step()
        torch.cuda.synchronize()
        return 1000 * (time.perf_counter() - started) / steps

    def kernel_milliseconds(self, steps=10):
        """The total time of the GPU kernels of a step."""
        activities = [torch.profiler.ProfilerActivity.CUDA, torch.profiler.ProfilerActivity.CPU]
        with torch.profiler.profile(activities=activities) as profile:
            self.block(steps)
        events = [event for event in profile.events() if event.device_type == torch.autograd.DeviceType.CUDA]
        return sum(event.device_time for event in events) / 1000 / steps


def run_ask(arguments):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = arguments.precision == "tf32"
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name()}, {arguments.precision}", flush=True)
    torch.manual_seed(1)
    known = {}
    for line in iter(input_line, ""):
        model, batch, how = line.split()
        if how == "kernels":
            print(f"{known[model, batch, 'eager'].kernel_milliseconds():.4f}", flush=True)
            continue
        if (model, batch, how) not in known:
            known[model, batch, how] = OnDevice(model, int(batch), arguments.precision, how == "compiled")
        print(f"{statistics.median(known[model, batch, how].block(10) for _ in range(3)):.4f}", flush=True)


def input_line():
    return sys.stdin.readline()


def run_matmul(arguments):
    """Y = W·X, ∂W = ∂Y·Xᵀ and ∂X = Wᵀ·∂Y of every layer, computed like nn.Linear with examples as rows."""
    torch.set_num_threads(1)
    layers = {"mlp": (128, [(400, 784), (40, 400), (400, 20), (784, 400)]),
              "burgess": (64, [(256, 512), (256, 256), (20, 256), (256, 10), (256, 256), (512, 256)])}
    for name, (batch, shapes) in layers.items():
        for place, (outputs, inputs) in enumerate(shapes):
            weight, x, dy = torch.randn(outputs, inputs), torch.randn(batch, inputs), torch.randn(batch, outputs)
            products = {"Forward": (x, weight.t()), "WeightGradient": (dy.t(), x)}
            if place > 0 or name != "mlp":
                products["InputGradient"] = (dy, weight)
            for kind, (left, right) in products.items():
                flops = 2 * outputs * inputs * batch
                result = torch.empty(left.shape[0], right.shape[1])
                seconds = seconds_of(lambda: torch.mm(left, right, out=result), arguments.seconds)
                print(json.dumps({"workload": name, "kind": kind, "outputs": outputs, "inputs": inputs, "flops": flops,
                                  "gigaflopsPerSecond": flops / seconds / 1e9}), flush=True)


def seconds_of(work, seconds):
    started, goes = time.perf_counter(), 0
    while time.perf_counter() - started < seconds / 3:
        work()
        goes += 1
    rounds = []
    for _ in range(9):
        started = time.perf_counter()
        for _ in range(max(1, 2 * goes // 9)):
            work()
        rounds.append((time.perf_counter() - started) / max(1, 2 * goes // 9))
    return statistics.median(rounds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    for mode in ("step", "ddp"):
        options = modes.add_parser(mode)
        options.add_argument("--model", choices=MODELS, default="mlp")
        options.add_argument("--batch", type=int, default=128)
        options.add_argument("--steps", type=int, default=300)
        if mode == "step":
            options.add_argument("--threads", type=int, default=1)
        else:
            options.add_argument("--processes", type=int, default=2)
    modes.add_parser("ask").add_argument("--precision", choices=("float32", "tf32", "bfloat16"), default="float32")
    modes.add_parser("matmul").add_argument("--seconds", type=float, default=0.3)
    arguments = parser.parse_args()
    {"step": run_step, "ddp": run_ddp, "ask": run_ask, "matmul": run_matmul}[arguments.mode](arguments)


if __name__ == "__main__":
    main()
