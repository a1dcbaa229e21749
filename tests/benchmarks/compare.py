"""Measures and prints tables; started by compare.sh, which finds PyTorch and builds our benchmarks."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
SLOWEST_FAIR_PEER = 50  # GFLOP/s of one core
IDLE_LOAD = 0.3  # running processes, averaged over the last minute
STEPS = {"mlp": 300, "burgess": 30}
QUICK_STEPS = {"mlp": 40, "burgess": 4}
BATCH = {"mlp": 128, "burgess": 64}
TITLE = {"mlp": "MLP 784-400-20, batch 128", "burgess": "Burgess conv 64×64, batch 64"}
GOALS = {("mlp", 1): 1.5, ("mlp", 2): 1.65, ("mlp", "ddp"): 3, ("burgess", 1): 1.7, ("burgess", 2): 2.8, ("burgess", "ddp"): 2}
SHARDS = (1, 2, 4, 8, 16)


class Bench:
    """Runs the two programs and collects their measurements."""

    def __init__(self, options):
        self.ours_dll = options.ours
        self.rounds = 1 if options.quick else 5
        self.steps = QUICK_STEPS if options.quick else STEPS
        self.seconds = "0.06" if options.quick else "0.3"
        self.log = open(pathlib.Path(options.out) / "measurements.jsonl", "w", encoding="utf-8")
        self.medians = {}
        self.allocated = {}
        self.flops = {}

    def call(self, key, command):
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False)
        if run.returncode != 0:
            sys.exit("compare: {} failed:\n{}".format(" ".join(command), (run.stderr or run.stdout).strip()))
        rows = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
        for row in rows:
            self.log.write(json.dumps({"key": [str(part) for part in key], **row}) + "\n")
        self.log.flush()
        return rows

    def ours(self, *words):
        return ["dotnet", self.ours_dll, *map(str, words)]

    def peer(self, *words):
        return [sys.executable, str(HERE / "peer.py"), *map(str, words)]

    def our_step(self, model, threads=1, workers=1, shards=4):
        key = ("ours", model, threads, workers, shards)
        (row,) = self.call(key, self.ours(
            "step", "--model", model, "--batch", BATCH[model], "--shards", shards, "--threads", threads, "--workers", workers,
            "--steps", self.steps[model], "--json"))
        self.medians.setdefault(key, []).append(row["milliseconds"]["median"])
        self.allocated[key] = max(self.allocated.get(key, 0), row["allocatedBytes"])
        self.flops[model] = row["flops"]

    def peer_step(self, model, way):
        mode = ["ddp", "--processes", 2] if way == "ddp" else ["step", "--threads", way]
        (row,) = self.call(("peer", model, way), self.peer(*mode, "--model", model, "--batch", BATCH[model], "--steps", self.steps[model]))
        self.medians.setdefault(("peer", model, way), []).append(row["milliseconds"]["median"])

    def median(self, *key):
        return statistics.median(self.medians[key])


def table(headings, rows):
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    for row in [headings, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
    print(flush=True)


def demand_idle(options):
    load = os.getloadavg()[0]
    if load <= IDLE_LOAD:
        return ""
    warning = "the machine is not idle (load {:.2f}): PyTorch with two threads becomes very slow, the numbers are meaningless".format(load)
    if options.quick or options.busy:
        return "NOT IDLE: " + warning
    sys.exit("compare: {}; wait a minute or use --busy".format(warning))


def products(bench):
    peer = bench.call(("peer", "matmul"), bench.peer("matmul", "--seconds", bench.seconds))
    best = max(row["gigaflopsPerSecond"] for row in peer)
    if best < SLOWEST_FAIR_PEER:
        sys.exit("compare: PyTorch's matrix product reaches {:.0f} GFLOP/s per core, but a fair comparison needs {}: is it linked with "
                 "OpenBLAS (libopenblas0-openmp)?".format(best, SLOWEST_FAIR_PEER))
    head, *ours = bench.call(("ours", "products"), bench.ours("products", "--json", "--seconds", bench.seconds))
    rows, totals = [], {}
    for mine, its in zip(ours, peer):
        assert (mine["workload"], mine["kind"], mine["flops"]) == (its["workload"], its["kind"], its["flops"])
        ratio = mine["gigaflopsPerSecond"] / its["gigaflopsPerSecond"]
        total = totals.setdefault(mine["workload"], [0, 0])
        total[0] += mine["flops"] / mine["gigaflopsPerSecond"]
        total[1] += its["flops"] / its["gigaflopsPerSecond"]
        rows.append([mine["workload"], mine["kind"], "{m}×{n}×{k}".format(**mine), "{:.0f}".format(mine["gigaflopsPerSecond"]),
                     "{:.0f}".format(its["gigaflopsPerSecond"]), "{:.2f}".format(ratio), "0.95"])
    for name, (mine, its) in totals.items():
        rows.append([name, "all of a step", "", "", "", "{:.2f}".format(its / mine), "0.95"])
    print("## Matrix products of a step, one thread, GFLOP/s (fused multiply-adds alone: {:.0f})\n".format(head["peak"]))
    table(["step", "product", "m×n×k", "ours", "peer", "ratio", "goal"], rows)
    return head["peak"] * 1e9


def steps(bench, peak):
    ways = [(1, 1, 1), (2, 2, 1), ("ddp", 2, 2)]
    for _ in range(bench.rounds):
        for model in TITLE:
            for way, threads, workers in ways:
                bench.our_step(model, threads, workers)
                bench.peer_step(model, way)
    names = {1: "1 thread", 2: "2 threads", "ddp": "2 workers; peer: DDP, gloo, 2 processes"}
    rows = []
    for model, title in TITLE.items():
        for way, threads, workers in ways:
            ours, peer = bench.median("ours", model, threads, workers, 4), bench.median("peer", model, way)
            arithmetic = 1000 * bench.flops[model] / (peak * threads)
            rows.append([title + ", " + names[way], "{:.2f}".format(ours), "{:.2f}".format(peer), "{:.2f}".format(peer / ours),
                         "≥ {}".format(GOALS[model, way]), "{:.2f}".format(arithmetic), "{:.0%}".format(arithmetic / ours)])
    print("## A training step, milliseconds, 4 shards (medians of {} rounds)\n".format(bench.rounds))
    table(["work", "ours", "peer", "ratio", "goal", "arithmetic alone", "share"], rows)

    rows = [[title, "{:.2f}".format(bench.median("ours", model, 1, 1, 4)), "{:.2f}".format(bench.median("ours", model, 2, 2, 4)),
             "{:.2f}".format(bench.median("ours", model, 1, 1, 4) / bench.median("ours", model, 2, 2, 4)), "≥ 1.85"]
            for model, title in TITLE.items()]
    print("## Two workers on two cores compared with one on one\n")
    table(["work", "1 on 1, ms", "2 on 2, ms", "speed-up", "goal"], rows)


def price_of_p1(bench):
    for _ in range(bench.rounds):
        for model in TITLE:
            for shards in SHARDS:
                bench.our_step(model, 1, 1, shards)
                if shards > 1:
                    bench.our_step(model, 2, 2, shards)
    for threads, least in ((1, 1), (2, 2)):
        rows = []
        for model, title in TITLE.items():
            base = bench.median("ours", model, threads, threads, least)
            for shards in SHARDS:
                if shards >= least:
                    ours = bench.median("ours", model, threads, threads, shards)
                    rows.append([title, shards, "{:.2f}".format(ours), "{:+.1%}".format(ours / base - 1)])
        print("## The cost of more shards, {} thread{} and worker{}\n".format(threads, *(["s"] * 2 if threads > 1 else ["", ""])))
        table(["work", "shards", "ms", "against {}".format(least)], rows)


def update(bench):
    rows = [[row["what"], row["elements"], row["level"], "{:.2f}".format(row["microseconds"]), "{:.2f}".format(row["copyMicroseconds"]),
             "{:.0%}".format(row["share"]), "≥ 90%"] for row in bench.call(("ours", "update"), bench.ours("update", "--json"))]
    print("## Gradient summation and Adam compared with a copy of the same number of bytes in the same cache, µs\n")
    table(["what", "elements", "of a", "ours", "copy", "share", "goal"], rows)


def allocation(bench):
    rows = [[TITLE[model], threads, workers, shards, "{:.0f}".format(allocated), "0"]
            for (_, model, threads, workers, shards), allocated in bench.allocated.items()]
    print("## Managed memory allocated per step, bytes (maximum over rounds)\n")
    table(["work", "threads", "workers", "shards", "bytes", "goal"], rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ours", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    warning = demand_idle(options)
    print("# VaeCluster and PyTorch, {} cores{}\n".format(cores, ", quick" if options.quick else ""))
    if cores < 2:
        warning = "ONE CORE: rows with two threads are meaningless"
    if warning:
        print(warning + "\n")
    bench = Bench(options)
    peak = products(bench)
    steps(bench, peak)
    price_of_p1(bench)
    update(bench)
    allocation(bench)


if __name__ == "__main__":
    main()
