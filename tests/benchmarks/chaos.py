#!/usr/bin/env python3
"""Injects faults at random moments into runs on a cluster of real processes; see chaos.sh."""
import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

# Goals: seconds from a fault to the next completed step, compared with the median of each kind.
GOALS = {
    "kill-worker": 3, "stop-worker": 3, "kill-coordinator": 6, "kill-server": 6, "stop-coordinator": 8, "stop-server": 8, "kill-all": 20,
    "kill-database": 3, "cut-worker": 3,
}
RUN = """name: chaos
data: {{ dataset: dsprites, limit: 4096 }}
model: {{ architecture: mlp, hidden: [64], latent: 6 }}
training: {{ epochs: {epochs}, batch: 64, shards: 4, seed: 11 }}
checkpoint: {{ everySteps: 100 }}
evaluation: {{ everyEpochs: 0, limit: 256 }}
"""
CUT_NAMESPACE, HOST_ADDRESS, CUT_ADDRESS = "vaecluster-cut", "10.213.7.1", "10.213.7.2"


GIVEN = set()


def free_port():
    """A port below the ephemeral range, so that no connection of the silos can take it; never returns a port twice."""
    while True:
        port = random.randint(15000, 30000)
        if port in GIVEN:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                GIVEN.add(port)
                return port
            except OSError:
                continue


