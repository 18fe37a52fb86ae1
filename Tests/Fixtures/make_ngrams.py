"""Writes ngrams.safetensors: back-off models by KenLM and the scores that KenLM gives to sentences.

Needs the Python package kenlm 0.3.0, and its programs lmplz, build_binary and query, built from the same source
(https://pypi.org/project/kenlm/), in the folder that is the only argument.

Texts and files are stored as bytes (I64 would be eight times as many): tensors of U8, `<case>/<name>`.
"""

import gzip
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import kenlm
import numpy as np
from safetensors.numpy import save

from sorted_metadata import with_sorted_metadata

FOLDER = Path(__file__).resolve().parent
PROGRAMS = Path(sys.argv[1])


def run(program: str, *arguments: str, text: str = "") -> str:
  return subprocess.run(
    [PROGRAMS / program, *arguments], input=text, capture_output=True, text=True, check=True
  ).stdout


def corpus(source: random.Random) -> list[str]:
  """Sentences with words by Zipf's law; some occur several times, so that long n-grams do."""
  words = ["größe", "été", "日本", "don't", "C++", "a_b"] + [f"w{index}" for index in range(80)]
  weights = [(rank + 2) ** -1.3 for rank in range(len(words))]

  def sentence() -> str:
    return " ".join(source.choices(words, weights, k=source.randint(1, 11)))

  lines = [sentence() for _ in range(60)]
  for times, count in ((2, 14), (3, 6), (4, 3), (5, 2)):
    for _ in range(count):
      lines += [sentence()] * times
  source.shuffle(lines)
  return lines


def sentences(lines: list[str], source: random.Random) -> list[str]:
  """Some of the text, and some with its words in another order and unknown words."""
  chosen = lines[:6]
  for line in lines[6:24]:
    words = line.split() + source.choices(["unseen", "w0", "w1", "été"], k=2)
    source.shuffle(words)
    chosen.append(" ".join(words))
  return chosen


def pruned(arpa: str, source: random.Random) -> str:
  """The model without some of its n-grams, such that their contexts stay: of some n-grams a shorter end is missing."""
  parts: dict[int, list[str]] = {}
  order = 0
  for line in arpa.splitlines():
    if line.startswith("\\") and line.endswith("-grams:"):
      order = int(line[1:].split("-")[0])
      parts[order] = []
    elif line and order and not line.startswith("\\"):
      parts[order].append(line)
  kept: dict[int, list[str]] = {}
  contexts: set[tuple[str, ...]] = set()
  for order in sorted(parts, reverse=True):
    kept[order] = []
    needed = contexts
    contexts = set()
    for line in parts[order]:
      words = tuple(line.split("\t")[1].split(" "))
      if order == 1 or words in needed or source.random() < 0.4:
        kept[order].append(line)
        contexts.add(words[:-1])
  text = "\\data\\\n" + "".join(f"ngram {order}={len(kept[order])}\n" for order in sorted(kept))
  for order in sorted(kept):
    text += f"\n\\{order}-grams:\n" + "".join(line + "\n" for line in kept[order])
  return text + "\n\\end\\\n"


def scores(path: Path, lines: list[str]) -> np.ndarray:
  """Logarithms to the base 10 of every word and end."""
  model = kenlm.Model(str(path))
  return np.array([score for line in lines for score, _, _ in model.full_scores(line)], np.float32)


def main() -> None:
  source = random.Random(7)
  lines = corpus(source)
  text = "".join(line + "\n" for line in lines)
  asked = sentences(lines, source)
  tensors: dict[str, np.ndarray] = {}

  def add(name: str, data: bytes) -> None:
    tensors[name] = np.frombuffer(data, np.uint8).copy()

  add("text/file", text.encode())
  add("sentences/file", "".join(line + "\n" for line in asked).encode())
  summaries = {}
  with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    for order in range(2, 7):
      path = folder / f"{order}.arpa"
      path.write_text(run("lmplz", "-o", str(order), "-S", "100M", text=text))
      tensors[f"order{order}/scores"] = scores(path, asked)
    models = {"estimated": (folder / "3.arpa").read_text()}
    models["pruned"] = pruned((folder / "4.arpa").read_text(), source)
    for case, arpa in models.items():
      path = folder / f"{case}.arpa"
      path.write_text(arpa)
      add(f"{case}/arpa", arpa.encode())
      tensors[f"{case}/scores"] = scores(path, asked)
      run("build_binary", "probing", str(path), str(folder / "binary"))
      add(f"{case}/probing", (folder / "binary").read_bytes())
      summary = run("query", "-v", "summary", str(path), text="".join(line + "\n" for line in asked))
      summaries[case] = [float(line.split("\t")[1]) for line in summary.splitlines() if "\t" in line]
    add("gzip/file", gzip.compress(models["estimated"].encode(), mtime=0))
    run("build_binary", "trie", str(folder / "3.arpa"), str(folder / "trie"))
    add("trie/file", (folder / "trie").read_bytes()[:400])
  # what Recurrent wrote from the text, which the test compares byte for byte
  written = FOLDER / "ngrams.arpa"
  tensors["written/scores"] = scores(written, asked)
  # perplexity with and without unknown words, their number, the number of tokens
  cases = {case: {"summary": values} for case, values in summaries.items()}
  metadata = {"cases": json.dumps(cases, sort_keys=True), "kenlm": "0.3.0"}
  data = save(dict(sorted(tensors.items())), metadata=metadata)
  (FOLDER / "ngrams.safetensors").write_bytes(with_sorted_metadata(data))
  print(f"ngrams.safetensors: {len(tensors)} tensors, {len(data)} bytes")


main()
