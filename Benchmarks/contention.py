#!/usr/bin/env python3
"""Times whole commands of `recurrent` alone and beside other processes, with more and fewer threads.

    swift build -c release
    python3 Benchmarks/contention.py --recurrent .build/release/recurrent --json contention.json

runs every problem of Benchmarks/problems/contention.txt in six situations (alone; beside one and two processes that do
nothing but count; in a control group with the time of one processor; pinned to one processor; eight of the same command at
once, timed until the last has ended) with 1, 2, 4 and 8 threads asked for. Everybody has a turn in each round; the figure is
the median. --baseline compares with another binary, in the same rounds. Linux only; needs no packages. The quota needs a
cgroup file system that may be written.

"of one" is the speed relative to one thread in the same situation. "of fair" is the speed relative to what a fair scheduler
would allow: m threads beside k busy processes on p processors get the share min(1, p / (m + k)) of a processor each, so the
fair speed is the speed of m threads alone times that; under a quota of one processor and on one processor it is the
speed of one thread alone. Each of n commands at once gets the share min(1, p / (n m)) of its own. m is what is asked for, at
most p.

A run during which other programs used more than a tenth of a processor was not one on a quiet machine: it is made again,
whatever its time, at most five times. How many these were is said and kept with all times in the file.
"""

import argparse
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time

SITUATIONS = ["alone", "one busy", "two busy", "quota", "pinned", "eight jobs"]
BUSY = {"one busy": 1, "two busy": 2}
JOBS = {"eight jobs": 8}
QUIET = 0.1  # processors of others during a run
TRIES = 5


class Problem:
    def __init__(self, line, number, path):
        words = line.split()
        self.kind, self.name = words[0], " ".join(words)
        self.settings = {"cell": "lstm", "hidden": "64", "batch": "16", "length": "64", "characters": "30000"}
        for word in words[1:]:
            key, _, value = word.partition("=")
            if key not in self.settings or not value:
                sys.exit(f"{path}:{number}: expected one of {', '.join(self.settings)} and =, found {word}")
            self.settings[key] = value
        if self.kind not in ("evaluate", "train"):
            sys.exit(f"{path}:{number}: expected evaluate or train, found {self.kind}")

    def prepare(self, binary, text, folder):
        """Writes what the command reads; returns the command without --threads."""
        s = self.settings
        data = os.path.join(folder, "data.txt")
        with open(data, "w", encoding="utf-8") as file:
            file.write(text[: int(s["characters"])])
        train = [
            "train", "language-model", data, "--cell", s["cell"], "--hidden", s["hidden"], "--embedding", "32",
            "--batch-size", s["batch"], "--sequence-length", s["length"], "--epochs", "1", "--seed", "1", "--json",
        ]
        bundle = os.path.join(folder, "model.bundle")
        if self.kind == "train":
            return train + ["--output", bundle, "--overwrite"]
        call([binary] + train + ["--output", bundle, "--threads", "1"], None)
        return ["evaluate", bundle, data, "--json"]


