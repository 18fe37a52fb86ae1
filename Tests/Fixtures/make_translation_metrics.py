"""Makes the fixture of BLEU and chrF: odd lines with one and two references, and what sacrebleu gives for them.

    pip install sacrebleu==2.6.0
    python Tests/Fixtures/make_translation_metrics.py

`translation_metrics.json` has `lines` of a hypothesis and two references, `tokens` of odd texts by tokenizer, and `scores`: for
each setting the score, the parts and the line of the whole text and of each sentence, with `nrefs` references. The version
in the signatures is written as `X`.
"""
import json
import pathlib
import random

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF

ODD = [
  "", " ", "\t", "\u3000", "\u00a0", "a", ".", "...", "a.", ".a", "1", "1,000.5", "1.000,5", "3-4", "3-", "-4", "9--9", "a-b",
  "U.S.A.", "e.g., this", "\"Hello,\" she said.", "'tis 'quoted'", "“curly” ‘quotes’ — dash – dash… end", "&amp;lt;", "&quot;x&quot; &amp; y",
  "&lt;b&gt;bold&lt;/b&gt;", "AT&T & co", "<skipped> text <skipped>", "a <skipp<skipped>ed> b", "hyphen at the end-\nof a line", "-\n-\n",
  "two\nlines", "carriage\rreturn", "with CR at the end\r", "line\u2028separator\u2029here", "no\u00a0break, 5\u00a0000.5", "ideographic\u3000space",
  "file\u001cgroup\u001drecord\u001eunit\u001fseparators", "next\u0085line", "vertical\u000btab\u000cfeed", "zero\u200bwidth\u2060joiners\ufeff", "narrow\u202fspace\u2009thin",
  "你好，世界。", "我喜欢吃苹果，也喜欢Python 3.11！", "他说：“好。”", "日本語のテキストです。", "ｆｕｌｌ　ｗｉｄｔｈ，１２３．５", "한국어 문장입니다.", "ภาษาไทย ไม่มีช่องว่าง", "𠀀𠀁 supplementary 𪛖",
  "emoji 😀 and 👩‍👩‍👧‍👦 family 🇸🇪.", "cafe\u0301 versus café", "Z\u0337\u0321a\u0336lgo\u0301\u0302\u0303", "naïve Ærøskøbing, Straße; ÅNGSTRÖM", "ελληνικά Σίσυφος ς.", "עברית טקסט, ערבית العربية؟",
  "(parentheses) [brackets] {braces}", "a/b\\c|d~e^f_g`h", "100% of $5.00 + #1 = @home * 2", "x<y>z; a:b?c!d", "1.2.3.4", "1,2,,3", ".,.,.", "5-3-1", "10-year-old", "a.b.c", "a,b,c",
  "http://example.org/path?x=1&y=2", "mail@example.org", "3.14-2.71", "-5 -3", "end with comma,", ", begin with comma", "tab\tseparated\tvalues", "   leading and trailing   ",
  "repeated repeated repeated repeated repeated", "the the the the", "One.Two.Three", "№ ½ ² ℡ ﬁ", "\u2001em quad\u2a6d", "\u2f81\u2fa1 kangxi", "a\u2014b\u2026c", "\u0000nul", "\u007f\u0080\u009f controls",
  "Ｔｈｅ　ｃａｔ．", "'", "\"", "''", "``quoted''", "don't won't can't", "A.B. 1.B A.1", "1.", ".1", "1-", "-1", "1.-", "-.1", "٣٫١٤ ٣-٤ Arabic digits", "１-２ full width digits", "x-\n", "&", "&&amp;&", "&amp;quot;", "&GT;",
]
WORDS = ("the a small big dog cat house , . runs sleeps over under and in Berlin 2,000 3-4 \"quoted\" it's ( ) ! ? of with young man woman street "
         "der die das ein Haus Hund läuft über — “gut” %").split()


def sentence(source, length):
  """Random words, some glued to each other."""
  text = ""
  for _ in range(length):
    text += source.choice(WORDS) + source.choice([" ", " ", " ", " ", "", "  ", "\u00a0"])
  return text


