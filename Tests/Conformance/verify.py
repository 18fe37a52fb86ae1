"""Checks that files written here are read by others, and writes Documentation/verification.md.

    swift build -c release --product recurrent
    python Tests/Conformance/verify.py --recurrent .build/release/recurrent

For every cell a small language model is trained, exported in all ways and run in ONNX Runtime beside the model itself, each
file after onnx.checker's full check; so are small models of the other tasks. Then the others: safetensors.torch, numpy,
TensorBoard's own reader. Needs the packages pinned in Benchmarks/requirements.txt, and tensorboard.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import safetensors
import torch
from safetensors.torch import load_file
from tensorboard import version as tensorboard_version
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

ROOT = Path(__file__).resolve().parents[2]
CELLS = {
  "lstm": [],
  "lstm, peepholes": ["--peepholes"],
  "lstm, coupled gates": ["--coupled-gates"],
  "lstm, layer normalisation": ["--layer-norm"],
  "lstm, projection": ["--projection", "8"],
  "lstm, cell clip": ["--cell-clip", "1"],
  "lstm, zoneout": ["--zoneout", "0.1"],
  "gru": ["--cell", "gru"],
  "gru, reset before": ["--cell", "gru-reset-before"],
  "elman": ["--cell", "elman"],
  "elman, softsign": ["--cell", "elman", "--activation", "softsign"],
  "min-gru": ["--cell", "min-gru"],
  "min-lstm": ["--cell", "min-lstm"],
  "indrnn": ["--cell", "indrnn"],
  "sru": ["--cell", "sru"],
  "qrnn": ["--cell", "qrnn"],
  "slstm": ["--cell", "slstm"],
  "mlstm": ["--cell", "mlstm"],
  "lstm, tied embeddings": ["--tie-embeddings"],
  "lstm, adaptive softmax": ["--softmax", "adaptive", "--cutoffs", "10,30"],
}
WAYS = {"whole": [], "streaming": ["--streaming"], "ragged": ["--lengths"], "both": ["--streaming", "--lengths"]}
MOST = 1e-5
# Small models of the other tasks: what is trained, and which ways there are.
CAUSAL, BOTH_DIRECTIONS, RAGGED = ["whole", "streaming", "ragged"], ["whole", "ragged"], list(WAYS)
LOAD = ["forecasting", "load.csv", "--time", "date", "--horizon", "5", "--look-back", "24"]
TASKS = {
  "classification of texts": (["classification", "reviews.csv"], BOTH_DIRECTIONS),
  "classification of texts, causal": (["classification", "reviews.csv", "--causal"], CAUSAL),
  "classification of sound": (["classification", "sound.csv"], BOTH_DIRECTIONS),
  "tagging of numbers with gaps, causal": (["tagging", "sensors.csv", "--id-column", "name", "--causal"], CAUSAL),
  "tagging of words, CRF": (["tagging", "words.conll", "--crf"], BOTH_DIRECTIONS),
  "regression": (["regression", "slopes.jsonl", "--target-column", "label"], BOTH_DIRECTIONS),
  "sequence regression, two targets, causal": (
    ["sequence-regression", "load.csv", "--time", "date", "--target", "y,z", "--causal"], RAGGED),
  "transcription of strokes": (["transcription", "lines.jsonl"], BOTH_DIRECTIONS),
  "transcription of sound, causal": (["transcription", "sounds.csv", "--causal"], CAUSAL),
  "forecasting, quantiles": ([*LOAD, "--target", "y,z", "--known", "price"], BOTH_DIRECTIONS),
  "forecasting, student-t": ([*LOAD, "--target", "y", "--distribution", "student-t"], BOTH_DIRECTIONS),
  "forecasting, autoregressive": ([*LOAD[:-2], "--target", "y", "--kind", "autoregressive"], RAGGED),
}


def main() -> int:
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--recurrent", default=str(ROOT / ".build/release/recurrent"))
  arguments = parser.parse_args()
  scratch = Path(tempfile.mkdtemp())

  def recurrent(*words: str) -> str:
    command = [str(Path(arguments.recurrent).resolve()), *words]
    return subprocess.run(command, cwd=scratch, check=True, capture_output=True, text=True).stdout

  text = (ROOT / "Examples/Data/tinyshakespeare.txt").read_text()[:20000]
  (scratch / "text.txt").write_text(text)
  largest = 0.0
  rows = []
  for name, flags in CELLS.items():
    recurrent("train", "language-model", "text.txt", "--output", "m.bundle", "--overwrite", "--hidden", "16", "--layers", "2",
              "--epochs", "1", "--tensorboard", "logs", *flags)
    row = []
    for way in WAYS.values():
      line = json.loads(recurrent("export", "m.bundle", "--output", "m.onnx", "--json", "--verify-with", "onnxruntime",
                                  "--python", sys.executable, *way))
      onnx.checker.check_model(str(scratch / "m.onnx"), full_check=True)
      row.append(max(line["difference"], line["onnxRuntimeDifference"]))
    largest = max(largest, *row)
    operators = sorted({node.op_type for node in onnx.load(scratch / "m.onnx").graph.node} & {"RNN", "GRU", "LSTM", "Scan"})
    rows.append(f"| {name} | {', '.join(operators)} | " + " | ".join(f"{value:.1e}" for value in row) + " |")
    recurrent("export", "m.bundle", "--output", "m.safetensors")
    tensors = load_file(scratch / "m.safetensors")
    assert tensors and all(torch.isfinite(value).all() for value in tensors.values())

  write_data(scratch)
  task_rows = []
  for name, (words, ways) in TASKS.items():
    recurrent("train", *words, "--output", "t.bundle", "--overwrite", "--hidden", "8", "--epochs", "1")
    row = ["" for _ in WAYS]
    for place, (way, flags) in enumerate(WAYS.items()):
      if way in ways:
        line = json.loads(recurrent("export", "t.bundle", "--output", "t.onnx", "--json", "--verify-with", "onnxruntime",
                                    "--python", sys.executable, *flags))
        onnx.checker.check_model(str(scratch / "t.onnx"), full_check=True)
        value = max(line["difference"], line["onnxRuntimeDifference"])
        largest, row[place] = max(largest, value), f"{value:.1e}"
    task_rows.append(f"| {name} | " + " | ".join(row) + " |")

  # an LSTM of PyTorch through a .pt file, its results through .npz
  torch.manual_seed(1)
  module = torch.nn.LSTM(3, 4, 2, bidirectional=True)
  torch.save(module.state_dict(), scratch / "lstm.pt")
  x = torch.randn(7, 2, 3)
  np.save(scratch / "x.npy", x.numpy())
  recurrent("apply", "lstm.pt", "--input", "x.npy", "--output", "y.npz")
  found = np.load(scratch / "y.npz")
  output, (h, c) = module(x)
  applied = max(float(np.abs(found[k] - v.detach().numpy()).max()) for k, v in {"output": output, "h_n": h, "c_n": c}.items())
  recurrent("apply", "lstm.pt", "--input", "x.npy", "--output", "y.npy")
  assert np.array_equal(np.load(scratch / "y.npy"), found["output"])

  events = EventAccumulator(str(scratch / "logs"), size_guidance={"histograms": 0, "scalars": 0, "tensors": 0})
  events.Reload()
  tags = events.Tags()
  assert "loss/training" in tags["scalars"] and "weights/decoder.weight" in tags["histograms"], tags
  assert "gradients/decoder.weight" in tags["histograms"] and "sample/text_summary" in tags["tensors"], tags

  versions = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__, "torch": torch.__version__,
              "safetensors": safetensors.__version__, "numpy": np.__version__, "tensorboard": tensorboard_version.VERSION}
  table = "\n".join(rows)
  conformance = conformance_table()
  (ROOT / "Documentation/verification.md").write_text(f"""# Files that others read, models that others run