def call(command, situation, group=None):
    """Runs a command, or several of it at once with an output of each; returns the seconds until all have ended."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RECURRENT_")}

    def enter():
        if situation == "pinned":
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        if group:
            group.enter()

    begin = time.monotonic()
    jobs = [
        subprocess.Popen(
            [f"{word}.{job}" if job and before == "--output" else word for before, word in zip([""] + command, command)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=enter)
        for job in range(JOBS.get(situation, 1))
    ]
    errors = [job.communicate()[1] for job in jobs]
    seconds = time.monotonic() - begin
    for job, error in zip(jobs, errors):
        if job.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit code {job.returncode}: {error}")
    return seconds


class Quota:
    """A control group with the time of one processor; `error` says why there is none."""

    def __init__(self):
        self.folder, self.error = None, None
        for base, files in [
            ("/sys/fs/cgroup/cpu", {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "100000"}),
            ("/sys/fs/cgroup", {"cpu.max": "100000 100000"}),
        ]:
            folder = f"{base}/recurrent-benchmark-{os.getpid()}"
            try:
                os.mkdir(folder)
                self.folder = folder
                for name, value in files.items():
                    with open(f"{folder}/{name}", "w") as file:
                        file.write(value)
                return
            except OSError as error:
                self.error = str(error)
                self.close()

    def enter(self):
        with open(f"{self.folder}/cgroup.procs", "w") as file:
            file.write(str(os.getpid()))

    def close(self):
        if self.folder:
            try:
                os.rmdir(self.folder)
            except OSError:
                pass
            self.folder = None


class Busy:
    """Processes that do nothing but count."""

    def __init__(self, count):
        self.processes = [subprocess.Popen(["/bin/sh", "-c", "while :; do :; done"]) for _ in range(count)]
        if count:
            time.sleep(0.3)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait()


def processor_seconds(pids):
    """Seconds of processors that all programs have used, without these processes and without ended children."""
    tick = os.sysconf("SC_CLK_TCK")
    with open("/proc/stat", encoding="ascii") as file:
        seconds = sum(int(word) for word in file.readline().split()[1:4]) / tick
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            words = file.read().rpartition(")")[2].split()
        seconds -= (int(words[11]) + int(words[12])) / tick
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds - own.ru_utime - own.ru_stime


def quiet_call(command, situation, group, busy, counts):
    """Runs a command until nobody else uses a tenth of a processor meanwhile, whatever its time; returns the seconds."""
    pids = [process.pid for process in busy.processes]
    for _ in range(TRIES):
        before = processor_seconds(pids)
        seconds = call(command, situation, group)
        counts["runs"] += 1
        if processor_seconds(pids) - before < QUIET * seconds:
            return seconds
        counts["disturbed"] += 1
        time.sleep(2)
    counts["kept"] += 1
    return seconds


def measure(problem, binaries, threads, situations, rounds, text, quota):
    seconds, counts = {}, {"runs": 0, "disturbed": 0, "kept": 0}
    with tempfile.TemporaryDirectory() as folder:
        command = problem.prepare(next(iter(binaries.values())), text, folder)
        for situation in situations:
            if situation == "quota" and quota.folder is None:
                continue
            with Busy(BUSY.get(situation, 0)) as busy:
                for turn in range(rounds):
                    order = [(name, count) for name in binaries for count in threads]
                    for name, count in order[turn % len(order):] + order[: turn % len(order)]:
                        took = quiet_call(
                            [binaries[name]] + command + ["--threads", str(count)], situation,
                            quota if situation == "quota" else None, busy, counts)
                        seconds.setdefault((name, situation, count), []).append(took)
    return seconds, counts


def fair_seconds(medians, name, situation, count, processors):
    """Seconds at the speed that a fair scheduler would allow; None where alone was not measured."""
    members = min(count, processors)
    if situation in ("quota", "pinned"):
        return medians.get((name, "alone", 1))
    alone = medians.get((name, "alone", count))
    wanted = members * JOBS.get(situation, 1) + BUSY.get(situation, 0)
    return alone and alone / min(1, processors / wanted)


def table(problem, medians, names, threads, situations, processors):
    lines = [f"**{problem}**", "", "| situation | threads | " + " | ".join(
        f"{name} s | of one | of fair" for name in names) + " |"]
    lines.append("| --- | ---: |" + " ---: | ---: | ---: |" * len(names))
    for situation in situations:
        for count in threads:
            cells = []
            for name in names:
                took = medians.get((name, situation, count))
                if took is None:
                    continue
                one, fair = medians.get((name, situation, 1)), fair_seconds(medians, name, situation, count, processors)
                cells.append(f"{took:.3f} | {one / took:.2f} | {fair / took:.2f}" if one and fair else f"{took:.3f} | |")
            if cells:
                lines.append(f"| {situation} | {count} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recurrent", default=".build/release/recurrent")
    parser.add_argument("--baseline", help="another binary, timed in the same rounds")
    parser.add_argument("--problems", default="Benchmarks/problems/contention.txt")
    parser.add_argument("--text", default="Examples/Data/tinyshakespeare.txt")
    parser.add_argument("--only", default="", help="problems whose line contains this")
    parser.add_argument("--situations", default=",".join(SITUATIONS))
    parser.add_argument("--threads", default="1,2,4,8")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", help="add all times to this file")
    options = parser.parse_args()
    with open(options.problems, encoding="utf-8") as file:
        lines = [(i, line.partition("#")[0].strip()) for i, line in enumerate(file, 1)]
    problems = [Problem(line, i, options.problems) for i, line in lines if line and options.only in line]
    threads = [int(word) for word in options.threads.split(",")]
    situations = [word for word in SITUATIONS if word in options.situations.split(",")]
    binaries = {"now": os.path.abspath(options.recurrent)}
    if options.baseline:
        binaries["before"] = os.path.abspath(options.baseline)
    with open(options.text, encoding="utf-8") as file:
        text = file.read()
    processors = len(os.sched_getaffinity(0))
    results = []
    if options.json and os.path.exists(options.json):
        with open(options.json) as file:
            results = json.load(file)["rows"]
    quota = Quota() if "quota" in situations else None
    if quota and quota.error and quota.folder is None:
        print(f"quota: skipped, {quota.error}", file=sys.stderr)
    try:
        for problem in problems:
            seconds, counts = measure(problem, binaries, threads, situations, options.repeat, text, quota)
            medians = {key: statistics.median(values) for key, values in seconds.items()}
            print(
                f"{problem.name}: {counts['runs']} runs, {counts['disturbed']} disturbed by others, {counts['kept']} "
                f"of these kept after {TRIES} tries", file=sys.stderr, flush=True)
            print(table(problem.name, medians, list(binaries), threads, situations, processors), "\n", flush=True)
            results = [row for row in results if row["problem"] != problem.name]
            results += [
                {
                    "problem": problem.name, "binary": name, "situation": situation, "threads": count,
                    "seconds": values, "median": medians[name, situation, count], "counts": counts,
                }
                for (name, situation, count), values in seconds.items()
            ]
            if options.json:
                with open(options.json, "w") as file:
                    json.dump({"processors": processors, "rounds": options.repeat, "rows": results}, file, indent=1)
    finally:
        if quota:
            quota.close()


main()