def spoiled(text, source, rate):
  """A text with some of its characters and words changed."""
  words = text.split(" ")
  result = []
  for word in words:
    draw = source.random()
    if draw < rate / 3:
      continue
    if draw < 2 * rate / 3:
      word = source.choice(WORDS)
    elif draw < rate and len(word) > 1:
      place = source.randrange(len(word))
      word = word[:place] + source.choice("aeiouß.,-9 ") + word[place + 1:]
    result.append(word)
  return " ".join(result)


def lines():
  """Hypotheses with two references each."""
  source = random.Random(11)
  result = []
  for text in ODD:
    result.append([text, spoiled(text, source, 0.4), text if source.random() < 0.3 else spoiled(text, source, 0.9)])
  for text in ODD[::3]:
    result.append([spoiled(text, source, 0.5), text, source.choice(ODD)])
  for index in range(90):
    reference = sentence(source, source.choice([1, 2, 3, 4, 5, 9, 15, 30, 60]))
    result.append([spoiled(reference, source, [0.05, 0.3, 0.8][index % 3]), reference, spoiled(reference, source, 0.3)])
  result += [["", "something", ""], ["something", "", "some"], ["", "", ""], ["a b c d", "e f g h", "i"], ["a b c", "a b c d e", "a"]]
  return result


def marked(score):
  """A line with X for the version."""
  return score.replace(sacrebleu.__version__, "X")


def bleu(metric, hypotheses, references):
  """The score of a text with its parts."""
  score = metric.corpus_score(hypotheses, references)
  return {
    "score": score.score, "precisions": score.precisions, "penalty": score.bp, "lengths": [score.sys_len, score.ref_len],
    "line": marked(score.format(width=1, signature=str(metric.get_signature()))),
  }


def main():
  """Writes the file."""
  data = lines()
  hypotheses = [own[0] for own in data]
  results = {"bleu": [], "chrf": []}
  for nrefs in [1, 2]:
    references = [[own[1 + index] for own in data] for index in range(nrefs)]
    for tokenizer in ["13a", "none", "char", "zh"]:
      for smoothing, value in [("exp", None), ("floor", None), ("floor", 0.01), ("add-k", None), ("add-k", 2), ("none", None)]:
        metric = BLEU(tokenize=tokenizer, smooth_method=smoothing, smooth_value=value)
        own = {"nrefs": nrefs, "tokenizer": tokenizer, "smoothing": smoothing, "value": value}
        own.update(bleu(metric, hypotheses, references))
        if tokenizer in ["13a", "char"] or smoothing == "exp" or nrefs == 2:
          single = BLEU(tokenize=tokenizer, smooth_method=smoothing, smooth_value=value, effective_order=True)
          own["sentences"] = [
            single.sentence_score(row[0], row[1:1 + nrefs]).score for row in data]
          own["sentenceSignature"] = marked(str(single.get_signature()))
        results["bleu"].append(own)
    for words in [0, 1, 2]:
      metric = CHRF(word_order=words)
      score = metric.corpus_score(hypotheses, references)
      results["chrf"].append({
        "nrefs": nrefs, "words": words, "score": score.score,
        "line": marked(score.format(width=1, signature=str(metric.get_signature()))),
        "sentences": [metric.sentence_score(row[0], row[1:1 + nrefs]).score for row in data],
      })
  # texts of few n-grams, whose later orders have no match or no n-gram
  results["short"] = []
  for own in [["the cat", "the dog"], ["a b c d e", "a c e b d"], ["x", "y"], ["a b c", "a b c"], ["", "a"], ["a", ""]]:
    for smoothing in ["exp", "floor", "add-k", "none"]:
      score = bleu(BLEU(smooth_method=smoothing), [own[0]], [[own[1]]])
      results["short"].append({"hypothesis": own[0], "reference": own[1], "smoothing": smoothing, **score})
  tokens = {}
  for tokenizer in ["13a", "none", "char", "zh"]:
    metric = BLEU(tokenize=tokenizer)
    tokens[tokenizer] = [metric._preprocess_segment(text).split() for text in ODD]
  fixture = {"lines": data, "texts": ODD, "tokens": tokens, **results}
  path = pathlib.Path(__file__).with_name("translation_metrics.json")
  path.write_text(json.dumps(fixture, ensure_ascii=True, indent=None, separators=(",", ":")) + "\n")
  print(len(data), "lines")


main()
