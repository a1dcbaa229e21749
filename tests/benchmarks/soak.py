#!/usr/bin/env python3
"""Random faults on a cluster of real processes, for hours; see soak.sh."""
import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import chaos

VARIANTS = [
    """name: soak-{i}
data: {{ dataset: dsprites, limit: 2048 }}
model: {{ architecture: mlp, hidden: [{hidden}], latent: 4 }}
training: {{ epochs: {epochs}, batch: 64, shards: 4, seed: {i} }}
checkpoint: {{ everySteps: 50, keep: 4 }}
evaluation: {{ everyEpochs: 0, limit: 256 }}
""".format(i=i, hidden=hidden, epochs=epochs) for i, (hidden, epochs) in enumerate([(32, 40), (64, 30), (96, 20)])
]
SWEEP = """name: soak-sweep
base:
  data: { dataset: dsprites, limit: 1024 }
  model: { architecture: mlp, hidden: [16], latent: 2 }
  training: { epochs: 4, batch: 64, shards: 2, seed: 1 }
  objective: { kind: beta-vae }
space: { objective.beta: [1, 4] }
search: { kind: grid }
objective: elbo
"""
OVER = ("finished", "failed", "stopped")
DISK_BYTES = 768 << 20


class Soak:
    def __init__(self, cluster, chance, expected, disk):
        self.cluster, self.chance, self.expected, self.disk = cluster, chance, expected, disk
        self.runs, self.sweeps, self.faults, self.counts, self.later = {}, set(), [], {}, []

    def note(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def send(self, method, path, body=None, kind="application/yaml"):
        """The answer of the first server that gives one; (0, None) if none does."""
        for silo in self.cluster.servers():
            request = urllib.request.Request(f"http://127.0.0.1:{silo.http}{path}", data=body, method=method)
            if body is not None:
                request.add_header("Content-Type", kind)
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    text = answer.read()
                    return answer.status, json.loads(text) if text else None
            except urllib.error.HTTPError as fault:
                return fault.code, fault.read().decode(errors="replace")[:300]
            except (OSError, ValueError):
                continue
        return 0, None

    def submit(self):
        variant = self.chance.randrange(len(VARIANTS))
        status, answer = self.send("POST", "/api/v1/runs", VARIANTS[variant].encode())
        if status == 201:
            self.runs[answer["id"]] = variant
            self.note("runs submitted")

    def look(self):
        """Checks runs that are over; resumes those that were stopped."""
        for run, variant in list(self.runs.items()):
            status, answer = self.send("GET", f"/api/v1/runs/{run}")
            if status != 200 or answer["state"] not in OVER + ("paused",):
                continue
            if answer["state"] in ("stopped", "paused"):
                if self.send("POST", f"/api/v1/runs/{run}/resume", b"")[0] in (200, 202):
                    self.note("runs resumed")
                continue
            if answer["state"] == "failed":
                # A disk that is full, or a folder that cannot be written, fails a run; it goes on from its checkpoint.
                if self.send("POST", f"/api/v1/runs/{run}/resume", b"")[0] in (200, 202):
                    self.note("failed runs resumed")
                else:
                    self.faults.append(f"{run} failed: {answer.get('error')}")
                    del self.runs[run]
                continue
            self.check(run, variant)
            del self.runs[run]
            if self.chance.random() < 0.3 and self.send("DELETE", f"/api/v1/runs/{run}")[0] in (200, 204):
                self.note("runs deleted")

    def check(self, run, variant):
        folder, expected = self.cluster.runs / run, self.expected[variant]
        result = json.loads((folder / "result.json").read_text())
        if result["weightsSha256"] != expected["weightsSha256"]:
            self.faults.append(f"{run} has other weights")
        steps = [line["step"] for line in map(json.loads, open(folder / "metrics.jsonl")) if line["kind"] == "step"]
        if steps != list(range(1, expected["steps"] + 1)):
            self.faults.append(f"{run} has logged {len(steps)} steps, {len(set(steps))} different ones, of {expected['steps']}")
        self.note("runs finished with the right weights and every step once")

    def act(self):
        kinds = ["kill-silo", "kill-silo", "stop-silo", "kill-database", "cancel", "cancel", "sweep", "damage", "damage"]
        if self.disk:
            kinds += ["full-disk", "read-only"]
        if any(silo.cut for silo in self.cluster.silos):
            kinds.append("cut")
        kind = self.chance.choice(kinds)
        self.note(kind)
        getattr(self, kind.replace("-", "_"))()

    def after(self, seconds, undo):
        self.later.append((time.monotonic() + seconds, undo))

    def undo(self, everything=False):
        due = [entry for entry in self.later if everything or entry[0] <= time.monotonic()]
        self.later = [entry for entry in self.later if entry not in due]
        for _, undo in due:
            undo()

    def kill_silo(self):
        self.chance.choice(self.cluster.silos).send(signal.SIGKILL)

    def stop_silo(self):
        silo = self.chance.choice(self.cluster.silos)
        silo.send(signal.SIGSTOP)
        self.after(self.chance.uniform(1, 15), lambda: silo.send(signal.SIGCONT))

    def kill_database(self):
        if not (self.cluster.database.folder / "postmaster.pid").exists():
            return
        self.cluster.database.kill()
        self.after(self.chance.uniform(2, 20), self.cluster.database.start)

    def cut(self):
        subprocess.run(["ip", "link", "set", "vae-host", "down"], check=True)
        self.after(8, lambda: subprocess.run(["ip", "link", "set", "vae-host", "up"], check=True))

    def full_disk(self):
        filler = self.cluster.runs / ".filler"
        try:
            with open(filler, "wb") as file:
                while True:
                    file.write(bytes(1 << 20))
        except OSError:
            pass
        self.after(self.chance.uniform(2, 10), lambda: filler.unlink(missing_ok=True))

    def read_only(self):
        # Open files keep the mount busy for a remount, so that it may have to be tried on another occasion.
        if subprocess.run(["mount", "-o", "remount,ro", self.cluster.runs], stderr=subprocess.DEVNULL).returncode == 0:
            self.after(self.chance.uniform(2, 10), lambda: subprocess.run(["mount", "-o", "remount,rw", self.cluster.runs], check=True))

    def cancel(self):
        if self.runs:
            self.send("POST", f"/api/v1/runs/{self.chance.choice(sorted(self.runs))}/cancel", b"")

    def sweep(self):
        if len(self.sweeps) < 3:
            status, answer = self.send("POST", "/api/v1/sweeps", SWEEP.encode())
            if status == 201:
                self.sweeps.add(answer["id"])

    def damage(self):
        """Flips a byte of a file of a checkpoint, or cuts it short: never of the only one, which is all that a run has."""
        for run in self.chance.sample(sorted(self.runs), len(self.runs)):
            checkpoints = sorted((self.cluster.runs / run / "checkpoints").glob("step-*"))
            if len(checkpoints) < 2:
                continue
            files = [file for file in self.chance.choice(checkpoints).iterdir() if file.is_file() and file.stat().st_size > 0]
            if not files:
                continue
            file = self.chance.choice(files)
            try:
                data = bytearray(file.read_bytes())
                if self.chance.random() < 0.5:
                    data[self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(8)
                else:
                    del data[self.chance.randrange(len(data)):]
                file.write_bytes(data)
            except OSError:
                pass
            return

    def finish(self, seconds):
        """Everything is well again: what is under way must come to its end."""
        self.undo(everything=True)
        until = time.monotonic() + seconds
        while self.runs or self.sweeps:
            if time.monotonic() > until:
                self.faults.append(f"not over {seconds} s after the last fault: {sorted(self.runs) + sorted(self.sweeps)}")
                return
            self.look()
            for sweep in list(self.sweeps):
                status, answer = self.send("GET", f"/api/v1/sweeps/{sweep}")
                if status == 200 and answer["state"] in ("failed", "stopped", "paused"):
                    self.send("POST", f"/api/v1/sweeps/{sweep}/resume", b"")
                elif status == 200 and answer["state"] == "finished":
                    self.sweeps.discard(sweep)
                    self.note("sweeps finished")
            time.sleep(0.5)


def usage(silo):
    """Megabytes in memory and open files of a silo; None if it has ended."""
    try:
        status = pathlib.Path(f"/proc/{silo.process.pid}/status").read_text()
        kilobytes = int(status.split("VmRSS:")[1].split()[0])
        return kilobytes >> 10, len(os.listdir(f"/proc/{silo.process.pid}/fd"))
    except (OSError, IndexError):
        return None


def leftovers(cluster):
    """What must not be there after everything has stopped."""
    faults = []
    for file in cluster.runs.rglob("*"):
        if file.name.endswith((".tmp", ".new")) or file.name.startswith(".deleted-"):
            faults.append(f"left over: {file.relative_to(cluster.runs)}")
    for silo in cluster.silos:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", silo.http))
            except OSError:
                faults.append(f"port {silo.http} of {silo.name} is still taken")
    query = [str(cluster.database.bin / "psql"), "-h", "127.0.0.1", "-p", str(cluster.database.port), "-U", "vaecluster", "-At", "postgres",
             "-c", "select id || ' ' || state from vaecluster_run where state in ('running', 'queued')"]
    rows = subprocess.run(query, capture_output=True, text=True).stdout.split("\n")
    return faults + [f"a row is left over: {row}" for row in rows if row]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--silo", required=True)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--hours", type=float, required=True)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--cut", action="store_true", help="also disconnect a worker in a network namespace (requires root)")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}, {arguments.hours * 60:.0f} minutes", flush=True)
    chance = random.Random(seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vaecluster-soak-"))
    os.chmod(folder, 0o755)
    expected = []
    for text in VARIANTS:
        shutil.rmtree(folder / "reference", ignore_errors=True)
        expected.append(chaos.reference(arguments.cli, folder, text))
    (folder / "runs").mkdir()
    disk = os.getuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "vaecluster-soak", folder / "runs"], stderr=subprocess.DEVNULL).returncode == 0
    if not disk:
        print("no full disk and no read-only folder: a file system for them cannot be mounted")
    cluster = chaos.Cluster(arguments.silo, folder, arguments.cut)
    soak = Soak(cluster, chance, expected, disk)
    first, last = {}, {}
    try:
        until, next_act = time.monotonic() + arguments.hours * 3600, time.monotonic() + 10
        while time.monotonic() < until and not soak.faults:
            if len(soak.runs) < 2:
                soak.submit()
            soak.look()
            soak.undo()
            if time.monotonic() >= next_act:
                soak.act()
                next_act = time.monotonic() + chance.uniform(3, 15)
            for silo in cluster.silos:
                key = (silo.name, silo.starts)
                if (now := usage(silo)) is not None:
                    first.setdefault(key, (time.monotonic(), now))
                    last[key] = (time.monotonic(), now)
            time.sleep(0.5)
        soak.finish(600)
        cluster.running = False
        for silo in cluster.silos:
            silo.send(signal.SIGTERM)
        for silo in cluster.silos:
            try:
                if silo.process.wait(120) != 0:
                    soak.faults.append(f"{silo.name} ended with {silo.process.returncode}")
            except subprocess.TimeoutExpired:
                soak.faults.append(f"{silo.name} does not end on SIGTERM")
        soak.faults += leftovers(cluster)
    finally:
        cluster.stop()
        if arguments.cut:
            chaos.remove_namespace()
    for what, count in sorted(soak.counts.items()):
        print(f"{count:6} {what}")
    print("silos that lived for a minute or more, from their first minute to their end: MB in memory, open files")
    for key, (began, (memory, files)) in sorted(first.items()):
        ended, (memory_end, files_end) = last[key]
        if ended - began >= 60:
            print(f"  {key[0]:10} {ended - began:6.0f} s  {memory:5} -> {memory_end:5} MB  {files:4} -> {files_end:4} files")
            if files_end > files + 100 or memory_end > memory + 500:
                soak.faults.append(f"{key[0]} has grown to {memory_end} MB and {files_end} files")
    for fault in soak.faults:
        print(f"FAULT {fault}")
    if disk:
        subprocess.run(["umount", "-l", folder / "runs"])
    if soak.faults:
        print(f"seed {seed}; the logs of the silos are in {folder}")
        sys.exit(1)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