class Database:
    """A private PostgreSQL server in a temporary folder."""

    def __init__(self, folder, host):
        self.folder, self.host, self.port = folder / "pg", host, free_port()
        self.bin = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.folder.mkdir(mode=0o700)
        if self.user:
            shutil.chown(self.folder, "postgres")
            for parent in (folder, self.folder):
                os.chmod(parent, 0o755)
        self.run("initdb", "-D", self.folder, "-U", "vaecluster", "--auth=trust", "-E", "UTF8")
        with open(self.folder / "pg_hba.conf", "a") as rules:
            rules.write("host all all 10.213.7.0/24 trust\n")
        self.start()

    def run(self, program, *arguments):
        subprocess.run([*self.user, str(self.bin / program), *map(str, arguments)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd="/")

    def start(self):
        options = f"-p {self.port} -c listen_addresses='*' -c unix_socket_directories='{self.folder}' -c max_connections=200"
        # Processes of a killed server may linger, and a new server refuses to start while they hold the shared memory.
        for attempt in range(20):
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            try:
                return self.run("pg_ctl", "-D", self.folder, "-o", options, "-w", "-l", self.folder / "log", "start")
            except subprocess.CalledProcessError:
                if attempt == 19:
                    raise
                time.sleep(0.5)

    def kill(self):
        if not (self.folder / "postmaster.pid").exists():
            return
        pid = (self.folder / "postmaster.pid").read_text().split()[0]
        children = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True).stdout.split()
        for process in [pid, *children]:
            try:
                os.kill(int(process), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def address(self):
        return f"Host={self.host};Port={self.port};Database=postgres;Username=vaecluster"


class Silo:
    """A silo that the supervisor restarts on new ports, like Kubernetes."""

    def __init__(self, cluster, name, role, cut=False):
        self.cluster, self.name, self.role, self.cut = cluster, name, role, cut
        self.process = None
        self.starts = 0
        self.start()

    def start(self):
        self.starts += 1
        self.http = free_port()
        address = CUT_ADDRESS if self.cut else self.cluster.host
        command = [self.cluster.silo, "run", "--database", self.cluster.database.address(), "--role", self.role, "--name", self.name,
                   "--address", address, "--silo-port", free_port(), "--gateway-port", free_port(), "--tensor-port", free_port(),
                   "--urls", f"http://127.0.0.1:{self.http}", "--runs", self.cluster.runs]
        if self.cut:
            command = ["ip", "netns", "exec", CUT_NAMESPACE, *command]
        self.log = open(self.cluster.folder / f"{self.name}-{self.starts}.log", "w")
        self.process = subprocess.Popen(list(map(str, command)), stdout=self.log, stderr=subprocess.STDOUT)

    def send(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def is_ready(self):
        try:
            if self.cut:
                return self.process.poll() is None
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/health/ready", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def coordinates(self):
        """Whether it runs a coordinator, recognised by the name of a thread."""
        try:
            tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
            return any((task / "comm").read_text().startswith("coordinator") for task in tasks)
        except OSError:
            return False


class Cluster:
    """Three worker silos, two server silos and a database, with a supervisor that restarts silos that have ended."""

    def __init__(self, silo, folder, cut):
        self.silo, self.folder, self.runs = silo, folder, folder / "runs"
        self.host = HOST_ADDRESS if cut else "127.0.0.1"
        if cut:
            make_namespace()
        self.database = Database(folder, self.host)
        subprocess.run([silo, "migrate", "--database", self.database.address()], check=True, stdout=subprocess.DEVNULL)
        self.paused = threading.Event()
        self.silos = [Silo(self, f"server-{i}", "server") for i in range(2)]
        self.silos += [Silo(self, f"worker-{i}", "worker", cut=cut and i == 2) for i in range(3)]
        try:
            self.wait_ready()
        except SystemExit:
            self.stop()
            raise
        self.running = True
        threading.Thread(target=self.supervise, daemon=True).start()

    def supervise(self):
        while self.running:
            for silo in self.silos:
                if not self.paused.is_set() and silo.process.poll() is not None and self.running:
                    silo.start()
            time.sleep(0.5)

    def wait_ready(self, seconds=60):
        until = time.monotonic() + seconds
        while not all(silo.is_ready() for silo in self.silos):
            if time.monotonic() > until:
                raise SystemExit(f"chaos: not ready: {', '.join(silo.name for silo in self.silos if not silo.is_ready())}")
            time.sleep(0.2)

    def servers(self):
        return [silo for silo in self.silos if silo.role == "server"]

    def call(self, path, body=None, timeout=2.0):
        """Calls the first server silo that answers; None if none does."""
        for silo in self.servers():
            if silo.process.poll() is not None:
                continue
            request = urllib.request.Request(f"http://127.0.0.1:{silo.http}{path}", data=body)
            if body is not None:
                request.add_header("Content-Type", "application/yaml")
            try:
                with urllib.request.urlopen(request, timeout=timeout) as answer:
                    return json.load(answer)
            except (OSError, ValueError):
                continue
        return None

    def stop(self):
        self.running = False
        for silo in self.silos:
            silo.send(signal.SIGCONT)
            silo.send(signal.SIGKILL)
        self.database.kill()


def make_namespace():
    remove_namespace()
    for command in (f"ip netns add {CUT_NAMESPACE}", f"ip link add vae-host type veth peer name vae-cut netns {CUT_NAMESPACE}",
                    f"ip addr add {HOST_ADDRESS}/24 dev vae-host", "ip link set vae-host up",
                    f"ip netns exec {CUT_NAMESPACE} ip addr add {CUT_ADDRESS}/24 dev vae-cut",
                    f"ip netns exec {CUT_NAMESPACE} ip link set vae-cut up", f"ip netns exec {CUT_NAMESPACE} ip link set lo up"):
        subprocess.run(command.split(), check=True)


def remove_namespace():
    subprocess.run(["ip", "link", "del", "vae-host"], stderr=subprocess.DEVNULL)
    subprocess.run(["ip", "netns", "del", CUT_NAMESPACE], stderr=subprocess.DEVNULL)


class Watch(threading.Thread):
    """Samples the run's step as reported by the coordinator."""

    def __init__(self, cluster, run):
        super().__init__(daemon=True)
        self.cluster, self.run_id, self.samples, self.state = cluster, run, [], "queued"
        self.start()

    def run(self):
        while self.state not in ("finished", "failed", "stopped"):
            answer = self.cluster.call(f"/api/v1/runs/{self.run_id}", timeout=0.5)
            if answer is not None:
                self.state = answer["state"]
                self.samples.append((time.monotonic(), answer["step"]))
            time.sleep(0.02)

    def recovery(self, fault, seconds):
        """Seconds from a fault to the first progress after the stall it caused; None if there is no progress yet."""
        seen = [sample for sample in self.samples if sample[0] >= fault - 0.5]
        changes = [seen[i] for i in range(1, len(seen)) if seen[i][1] != seen[i - 1][1]]
        # Steps already in progress at the fault do not count as recovery; use the longest pause that begins soon after it.
        times = [fault] + [change[0] for change in changes if change[0] > fault]
        if len(times) < 2 or times[-1] - fault < min(seconds, 2):
            return None
        gaps = [(times[i + 1] - times[i], times[i + 1]) for i in range(len(times) - 1) if times[i] - fault < 1.5]
        return max(gaps)[1] - fault


def inject(cluster, kind, chance):
    """Injects a fault. Returns its time and the later actions that undo it, with their delays."""
    coordinators = [silo for silo in cluster.servers() if silo.coordinates()]
    coordinator = coordinators[0] if coordinators else cluster.servers()[0]
    other = next(silo for silo in cluster.servers() if silo is not coordinator)
    worker = chance.choice([silo for silo in cluster.silos if silo.role == "worker" and not silo.cut])
    now = time.monotonic
    if kind == "kill-database":
        cluster.database.kill()
        made = now()
        return made, [(20, cluster.database.start)]
    if kind == "kill-all":
        cluster.paused.set()
        for silo in cluster.silos:
            silo.send(signal.SIGKILL)
        cluster.database.kill()
        time.sleep(1)
        cluster.database.start()
        for silo in cluster.silos:
            silo.process.wait()
        made = now()  # measured from the restart, which uses new ports
        for silo in cluster.silos:
            silo.start()
        cluster.paused.clear()
        return made, []
    if kind == "cut-worker":
        # The link goes down without either end being notified.
        subprocess.run(["ip", "link", "set", "vae-host", "down"], check=True)
        return now(), [(8, lambda: subprocess.run(["ip", "link", "set", "vae-host", "up"], check=True))]
    target = {"worker": worker, "coordinator": coordinator, "server": other}[kind.split("-")[1]]
    if kind.startswith("stop"):
        target.send(signal.SIGSTOP)
        return now(), [(12, lambda: target.send(signal.SIGCONT))]
    target.send(signal.SIGKILL)
    return now(), []


def reference(cli, folder, text):
    """The same run in one process."""
    path = folder / "reference.yaml"
    path.write_text(text)
    subprocess.run([cli, "train", str(path), "--out", str(folder / "reference")], check=True, stdout=subprocess.DEVNULL)
    return json.loads((folder / "reference" / "result.json").read_text())


def check(cluster, run, expected, watch):
    folder = cluster.runs / run
    if watch.state != "finished":
        return [f"{run} is {watch.state}: {(cluster.call(f'/api/v1/runs/{run}') or {}).get('error')}"]
    faults = []
    result = json.loads((folder / "result.json").read_text())
    if result["weightsSha256"] != expected["weightsSha256"]:
        faults.append(f"{run} has other weights: {result['weightsSha256']}")
    steps = [line["step"] for line in map(json.loads, open(folder / "metrics.jsonl")) if line["kind"] == "step"]
    if steps != list(range(1, expected["steps"] + 1)):
        faults.append(f"{run} has logged {len(steps)} steps, {len(set(steps))} different ones, of {expected['steps']}")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--silo", required=True)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--samples", type=int, default=5, help="number of faults of each kind")
    parser.add_argument("--kinds", default=",".join(kind for kind in GOALS if kind != "cut-worker"))
    parser.add_argument("--epochs", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs of the silos")
    parser.add_argument("--cut", action="store_true", help="also disconnect a worker in a network namespace (requires root)")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    kinds = arguments.kinds.split(",") + (["cut-worker"] if arguments.cut else [])
    left = [kind for kind in kinds for _ in range(arguments.samples)]
    chance.shuffle(left)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vaecluster-chaos-"))
    os.chmod(folder, 0o755)
    text = RUN.format(epochs=arguments.epochs)
    expected = reference(arguments.cli, folder, text)
    print(f"undisturbed, in one process: {expected['steps']} steps in {expected['seconds']:.0f} s, "
          f"weights {expected['weightsSha256'][:16]}…", flush=True)
    cluster = Cluster(arguments.silo, folder, arguments.cut)
    times, faults = {kind: [] for kind in kinds}, []
    try:
        while left:
            answer = cluster.call("/api/v1/runs", text.encode(), timeout=30)
            if answer is None:
                raise SystemExit("chaos: no server silo accepts the run")
            run, undo = answer["id"], []
            watch = Watch(cluster, run)
            while watch.is_alive():
                if not left:
                    watch.join(1)
                    continue
                time.sleep(chance.uniform(1.5, 4))
                if not (watch.samples and watch.samples[-1][1] > 0 and watch.state == "running"):
                    continue
                cluster.wait_ready()
                if expected["steps"] - watch.samples[-1][1] < 600:
                    watch.join()
                    break
                kind = left.pop()
                step = watch.samples[-1][1]
                made, undo = inject(cluster, kind, chance)
                limit = made + 60
                seconds = None
                # A stopped process continues only after the others have recovered without it.
                while time.monotonic() < limit and (seconds is None or any(True for _ in undo)) and watch.is_alive():
                    seconds = watch.recovery(made, 3)
                    for entry in [entry for entry in undo if time.monotonic() - made > entry[0]]:
                        entry[1]()
                        undo.remove(entry)
                    time.sleep(0.05)
                seconds = watch.recovery(made, 0) if watch.is_alive() else seconds
                times[kind].append(seconds)
                print(f"{kind:17} at step {step:6}: " + ("no step for 60 s" if seconds is None else f"{seconds:5.2f} s"), flush=True)
            for entry in undo:
                entry[1]()
            faults += check(cluster, run, expected, watch)
            print(f"{run}: {watch.state}" + ("" if faults else ", the same weights, every step once"), flush=True)
            if faults:
                break
    finally:
        cluster.stop()
        if arguments.cut:
            remove_namespace()
    print(f"\n{'fault':17} {'n':>3} {'median s':>9} {'largest s':>9}  goal s")
    for kind in kinds:
        known = [value for value in times[kind] if value is not None]
        if known:
            goal = GOALS[kind]
            median = statistics.median(known)
            verdict = "" if goal is None else f"{goal}" + ("" if median <= goal else "  MISSED")
            print(f"{kind:17} {len(times[kind]):3} {median:9.2f} {max(known):9.2f}  {verdict}")
        if any(value is None for value in times[kind]):
            faults.append(f"{kind}: no step within 60 s")
    for fault in faults:
        print(f"FAULT {fault}")
    if faults:
        print(f"the logs of the silos are in {folder}")
        sys.exit(1)
    if arguments.keep:
        print(f"the logs of the silos are in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
