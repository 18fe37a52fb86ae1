"""The figures of `recurrent serve`: how many streams, requests and tokens a second, and how long they take.

    swift build -c release --traits Server --scratch-path .build-server
    swift build -c release --package-path Benchmarks --product recurrent-load
    python3 Benchmarks/serving.py .build-server/release/recurrent Benchmarks/.build/release/recurrent-load

With `--opponents litserve,mosec,bentoml,mlserver,ray` the same load goes to those servers (Benchmarks/peers/serving_*.py), each with the Python
of `--peers`, which has its packages, onnx and onnxruntime.

Server and load share the machine. An open loop: what is sent is planned, times begin when it was to be sent. Every figure is the median
of --runs; a rate holds where the 99th percentile is within the bound and nothing was refused. Needs nothing but Python.
"""
import argparse
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("recurrent")
parser.add_argument("load")
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--seconds", type=float, default=5)
parser.add_argument("--only", default="", help="figures, such as G2,G4")
parser.add_argument("--text", help="a bundle of a language model of 2 x 256 units (default: one is trained)")
parser.add_argument("--threads", help="threads of the models (default: the server's own)")
parser.add_argument("--json", help="where the figures go; those that are there already and are not measured stay")
parser.add_argument("--opponents", default="", help="others to be measured, such as litserve,mosec")
parser.add_argument("--peers", default=sys.executable, help="the Python that they run in")
arguments = parser.parse_args()
here = pathlib.Path(__file__).resolve().parent
scratch = pathlib.Path(tempfile.mkdtemp())
figures = []


class Loaded:
    def load(self, scenario, model, **options):
        options = {"seconds": arguments.seconds, **options}
        command = [arguments.load, scenario, "--port", str(self.port), "--model", model]
        for name, value in options.items():
            command += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stderr)
        time.sleep(0.5)
        return json.loads(run.stdout)


class Opponent(Loaded):
    """Another server, which is given up with its whole group."""

    def __init__(self, name, layers):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        program = here / "peers" / f"serving_{name}.py"
        own = ["--port", str(self.port), "--wait", "1"] if name == "mosec" else [str(self.port), str(layers)]
        self.process = subprocess.Popen([arguments.peers, str(program), *own], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True, env={**os.environ, "LAYERS": str(layers), "PYTHONDONTWRITEBYTECODE": "1"})
        body = {"inputs": [{"name": "steps", "datatype": "FP32", "shape": [1, 128], "data": [0.0] * 128}]}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/v2/models/layers/infer", json.dumps(body).encode(),
                                         {"content-type": "application/json"})
        for _ in range(240):
            time.sleep(0.5)
            try:
                urllib.request.urlopen(request).read()
                return
            except OSError:
                pass
        sys.exit(f"{name} did not begin")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Server(Loaded):
    def __init__(self, *models, options=()):
        threads = ["--threads", arguments.threads] if arguments.threads else []
        command = [arguments.recurrent, "serve", *models, "--listen", "127.0.0.1:0", *threads, *options]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "listening at" in line:
                self.port = int(line.rsplit(":", 1)[1])
                return
        sys.exit("the server did not begin")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(60)

    def metric(self, name):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics").read().decode()
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.split("{")[0].split(" ")[0] == name)


def save():
    """What was measured so far, beside what was measured before."""
    path = pathlib.Path(arguments.json)
    rows = [{key: value for key, value in row.items() if key != "runs"} for row in figures]
    new = {(row["figure"], row["what"], row.get("server")) for row in rows}
    old = json.loads(path.read_text())["figures"] if path.exists() else []
    rows += [row for row in old if (row["figure"], row["what"], row.get("server")) not in new]
    rows.sort(key=lambda row: (row["figure"], row["what"], row.get("server", "")))
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    result = {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "runs": arguments.runs, "seconds": arguments.seconds,
              "machine": {"processor": cpu, "processors": os.cpu_count()}, "figures": rows}
    path.write_text(json.dumps(result, indent=2) + "\n")


def median(runs, *path):
    def value(run):
        for name in path:
            run = run[name]
        return run
    values = [value(run) for run in runs if value(run) is not None]
    return statistics.median(values) if values else None


def note(name, what, runs, part="answers", **more):
    row = {"figure": name, "what": what, "perSecond": median(runs, "perSecond"), "times": part,
           **{own: median(runs, part, own) for own in ("p50", "p99", "p999")},
           "statuses": runs[-1]["statuses"], "runs": runs, **more}
    figures.append(row)
    if arguments.json:
        save()
    times = "  ".join(f"{own} {row[own]:.3f}" for own in ("p50", "p99", "p999") if row[own] is not None)
    print(f"{name:4} {what:62} {row['perSecond']:>10.0f}/s  {times} ms  {row['statuses']} "
          + " ".join(f"{key} {value}" for key, value in more.items()), flush=True)
    return row


def holds(run, bound):
    return not set(run["statuses"]) - {"200", "101"} and (run["answers"]["p99"] or 1e9) <= bound


def highest(server, bound, low, scenario, model, **options):
    """The highest rate that holds, to a tenth; the runs at it."""
    rate, best, least = low, None, low / 20
    step = 1.6
    while step > 1.05:
        run = server.load(scenario, model, rate=rate, **{**options, "seconds": 2})
        if holds(run, bound):
            best, rate = rate, rate * step
        else:
            if best is None:
                if rate < least:
                    break
                rate /= 2
                continue
            step = step ** 0.5
            rate = best * step
    best = best or rate
    while True:
        runs = [server.load(scenario, model, rate=best, **options) for _ in range(arguments.runs)]
        # what held for a moment need not hold
        if (median(runs, "answers", "p99") or 0) <= bound or best < least:
            return best, runs
        best *= 0.9


