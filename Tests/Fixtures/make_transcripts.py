"""Makes the fixture of transcripts: error counts of jiwer, and texts normalised by Python.

    pip install jiwer==4.0.0
    python Tests/Fixtures/make_transcripts.py

`transcripts.json` has pairs of texts with the edits of words and of characters that jiwer finds, in the smallest number, and
texts with what NFKC of Unicode makes of them in small letters without punctuation, dashes as blanks.
"""
import json
import pathlib
import random
import unicodedata

import jiwer

WORDS = "bin blue at f two now again soon place red with set green in lay white by please eight nine".split()


def spoiled(words: list, source: random.Random, rate: float) -> list:
  """Words with some of them missing, taken for others and too many."""
  result = []
  for word in words:
    draw = source.random()
    if draw < rate / 3:
      continue
    result.append(source.choice(WORDS) if draw < 2 * rate / 3 else word)
    if draw > 1 - rate / 3:
      result.append(source.choice(WORDS))
  return result


def normalized(text: str) -> str:
  """Small letters, NFKC, no punctuation, dashes as blanks, one blank between words."""
  result = ""
  for character in unicodedata.normalize("NFKC", text):
    category = unicodedata.category(character)
    result += " " if category == "Pd" else "" if category[0] == "P" else character
  return " ".join(result.lower().split())


def main() -> None:
  """Writes the file."""
  source = random.Random(7)
  pairs = []
  for index in range(60):
    reference = [source.choice(WORDS) for _ in range(source.randrange(1, 30))]
    hypothesis = spoiled(reference, source, [0.05, 0.3, 0.9][index % 3])
    pairs.append((" ".join(reference), " ".join(hypothesis)))
  pairs += [("a b c", ""), ("one", "two three four"), ("x y z", "x y z"), ("grün über", "grun über")]
  cases = []
  for reference, hypothesis in pairs:
    words = jiwer.process_words(reference, hypothesis)
    characters = jiwer.process_characters(reference, hypothesis)
    cases.append({
      "reference": reference, "hypothesis": hypothesis,
      "wordErrors": words.substitutions + words.deletions + words.insertions,
      "characterErrors": characters.substitutions + characters.deletions + characters.insertions,
    })
  together = jiwer.process_words([r for r, _ in pairs], [h for _, h in pairs])
  texts = [
    "Hello, World!", "ﬁnd the oﬃce", "Ｆｕｌｌ　ｗｉｄｔｈ　１２３", "well-known – and—so", "don't \"quote\" (it)", "x² + ½ = №5",
    "ﷺ ﬀ ㌀ ㍿ ℡ ①②③", "𝐁𝐨𝐥𝐝 𝒮𝒸𝓇 𝟘𝟙", "e\u0301tude é ÉTUDE", "한국어 가", "ﾊﾝｶｸ ﾃﾞ", "¿Qué? ¡Sí!", "  many   blanks\u00a0here ",
    "µm Å Ω", "ǆ Ǆ ǅ", "snake_case 50% a/b", "ﺎﻟﻌﺮﺑﻴﺓ",
  ]
  fixture = {
    "cases": cases, "wordErrorRate": together.wer,
    "texts": [{"text": text, "normalized": normalized(text)} for text in texts],
  }
  path = pathlib.Path(__file__).with_name("transcripts.json")
  path.write_text(json.dumps(fixture, ensure_ascii=True, indent=1) + "\n")


main()
