extension RecipeBook {
  /// Drawings.
  static let drawn = [
    Recipe(
      name: "kanji", what: "KanjiVG as sketch-rnn has it, a short training", folder: "strokes/kanji",
      command:
        "train sketch {train.ndjson} --valid {valid.ndjson} --test {test.ndjson} --hidden 256 --epochs 8",
      metric: "nats per point", figures: "-1.535",
      band: .around(0.06, why: "± 0.06 around one seed, a tenth of what layer norm and noise are worth here"),
      seconds: 444),
    Recipe(
      name: "drawings", what: "the drawings of Examples",
      command: "train sketch {drawings.ndjson} --hidden 128 --epochs 60",
      shipped: ["drawings.ndjson": "drawings.ndjson"], metric: "nats per point", figures: "-1.839",
      band: .around(0.1, why: "± 0.1 around one seed: validation and test differ by 0.06"), seconds: 35),
  ]

  /// Sequences to sequences.
  static let sequences = [
    Recipe(
      name: "handwriting", what: "lines of 13 writers, UNIPEN", folder: "handwriting/lines-unipen",
      command: "train transcription {lines.jsonl.gz}", metric: "character error rate", figures: "21.7",
      isPercent: true, band: .interval(0.204, 0.231), seconds: 1560),
    Recipe(
      name: "lip-captions", what: "GRID, sentences read from lips", folder: "video/grid-s1-captions-gif",
      command: "train captioning {captions.csv}", metric: "word error rate", figures: "28.8", isPercent: true,
      band: .interval(0.25, 0.326), seconds: 1560),
    Recipe(
      name: "lip-captions-ctc", what: "GRID, sentences read from lips, CTC",
      folder: "video/grid-s1-captions-gif", command: "train transcription {captions.csv} --unit word",
      metric: "word error rate", figures: "26.4", isPercent: true, band: .interval(0.224, 0.31),
      seconds: 1920),
    Recipe(
      name: "chorales", what: "JSB chorales, all keys of a step together", folder: "music/jsb-chorales",
      command: "train music {jsb-chorales.json}", metric: "nats per step", figures: "5.273",
      band: .interval(5.12, 5.415), seconds: 960),
    Recipe(
      name: "chorales-roll", what: "JSB chorales, each key by itself, another key in each epoch",
      folder: "music/jsb-chorales", command: "train music {jsb-chorales.json} --representation roll",
      metric: "nats per step", figures: "8.238", band: chorales, seconds: 73),
    Recipe(
      name: "chorales-as-written", what: "JSB chorales, each key by itself", folder: "music/jsb-chorales",
      command: "train music {jsb-chorales.json} --representation roll --transpose 0", metric: "nats per step",
      figures: "8.360", band: chorales, seconds: 101),
    Recipe(
      name: "chorales-short", what: "JSB chorales, each key by itself, 40 epochs",
      folder: "music/jsb-chorales",
      command: "train music {jsb-chorales.json} --representation roll --transpose 0 --epochs 40",
      metric: "nats per step", figures: "8.389", band: chorales, seconds: 60),
    Recipe(
      name: "yoochoose", what: "clicks of a shop, RecSys 2015",
      folder: "recommendation/yoochoose-clicks-100k",
      command: "train recommendation {train.csv} --test {test.csv}", metric: "recall at 20", figures: "0.694",
      band: .interval(0.681, 0.706),
      // by the events of movielens, not measured
      seconds: 40),
    Recipe(
      name: "movielens", what: "MovieLens 100k, the last of each user left out",
      folder: "recommendation/movielens-100k", command: "train recommendation {ratings.csv}",
      metric: "hit rate at 10", figures: "0.161", band: .interval(0.138, 0.185), seconds: 26),
    Recipe(
      name: "diginetica", what: "sessions of a shop, CIKM 2016", folder: "recommendation/diginetica-sample",
      command: "train recommendation {sessions.csv} --epochs 5", metric: "recall at 20", figures: "0.320",
      band: .interval(0.245, 0.397), seconds: 10),
  ]

  private static let chorales = RecipeBand.around(
    0.06, why: "± 0.06 around one seed: other epochs move it by 0.03")
}