def wanted(name):
    return not arguments.only or name in arguments.only.split(",")


layers = scratch / "layers.safetensors"
subprocess.run([sys.executable, here.parent / "Tests/Clients/make_layers.py", layers, "128", "128"], check=True)
text = arguments.text
if not text and any(wanted(name) for name in ("G5", "G6", "G7")):
    text = str(scratch / "text.bundle")
    source = scratch / "text.txt"
    source.write_bytes((here.parent / "Examples/Data/tinyshakespeare.txt").read_bytes()[:60000])
    subprocess.run([arguments.recurrent, "train", "language-model", source, "--hidden", "256", "--layers", "2", "--epochs", "1",
                    "--seed", "1", "--output", text], check=True, stdout=subprocess.DEVNULL)

def compare(server, name):
    """What every opponent can be asked for as well: the forms of G2, G4 and G5 over HTTP with JSON."""
    low = 3000 if name == "recurrent" else 300
    _, runs = highest(server, 10, low, "infer", "layers", connections=1000, sequences=True)
    note("G2", "a step a request, 1,000 connections with a sequence each, JSON", runs, server=name)
    _, runs = highest(server, 10, low, "infer", "layers", connections=64)
    note("G4", "infer over 64 connections, JSON", runs, server=name)


def events(server, name):
    runs = [server.load("events", "text", connections=200, warm=5) for _ in range(arguments.runs)]
    note("G5", "200 event streams, a token an event", runs, part="gaps", server=name)


if any(wanted(name) for name in ("G1", "G2", "G4", "G4'")):
    with Server(layers) as server:
        if wanted("G1"):
            best, runs = highest(server, 20, 4000, "streams", "layers", connections=1000, steps=10)
            note("G1", "streams of 100 steps a second in messages of 10", runs, streams=int(best / 10))
        if wanted("G2"):
            _, runs = highest(server, 10, 10000, "streams", "layers", connections=1000)
            note("G2", "a step a message, 1,000 WebSockets", runs)
        if wanted("G4"):
            for format, flags in (("JSON", {}), ("binary", {"binary": True})):
                _, runs = highest(server, 10, 3000, "infer", "layers", connections=64, **flags)
                note("G4", f"infer over 64 connections, {format}", runs)
        if wanted("G4'"):
            runs = [server.load("infer", "layers", connections=1, rate=500, binary=True) for _ in range(arguments.runs)]
            note("G4'", "infer over one connection, 500 a second, binary", runs)
if wanted("G8"):
    # a step of the network costs more than a request: what is too much is refused by a server that has time for it
    wide = scratch / "wide.safetensors"
    subprocess.run([sys.executable, here.parent / "Tests/Clients/make_layers.py", wide, "128", "512"], check=True)
    with Server(wide, options=["--queue-seconds", "0.1", "--queue-target", "0.005"]) as server:
        many = {"connections": 256, "steps": 8, "binary": True}
        best, own = highest(server, 10, 1000, "infer", "wide", **many)
        before = server.metric("process_resident_memory_bytes")
        runs = [server.load("infer", "wide", rate=2 * best, **many) for _ in range(arguments.runs)]
        grown = (server.metric("process_resident_memory_bytes") - before) / 1e6
        note("G8", "1 x 512, 8 steps a request, twice the bearable rate: accepted", runs, bearable=int(best),
             bearable_p99=median(own, "answers", "p99"))
        note("G8", "1 x 512, 8 steps a request, twice the bearable rate: refused", runs, part="refused", megabytes_more=round(grown, 1))
if wanted("G3"):
    with Server(layers, options=["--max-connections", "10100"]) as server:
        runs = []
        for _ in range(arguments.runs):
            runs.append(server.load("streams", "layers", connections=10000, rate=10000, seconds=max(arguments.seconds, 10), warm=5))
        memory = server.metric("process_resident_memory_bytes") / 1e6
        note("G3", "10,000 open sessions, a step a second each", runs, megabytes=round(memory))
if any(wanted(name) for name in ("G5", "G6")):
    # the load has one prompt, whose state would be kept and not read again
    with Server(f"text={text}", options=["--prefix-bytes", "0"]) as server:
        if wanted("G5"):
            events(server, "recurrent")
            runs = [server.load("text", "text", connections=200, warm=3) for _ in range(arguments.runs)]
            note("G5'", "200 completions of 200 tokens at a time", runs)
        if wanted("G6"):
            full = server.load("text", "text", connections=200, warm=2, tokens=64)["perSecond"]
            runs = [server.load("first", "text", connections=200, tokens=64, rate=full / 64 / 2) for _ in range(arguments.runs)]
            note("G6", "first token of 200 characters at half load", runs, part="first")
if wanted("C"):
    with Server(layers) as server:
        compare(server, "recurrent")
for name in filter(None, arguments.opponents.split(",")):
    with Opponent(name, layers) as server:
        compare(server, name)
        if name != "mlserver":
            events(server, name)
if wanted("G7"):
    with Server(f"text={text}", options=["--session-directory", str(scratch / "sessions")]) as server:
        runs = [server.load("sessions", "text", size=0, rate=50)]
        note("G7", "a session comes back from disk and answers", runs, evicted=int(server.metric("rnn_sessions_evicted_total")))
