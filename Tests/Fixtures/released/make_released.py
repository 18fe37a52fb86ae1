#!/usr/bin/env python3
"""Makes the files that a released `recurrent` wrote: bundles, checkpoints and states, with what it gave for them.

    python make_released.py RECURRENT [CASE...]

RECURRENT is the executable of the release; these files are those of commit b3aa454. A folder a case:

    bundle/              task.json and the model, of a tiny training
    bundle.checkpoint/   instead of it, a training that was interrupted
    case.json            the commands to run, each with its standard input where it has one ("input"), and with the file
                         that holds the lines it gave ("output") or the arrays ("arrays"), or with the SHA-256 of the
                         model that the finished training has ("model")
    *                    the files that the commands read, and the lines

Only the standard library is used.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))


# Data

def write(name, text):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def table(name, head, rows):
    write(name, "\n".join(",".join(map(str, row)) for row in [head, *rows]) + "\n")


def prose(count, seed):
    words = "the river runs slowly past old stone bridges and every morning a fisherman named Søren counts boats".split()
    draw = random.Random(seed)
    return " ".join(draw.choice(words) + draw.choice(["", "", "", ",", ".\n"]) for _ in range(count)) + "\n"


def waves(count, seed, label):
    """A row a sequence of eight numbers that rise or fall."""
    draw = random.Random(seed)
    return [
        [label(row), *(f"{(0.3 if row % 2 == 0 else -0.3) * step + draw.random():.4f}" for step in range(8))]
        for row in range(count)
    ]


WAVE_HEAD = ["label", *(f"t{step}" for step in range(8))]


def wave_class(row):
    return "up" if row % 2 == 0 else "down"


def reviews(count, seed, label):
    draw = random.Random(seed)
    sides = [["good", "fine", "great"], ["bad", "poor", "dull"]]
    return [
        [label(row), " ".join(draw.choice(sides[row % 2] + ["film", "story", "music", "the"]) for _ in range(6))]
        for row in range(count)
    ]


def sensors(count, seed):
    draw = random.Random(seed)
    rows = []
    for step in range(count):
        a, b = draw.random(), draw.random()
        rows.append([step, f"{a:.4f}", f"{b:.4f}", "left" if a > b else "right"])
    return rows


def pulses(count, seed):
    draw = random.Random(seed)
    signal_rows, events = [], []
    for step in range(count):
        is_peak = step % 37 == 20
        signal_rows.append([step / 50, f"{(3 if is_peak else 0) + 0.2 * draw.random():.4f}"])
        if is_peak:
            events.append([step / 50, "pulse"])
    return signal_rows, events


def sentences(count, seed):
    draw = random.Random(seed)
    kinds = {"D": ["the", "a"], "N": ["river", "boat", "bridge", "morning"], "V": ["runs", "counts", "sings"]}
    lines = []
    for _ in range(count):
        for kind in ["D", "N", "V"] + (["D", "N"] if draw.random() < 0.5 else []):
            lines.append(f"{draw.choice(kinds[kind])} {kind}")
        lines.append("")
    return "\n".join(lines) + "\n"


def load(count, seed, name=None, start=0):
    """Days with a weekly load and a price that is known seven days longer."""
    draw = random.Random(seed)
    rows = []
    for day in range(start, start + count):
        month, date = day // 28 % 12 + 1, day % 28 + 1
        known = [f"{day % 7 + draw.random():.4f}"] if day < start + count - 7 else [""]
        row = [f"{2021 + day // 336}-{month:02}-{date:02}", *known, 1 + day % 3]
        rows.append(([name] if name else []) + row)
    return rows


def sound(pitch, seed):
    """A tenth of a second at 8 kHz, 16 bits."""
    draw = random.Random(seed)
    level = 0
    samples = []
    for step in range(800):
        # a saw tooth needs no library of mathematics, which differs between systems
        level = step * pitch % 8000 / 4000 - 1
        samples.append(int(9000 * level + 1500 * (draw.random() - 0.5)))
    data = struct.pack(f"<{len(samples)}h", *samples)
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16) + b"data" + struct.pack("<I", len(data)) + data


def film(to_right, seed):
    """Four grey frames of eight by eight in which a bright square moves."""
    draw = random.Random(seed)
    data = b"GIF89a" + struct.pack("<HHBBB", 8, 8, 0xF6, 0, 0)
    data += bytes(level * 2 for level in range(128) for _ in range(3))
    for step in range(4):
        left = step + 1 if to_right else 4 - step
        pixels = bytes(
            110 if left <= index % 8 < left + 2 and 3 <= index // 8 < 5 else draw.randrange(20) for index in range(64))
        codes = bytes([128]) + pixels + bytes([129])
        data += bytes([0x21, 0xF9, 4, 0, 8, 0, 0, 0, 0x2C, 0, 0, 0, 0, 8, 0, 8, 0, 0, 7, len(codes)]) + codes + b"\0"
    return data + b"\x3B"


def array(shape, seed):
    """Numbers as the bytes of a file of NumPy's."""
    draw = random.Random(seed)
    count = 1
    for extent in shape:
        count *= extent
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    head += " " * (-(len(head) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + struct.pack(
        f"<{count}f", *(draw.random() * 2 - 1 for _ in range(count)))


def arrays(name, shapes):
    with zipfile.ZipFile(name, "w") as file:
        for index, (entry, shape) in enumerate(shapes.items()):
            file.writestr(zipfile.ZipInfo(entry + ".npy"), array(shape, index))


# Cases

class Case:
    """Runs commands in a folder of its own and keeps what belongs to the case."""

    def __init__(self, recurrent, name):
        self.recurrent, self.name = recurrent, name
        self.steps, self.kept = [], []
        self.folder = tempfile.mkdtemp()
        os.chdir(self.folder)

    def run(self, *words):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("RECURRENT_")}
        result = subprocess.run([self.recurrent, *words], capture_output=True, env=environment)
        if result.returncode != 0:
            sys.exit(f"{self.name}: {' '.join(words)}: {result.stderr.decode()}")
        return result.stdout

    def train(self, *words):
        self.run("train", *words, "-o", "bundle", "--threads", "1")
        self.kept += ["bundle/task.json", "bundle/model.safetensors"]

    def keep(self, *names):
        self.kept += names

    def step(self, output, *words):
        """A command whose lines are kept in `output`."""
        write(output, self.run(*words))
        self.kept.append(output)
        self.steps.append({"arguments": list(words), "output": output})

    def stream(self, lines):
        """The lines of a stream of steps."""
        write("steps.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        with open("steps.jsonl", "rb") as steps:
            words = ["predict", "bundle", "--stream"]
            result = subprocess.run([self.recurrent, *words], stdin=steps, capture_output=True, check=True)
        write("stream.jsonl", result.stdout)
        self.kept += ["steps.jsonl", "stream.jsonl"]
        self.steps.append({"arguments": words, "input": "steps.jsonl", "output": "stream.jsonl"})

    def interrupted(self, data, *words):
        """A training that is interrupted behind a checkpoint, and the model that it has when it is not."""
        command = ["train", *words, "--threads", "1"]
        self.run(*command, "-o", "whole")
        with open("whole/model.safetensors", "rb") as file:
            model = hashlib.sha256(file.read()).hexdigest()
        command += ["-o", "bundle"]
        for _ in range(100):
            with open("log", "wb") as log:
                process = subprocess.Popen(
                    [self.recurrent, *command, "--checkpoint-seconds", "0", "--json"], stdout=log,
                    stderr=subprocess.DEVNULL)
            while process.poll() is None and b'"checkpoint"' not in open("log", "rb").read():
                time.sleep(0.002)
            process.send_signal(signal.SIGINT)
            if process.wait() == 130:
                break
            shutil.rmtree("bundle", ignore_errors=True)
        else:
            sys.exit(f"{self.name}: was never interrupted in time")
        self.kept += ["bundle.checkpoint/checkpoint.safetensors", *data]
        self.steps.append({"arguments": [*command, "--resume"], "model": model})

    def finish(self):
        place = os.path.join(HERE, self.name)
        shutil.rmtree(place, ignore_errors=True)
        for name in dict.fromkeys(self.kept):
            os.makedirs(os.path.dirname(os.path.join(place, name)), exist_ok=True)
            shutil.copyfile(name, os.path.join(place, name))
        with open(os.path.join(place, "case.json"), "w") as file:
            file.write("[\n" + ",\n".join(" " + json.dumps(step) for step in self.steps) + "\n]\n")
        os.chdir(HERE)
        shutil.rmtree(self.folder)


def predicts(case, *data):
    case.step("predictions.jsonl", "predict", "bundle", *data, "--format", "jsonl")


METRICS = [
    "accuracy", "macroF1", "calibrationErrorAfter", "hits", "misses", "falseAlarms", "mae", "rmse", "crps",
    "nats", "perplexity", "tokenCount", "unknownCount",
]


def evaluates(case, *data, output="evaluation.json"):
    """An evaluation, of which the metrics are kept that have a name of their own."""
    case.step(output, "evaluate", "bundle", *data, "--json")
    with open(output) as file:
        found = json.load(file)
    for entry in found.get("entries", [])[:1]:
        found = entry["forecast"]["metrics"]
    kept = {name: found[name] for name in METRICS if name in found}
    kept = {name: value["value"] if isinstance(value, dict) else value for name, value in kept.items()}
    write(output, json.dumps(kept) + "\n")


LANGUAGE = ["--sequence-length", "16", "--batch-size", "4", "--epochs", "2", "--hidden", "6", "--embedding", "4"]


def language_model(case, *words, unit="character"):
    write("text.txt", prose(600, 1))
    write("other.txt", prose(60, 2))
    case.keep("other.txt")
    case.train("language-model", "text.txt", "--unit", unit, *LANGUAGE, *words)
    case.step("text.out", "generate", "bundle", "--prompt", "the river", "--length", "40", "--seed", "7")
    case.step("likeliest.out", "generate", "bundle", "--prompt", "the", "--length", "20", "--temperature", "0")
    evaluates(case, "other.txt")


def language_model_characters(case):
    language_model(case)
    # a text, and a measurement, that go on from states
    case.run("generate", "bundle", "--prompt", "morning", "--length", "20", "--seed", "3", "--save-state", "state")
    case.run("evaluate", "bundle", "other.txt", "--save-state", "read")
    case.keep("state", "read")
    case.step("continued.out", "generate", "bundle", "--length", "40", "--load-state", "state")
    evaluates(case, "other.txt", "--load-state", "read", output="read.json")


def language_model_words(case):
    language_model(case, "--cell", "gru", "--softmax", "adaptive", "--cutoffs", "5,12", "--optimizer", "adamw", unit="word")


def language_model_bpe(case):
    language_model(case, "--vocabulary-size", "280", "--tie-embeddings", "--layers", "2", unit="bpe")


def language_model_bytes(case):
    language_model(case, "--cell", "mlstm", "--heads", "2", unit="byte")


def language_model_options(case):
    language_model(case, "--peepholes", "--layer-norm", "--projection", "5", "--zoneout", "0.1", "--weight-drop", "0.2")


def language_model_checkpoint(case):
    write("text.txt", prose(300, 1))
    case.interrupted(["text.txt"], "language-model", "text.txt", *LANGUAGE, "--epochs", "40", "--dropout", "0.2")


SMALL = ["--epochs", "3", "--hidden", "4", "--batch-size", "8"]


def classification_text(case):
    table("train.csv", ["label", "text"], reviews(40, 1, wave_class))
    table("other.csv", ["label", "text"], reviews(6, 2, wave_class))
    case.keep("other.csv")
    case.train("classification", "train.csv", *SMALL, "--embedding", "4")
    predicts(case, "other.csv")
    evaluates(case, "other.csv")


def classification_series(case):
    table("train.csv", WAVE_HEAD, waves(40, 1, wave_class))
    table("other.csv", WAVE_HEAD, waves(6, 2, wave_class))
    case.keep("other.csv")
    case.train("classification", "train.csv", *SMALL, "--convolutions", "4x3", "--pooling", "attention,max")
    predicts(case, "other.csv")
    evaluates(case, "other.csv")


def classification_steps(case):
    """A row a step, causal, with ranges and balanced classes."""
    for name, count, seed in [("train.csv", 30, 1), ("other.csv", 4, 2)]:
        rows = waves(count, seed, wave_class)
        table(name, ["who", "hour", "level", "ill"], [
            [f"p{number}", hour, row[1 + hour], row[0]]
            for number, row in enumerate(rows) for hour in range(4 + number % 4)])
    case.keep("other.csv")
    case.train(
        "classification", "train.csv", "--id-column", "who", "--time", "hour", "--label-column", "ill", "--causal",
        "--convolutions", "none", "--balance", "--ranges", "4", "--cell", "lstm", *SMALL)
    predicts(case, "other.csv")
    evaluates(case, "other.csv")
    case.stream([0.1, 0.7, {"level": 1.5}, {"reset": True}, [2.5], 3])


def classification_sound(case):
    for index in range(12):
        for kind, pitch in [("low", 200), ("high", 900)]:
            write(f"train/{kind}/{index}.wav", sound(pitch + 10 * index, index))
    for kind, pitch in [("low", 230), ("high", 930)]:
        write(f"other/{kind}/1.wav", sound(pitch, 99))
        case.keep(f"other/{kind}/1.wav")
    case.train("classification", "train", *SMALL, "--bands", "8", "--convolutions", "4x3/2")
    predicts(case, "other/low/1.wav", "other/high/1.wav")
    evaluates(case, "other")


def classification_pictures(case):
    for index in range(12):
        for kind in ["left", "right"]:
            write(f"train/{kind}/{index}.gif", film(kind == "right", index))
    for kind in ["left", "right"]:
        write(f"other/{kind}/1.gif", film(kind == "right", 99))
        case.keep(f"other/{kind}/1.gif")
    case.train("classification", "train", *SMALL, "--picture-convolutions", "4", "--convolutions", "4x3")
    predicts(case, "other/left/1.gif", "other/right/1.gif")
    evaluates(case, "other")


def classification_checkpoint(case):
    table("train.csv", WAVE_HEAD, waves(40, 1, wave_class))
    case.interrupted(
        ["train.csv"], "classification", "train.csv", *SMALL, "--convolutions", "4x3", "--epochs", "100",
        "--dropout", "0.1", "--noise", "0.1")


def tagging_events(case):
    rows, events = pulses(700, 1)
    table("train.csv", ["time_s", "volt"], rows)
    table("train-events.csv", ["time_s", "kind"], events)
    rows, events = pulses(150, 2)
    table("other.csv", ["time_s", "volt"], rows)
    table("other-events.csv", ["time_s", "kind"], events)
    case.keep("other.csv", "other-events.csv")
    case.train(
        "tagging", "train.csv", "--events", "train-events.csv", "--causal", *SMALL, "--convolutions", "4x3",
        "--epochs", "60", "--learning-rate", "0.01", "--window-seconds", "1.5")
    predicts(case, "other.csv")
    evaluates(case, "other.csv", "--events", "other-events.csv")


def tagging_labels(case):
    table("train.csv", ["step", "a", "b", "move"], sensors(200, 1))
    table("other.csv", ["step", "a", "b", "move"], sensors(30, 2))
    case.keep("other.csv")
    case.train("tagging", "train.csv", *SMALL, "--convolutions", "4x3")
    predicts(case, "other.csv")
    evaluates(case, "other.csv")


def tagging_causal(case):
    table("train.csv", ["step", "a", "b", "move"], sensors(200, 1))
    table("other.csv", ["step", "a", "b", "move"], sensors(12, 2))
    case.keep("other.csv")
    case.train("tagging", "train.csv", *SMALL, "--convolutions", "4x3", "--causal")
    predicts(case, "other.csv")
    case.stream([{"a": float(row[1]), "b": float(row[2])} for row in sensors(12, 2)])


def tagging_crf(case):
    table("train.csv", ["step", "a", "b", "move"], sensors(200, 1))
    table("other.csv", ["step", "a", "b", "move"], sensors(30, 2))
    case.keep("other.csv")
    case.train("tagging", "train.csv", *SMALL, "--crf", "--convolutions", "none")
    predicts(case, "other.csv")
    evaluates(case, "other.csv")


def tagging_words(case):
    write("train.conll", sentences(60, 1))
    write("other.conll", sentences(4, 2))
    case.keep("other.conll")
    case.train("tagging", "train.conll", *SMALL, "--embedding", "4", "--crf")
    predicts(case, "other.conll")
    evaluates(case, "other.conll")


def tagging_checkpoint(case):
    table("train.csv", ["step", "a", "b", "move"], sensors(200, 1))
    case.interrupted(["train.csv"], "tagging", "train.csv", *SMALL, "--convolutions", "4x3", "--epochs", "100")


def tagging_words_checkpoint(case):
    write("train.conll", sentences(60, 1))
    case.interrupted(["train.conll"], "tagging", "train.conll", *SMALL, "--embedding", "4", "--epochs", "100")


LOAD = ["date", "y", "price"]


def forecasting_segments(case):
    table("train.csv", LOAD, load(220, 1))
    table("other.csv", LOAD, load(60, 2, start=220))
    case.keep("other.csv")
    case.train(
        "forecasting", "train.csv", "--time", "date", "--target", "y", "--known", "price", "--horizon", "4",
        "--look-back", "12", *SMALL)
    predicts(case, "other.csv")
    evaluates(case, "other.csv")
    case.stream([{"date": row[0], "y": float(row[1]), "price": row[2]} for row in load(30, 3, start=220)[:23]])


def forecasting_autoregressive(case):
    head = ["shop", *LOAD]
    table("train.csv", head, load(150, 1, "a") + load(150, 2, "b"))
    table("other.csv", head, load(60, 3, "a", start=150) + load(60, 4, "b", start=150))
    case.keep("other.csv")
    case.train(
        "forecasting", "train.csv", "--time", "date", "--target", "y", "--id-column", "shop", "--known", "price",
        "--kind", "autoregressive", "--distribution", "student-t", "--horizon", "3", "--look-back", "12", *SMALL)
    predicts(case, "other.csv")
    evaluates(case, "other.csv")


def forecasting_checkpoint(case):
    table("train.csv", LOAD, load(150, 1))
    case.interrupted(
        ["train.csv"], "forecasting", "train.csv", "--time", "date", "--target", "y", "--horizon", "4",
        "--look-back", "12", *SMALL, "--epochs", "100")


def regression_series(case):
    def number(row):
        return 2 * (row % 2) - 0.5
    table("train.csv", WAVE_HEAD, waves(40, 1, number))
    table("other.csv", WAVE_HEAD, waves(6, 2, number))
    case.keep("other.csv")
    case.train("regression", "train.csv", *SMALL)
    predicts(case, "other.csv")
    evaluates(case, "other.csv")


def regression_text(case):
    table("train.csv", ["stars", "text"], reviews(40, 1, lambda row: 1 + 3 * (row % 2)))
    table("other.csv", ["stars", "text"], reviews(6, 2, lambda row: 1 + 3 * (row % 2)))
    case.keep("other.csv")
    case.train("regression", "train.csv", *SMALL, "--target-column", "stars")
    predicts(case, "other.csv")
    evaluates(case, "other.csv")


def regression_checkpoint(case):
    table("train.csv", WAVE_HEAD, waves(40, 1, lambda row: 2 * (row % 2) - 0.5))
    case.interrupted(["train.csv"], "regression", "train.csv", *SMALL, "--epochs", "100", "--average", "0.9")


def imported_layers(case):
    shutil.copyfile(os.path.join(HERE, "..", "state_dict.pt"), "state_dict.pt")
    write("x.npy", array([5, 2, 3], 1))
    write("more.npy", array([4, 2, 3], 2))
    case.run("import", "state_dict.pt", "-o", "bundle")
    case.keep("bundle/task.json", "bundle/model.safetensors", "x.npy", "more.npy")
    case.run("apply", "bundle", "--input", "x.npy", "-o", "y.safetensors", "--save-state", "state")
    case.run("apply", "bundle", "--input", "more.npy", "--load-state", "state", "-o", "z.safetensors")
    case.keep("state", "y.safetensors", "z.safetensors")
    case.steps += [
        {"arguments": ["apply", "bundle", "--input", "x.npy", "-o", "new.safetensors"], "arrays": "y.safetensors"},
        {"arguments": ["apply", "bundle", "--input", "more.npy", "--load-state", "state", "-o", "new.safetensors"],
         "arrays": "z.safetensors"}]


def imported_graph(case):
    shutil.copyfile(os.path.join(HERE, "..", "lstm_peepholes.onnx"), "model.onnx")
    case.run("import", "model.onnx", "-o", "bundle")
    arrays("x.npz", {"X": [5, 2, 4], "h": [1, 2, 6], "c": [1, 2, 6]})
    case.keep("bundle/task.json", "bundle/model.onnx", "x.npz")
    case.run("apply", "bundle", "--input", "x.npz", "-o", "y.safetensors")
    case.keep("y.safetensors")
    case.steps.append(
        {"arguments": ["apply", "bundle", "--input", "x.npz", "-o", "new.safetensors"], "arrays": "y.safetensors"})


CASES = [
    language_model_characters, language_model_words, language_model_bpe, language_model_bytes, language_model_options,
    language_model_checkpoint, classification_text, classification_series, classification_steps, classification_sound,
    classification_pictures, classification_checkpoint, tagging_events, tagging_labels, tagging_causal, tagging_crf, tagging_words,
    tagging_checkpoint, tagging_words_checkpoint, forecasting_segments, forecasting_autoregressive, forecasting_checkpoint, regression_series,
    regression_text, regression_checkpoint, imported_layers, imported_graph,
]


if __name__ == "__main__":
    recurrent = os.path.abspath(sys.argv[1])
    for make in CASES:
        name = make.__name__.replace("_", "-")
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        case = Case(recurrent, name)
        make(case)
        case.finish()
        print(name)