Written by `Tests/Conformance/verify.py`, with {', '.join(f'{k} {v}' for k, v in versions.items())}.

## Exports

Language models of two layers of 16 units, exported to ONNX in four ways: whole sequences, with states in and out
(`--streaming`), with lengths (`--lengths`), with both. The largest difference of an output, logits or states, from the
model's own on random ragged inputs, in our graph and in ONNX Runtime, whichever is larger. Every file passes onnx.checker's
full check.

| model | as | whole | streaming | ragged | both |
|---|---|---:|---:|---:|---:|
{table}

Models of the other tasks of 8 units, with their features in the graph; numbers above 1 are compared by shares.

| model | whole | streaming | ragged | both |
|---|---:|---:|---:|---:|
{chr(10).join(task_rows)}

## Others

- A bidirectional LSTM of two layers, saved by `torch.save`, applied here: {applied:.1e} from PyTorch.
- Parameters exported to safetensors are read by `safetensors.torch`, results by `numpy.load`.
- Scalars, histograms of weights and gradients, and samples of a training are read by TensorBoard.

{conformance}""")
  print(f"largest difference {largest:.1e}, applied {applied:.1e}")
  return 0 if max(largest, applied) < MOST else 1


def write_data(folder: Path) -> None:
  """Small files for each task."""
  random = np.random.default_rng(1)
  words = ["good", "fine", "bad", "poor", "film", "story", "music", "the"]

  def rows(name: str, head: str, lines: list[str]) -> None:
    (folder / name).write_text("".join(line + "\n" for line in [head, *lines] if line))

  rows("reviews.csv", "text,label",
       [" ".join([words[i % 2 * 2], *random.choice(words[4:], 1 + i % 7)]) + f",{['pos', 'neg'][i % 2]}" for i in range(80)])
  rows("sensors.csv", "name,a,b,label",
       [f"s{i},{'' if random.random() < 0.1 else round(random.random(), 3)},{t % 3},{['lo', 'hi'][(i + t) % 5 // 3]}"
        for i in range(20) for t in range(5 + i % 9)])
  (folder / "words.conll").write_text("".join(
    "".join(f"{word} {'N' if word in ('film', 'music') else 'O'}\n" for word in random.choice(words, 3 + i % 6)) + "\n"
    for i in range(40)))
  rows("slopes.jsonl", "",
       [json.dumps({"values": [[i % 5 * t + random.random(), t % 2] for t in range(5 + i % 8)], "label": i % 5})
        for i in range(80)])
  rows("load.csv", "date,y,z,price",
       [f"{np.datetime64('2020-01-01') + day},{'' if day % 17 == 3 else round(50000 + 300 * np.sin(day / 3), 2)},"
        f"{round(10 * np.cos(day / 5), 3)},{day % 7}" for day in range(330)])
  for i in range(24):
    steps = np.arange(2000 + 100 * i)
    samples = 8000 * np.sin(steps * (0.2 + 0.3 * (i % 2))) + 500 * random.normal(size=len(steps))
    with wave.open(str(folder / f"{i}.wav"), "wb") as file:
      file.setparams((1, 2, 8000, len(steps), "NONE", ""))
      file.writeframes(samples.astype("<i2").tobytes())
  rows("sound.csv", "file,label", [f"{i}.wav,{'ab'[i % 2]}" for i in range(24)])
  rows("sounds.csv", "file,text", [f"{i}.wav,{'ab'[i % 2]}" for i in range(24)])
  rows("lines.jsonl", "",
       [json.dumps({"text": "lv"[i % 2], "strokes": [[[t, (1 - 2 * (i % 2)) * 3 * t] for t in range(8)]]}) for i in range(24)])


def conformance_table() -> str:
  """The counts that onnx_backend.py left in Documentation/conformance.json."""
  results = json.loads((ROOT / "Documentation/conformance.json").read_text())
  reasons = "\n".join(f"| {reason} | {count} |" for reason, count in results["skipped"].items())
  return f"""## ONNX's own node tests

`Tests/Conformance/onnx_backend.py` runs the node tests of the package onnx {results["onnx"]} through `recurrent apply`:
**{results["passed"]} passed, {results["failed"]} failed**, {sum(results["skipped"].values())} not taken:

| why | tests |
|---|---:|
{reasons}
"""


if __name__ == "__main__":
  sys.exit(main())
