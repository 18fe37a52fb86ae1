"""pyctcdecode with KenLM as an opponent: the best texts in the outputs of a network, with an n-gram model."""

import os
import tempfile

import numpy as np
import worker
from importlib.metadata import version
from pyctcdecode import Alphabet, BeamSearchDecoderCTC, LanguageModel
from worker import Problem, Variant, Work

import kenlm

CLASSES = ["", " "] + [chr(ord("a") + letter) for letter in range(26)]


def words_of(count: int) -> list[str]:
  """Different words of three to eight letters."""
  sizes = worker.tokens_of("sizes", (count,), 6)
  letters = worker.tokens_of("letters", (count, 8), 26)
  words = {}
  for row, size in zip(letters, sizes):
    words.setdefault("".join(chr(ord("a") + letter) for letter in row[: 3 + size]))
  return list(words)


def text_of(words: list[str]) -> list[list[str]]:
  """2,000 sentences of ten words; the first words are the commonest."""
  first, second = (worker.tokens_of(name, (20_000,), len(words)) for name in ("first", "second"))
  chosen = [words[a * b // len(words)] for a, b in zip(first, second)]
  return [chosen[start : start + 10] for start in range(0, 20_000, 10)]


def model_of(text: list[list[str]], order: int) -> str:
  """A file of the n-grams of the text with made-up probabilities."""
  counts, sections = "\n\\data\\\n", ""
  for size in range(1, order + 1):
    grams = dict.fromkeys(["<unk>", "<s>", "</s>"] if size == 1 else [])
    for sentence in text:
      words = sentence if size == 1 else ["<s>", *sentence, "</s>"]
      for start in range(len(words) - size + 1):
        grams.setdefault(" ".join(words[start : start + size]))
    scores = worker.tokens_of(f"scores{size}", (len(grams),), 20_000)
    back_offs = worker.tokens_of(f"backoffs{size}", (len(grams),), 10_000)
    counts += f"ngram {size}={len(grams)}\n"
    sections += f"\n\\{size}-grams:\n"
    for gram, score, back_off in zip(grams, scores, back_offs):
      # longer ones are likelier
      score = 5_000 + int(score) + 20_000 * (order - size)
      sections += f"-{score // 10_000}.{score % 10_000:04}\t{gram}"
      sections += f"\t-0.{int(back_off):04}\n" if size < order else "\n"
  return counts + sections + "\n\\end\\\n"


def outputs_of(text: list[list[str]], steps: int) -> np.ndarray:
  """The outputs of a network that has heard the text as far as whole words fit, [T, 28]: three frames for each character, one of
  them its own."""
  words = [word for sentence in text for word in sentence]
  count = 1
  while len(" ".join(words[: count + 1])) <= steps // 3:
    count += 1
  spoken = " ".join(words[:count])
  values = worker.numbers_of("outputs", (steps, len(CLASSES)), 3).copy()
  doubts = worker.tokens_of("doubts", (steps,), 4)
  for frame in range(steps):
    own = CLASSES.index(spoken[frame // 3]) if frame % 3 == 1 and frame // 3 < len(spoken) else 0
    # sure of three frames in four
    values[frame, own] += np.float32(6 if doubts[frame] == 0 else 12)
    # pyctcdecode takes a text with a space behind it for one that ends in an unknown word
    if frame // 3 >= len(spoken) - 1:
      values[frame, 1] = -30
  return values


def fingerprint(text: str) -> int:
  """The FNV-1a hash of a text, 24 bits of it."""
  value = 0xCBF29CE484222325
  for byte in text.encode():
    value = (value ^ byte) * 0x100000001B3 & worker.MASK
  return value >> 40


def open_problem(problem: Problem) -> Work:
  problem.require({"search"}, {"forward"})
  text = text_of(words_of(problem["words"]))
  logits = outputs_of(text, problem["T"])
  path = os.path.join(tempfile.mkdtemp(), "made-up.arpa")
  with open(path, "w", encoding="ascii") as file:
    file.write(model_of(text, problem["order"]))
  known = sorted({word for sentence in text for word in sentence})
  # words that the model lacks are as good as refused, as on our side
  language = LanguageModel(kenlm.Model(path), known, alpha=0.5, beta=1.5, unk_score_offset=-1e4)
  decoder = BeamSearchDecoderCTC(Alphabet.build_alphabet(CLASSES), language)

  def run() -> None:
    decoder.decode_beams(logits, beam_width=problem["beam"])

  def check() -> dict[str, float]:
    return {"text": float(fingerprint(decoder.decode_beams(logits, beam_width=problem["beam"])[0][0]))}

  return Work({"KenLM": lambda: Variant(run, check)})


if __name__ == "__main__":
  worker.serve("pyctcdecode", {"pyctcdecode": version("pyctcdecode"), "kenlm": version("kenlm")}, open_problem)
