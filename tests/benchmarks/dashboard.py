#!/usr/bin/env python3
"""The cost of the dashboard: a server that trains with and without viewers, and a run of a million steps with 200 open streams.

Usage: dashboard.py PROGRAM watch [pairs] [seconds] [threads]   alternates with 20 streams at 1 Hz plus a slider at 10 images/s
                                                                  and without viewers
       dashboard.py PROGRAM large                               1,000,000 logged steps, 200 streams: memory and page load times

PROGRAM is the launcher or the built program. Needs only Python's standard library; memory is measured on Linux.
"""
import http.client, json, os, random, re, shutil, signal, socket, statistics, subprocess, sys, tempfile, threading, time

RUN = """name: watched
data:       { dataset: dsprites, strides: { scale: 2, orientation: 4, x: 2, y: 2 } }
model:      { architecture: mlp, hidden: [400], activation: relu, latent: 10, likelihood: bernoulli }
objective:  { kind: beta-vae, beta: 4 }
training:   { epochs: 100000, batch: 128, shards: %d, optimizer: adam, learningRate: 0.001, seed: 1 }
checkpoint: { everySteps: 1000000, keep: 1 }
evaluation: { everyEpochs: 0 }
"""


class Server:
    def __init__(self, program, runs):
        self.process = subprocess.Popen(
            [*program, "serve", "--runs", runs, "--urls", "http://127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            sys.exit(f"the server did not start: {line}{self.process.stdout.read()}")
        self.port = int(found.group(1))
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def ask(self, method, path, body=None, type="application/yaml", connection=None):
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        own.request(method, path, body, {"Content-Type": type} if body else {})
        answer = own.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {data[:200]}")
        return data

    def json(self, path):
        return json.loads(self.ask("GET", path))

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return {key: int(value) / 1024 for key, value in re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status.read())}

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


class Streams:
    """Viewers that count what they receive. All share one thread, so that they use little processor time themselves."""

    def __init__(self, port, path, number):
        self.bytes = self.events = 0
        self.sockets = []
        for _ in range(number):
            one = socket.create_connection(("127.0.0.1", port))
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            self.sockets.append(one)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.take, daemon=True)
        self.thread.start()

    def take(self):
        import select
        poll = select.poll()
        by = {one.fileno(): one for one in self.sockets}
        for number in by:
            poll.register(number, select.POLLIN)
        while not self.over.is_set():
            for number, _ in poll.poll(200):
                data = by[number].recv(1 << 16)
                self.bytes += len(data)
                self.events += data.count(b"\ndata: ")

    def end(self):
        self.over.set()
        self.thread.join()
        for one in self.sockets:
            one.close()


def slide(server, run, seconds, times):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        z = ",".join(f"{random.uniform(-2, 2):.2f}" for _ in range(10))
        server.ask("GET", f"/api/v1/runs/{run}/decode?z={z}", connection=connection)
        times.append((time.perf_counter() - begun) * 1e3)
        time.sleep(max(0, 0.1 - (time.perf_counter() - begun)))


def step_of(server, run):
    return server.json(f"/api/v1/runs/{run}")["step"], time.perf_counter()


def watch(program, pairs, seconds, threads):
    folder = tempfile.mkdtemp(prefix="vaecluster-")
    server = Server(program, os.path.join(folder, "runs"))
    try:
        # With one thread, the second core is free for the viewers.
        run = json.loads(server.ask("POST", "/api/v1/runs", RUN % (4 if threads > 1 else 1)))["id"]
        while server.json(f"/api/v1/runs/{run}")["step"] < 500:
            time.sleep(0.2)
        alone, watched, times = [], [], []
        for pair in range(pairs):
            for looks in ((False, True) if pair % 2 == 0 else (True, False)):
                streams = Streams(server.port, f"/api/v1/runs/{run}/watch?interval=1", 20) if looks else None
                first, begun = step_of(server, run)
                slide(server, run, seconds, times) if looks else time.sleep(seconds)
                last, ended = step_of(server, run)
                (watched if looks else alone).append((last - first) / (ended - begun))
                if streams:
                    streams.end()
        quiet, busy = statistics.median(alone), statistics.median(watched)
        times.sort()
        print(f"{pairs} pairs of {seconds} s, {threads} training thread(s): {quiet:.1f} steps/s alone, "
              f"{busy:.1f} with 20 streams and a slider: {100 * (1 - busy / quiet):+.1f} % slower")
        print(f"decoding one image during training: median {statistics.median(times):.1f} ms, "
              f"95 % {times[int(len(times) * 0.95)]:.1f} ms, {len(times)} images")
    finally:
        server.end()
        shutil.rmtree(folder)


def large(program):
    steps = 1_000_000
    folder = tempfile.mkdtemp(prefix="vaecluster-")
    run = os.path.join(folder, "runs", "001-large")
    os.makedirs(run)
    with open(os.path.join(run, "run.yaml"), "w") as file:
        file.write(RUN % 1)
    with open(os.path.join(run, "metrics.jsonl"), "w") as file:
        for step in range(1, steps + 1):
            kl = 10 + random.random()
            value = 100 + 500 / step + random.random() * 5 + (1000 if step == 777_777 else 0)
            file.write(
                f'{{"kind":"step","step":{step},"epoch":{step // 1000 + 1},"loss":{value + kl!r},"elbo":{-value - kl!r},'
                f'"reconstruction":{value!r},"kl":{kl!r},'
                f'"beta":1,"learningRate":0.001,"gradientNorm":{random.random() * 30!r},"samplesPerSecond":{random.random() * 1e5:.1f}}}\n')
    print(f"metrics.jsonl: {os.path.getsize(os.path.join(run, 'metrics.jsonl')) / 1e6:.0f} MB")
    server = Server(program, os.path.join(folder, "runs"))
    try:
        address = "/api/v1/runs/001-large"
        print(f"memory at the start {server.memory()['VmRSS']:.0f} MB")

        def timed(what, path):
            begun = time.perf_counter()
            data = server.ask("GET", path)
            print(f"{what}: {(time.perf_counter() - begun) * 1e3:.0f} ms, {len(data) / 1e3:.0f} kB")
            return data

        timed("page", "/")
        for name in ("app.js", "run.js", "charts.js", "style.css"):
            server.ask("GET", f"/assets/{name}")
        timed("run", address)
        curve = json.loads(timed("curve, first time", f"{address}/curve?points=600"))
        lowest = min(point[1] for point in curve["steps"]["elbo"])
        print(f"the spike of step 777,777 is there: {lowest < -1000}; {len(curve['steps']['elbo'])} points")
        timed("curve, again", f"{address}/curve?points=600")
        print(f"memory after the curve {server.memory()['VmRSS']:.0f} MB")
        streams = Streams(server.port, f"{address}/watch?interval=1", 100)
        followers = Streams(server.port, f"{address}/events", 100)
        for _ in range(8):
            time.sleep(1)
        timed("run, with 200 open streams, 100 of which receive every line", address)
        timed("curve, with 200 open streams", f"{address}/curve?points=600")
        memory = server.memory()
        print(f"memory with 200 streams {memory['VmRSS']:.0f} MB, at most {memory['VmHWM']:.0f} MB; "
              f"{followers.events:,} lines and {streams.events} states sent")
        streams.end()
        followers.end()
    finally:
        server.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[2] not in ("watch", "large"):
        sys.exit(__doc__)
    chosen = sys.argv[1].split()
    numbers = [int(text) for text in sys.argv[3:]]
    if sys.argv[2] == "large":
        large(chosen)
    else:
        watch(chosen, *(numbers + [5, 10, 2][len(numbers):]))
