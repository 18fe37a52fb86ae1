import RecurrentTestSupport
import Testing

/// Trainings of every task that take a moment, with data to predict from.
struct SmallTraining: Sendable, CustomTestStringConvertible {
  let task: String
  /// Files by their names; the first is trained on.
  let files: [(name: String, text: String)]
  /// Further words of the command.
  let flags: [String]
  /// Whether the first file is trained on, or predicted from alone.
  var learnsFromData = true

  var testDescription: String { task }

  /// What is trained on.
  var data: String { files[0].name }

  /// The words of the command that writes `output`.
  func command(_ output: String = "x.bundle", epochs: Int = 2) -> [String] {
    ["train", task] + (learnsFromData ? [data] : [])
      + ["-o", output, "--epochs", "\(epochs)", "--threads", "1"] + flags
  }

  func write(to run: CommandLineRun) throws { for file in files { try run.write(file.name, file.text) } }

  static let languageModel = SmallTraining(
    task: "language-model", files: [("t.txt", sampleText(3_000))],
    flags: ["--hidden", "12", "--embedding", "6", "--sequence-length", "20", "--batch-size", "8"])

  static let classification = SmallTraining(
    task: "classification", files: [("waves.csv", waves { $0 % 2 == 0 ? "up" : "down" })],
    flags: ["--hidden", "6"])

  static let words = SmallTraining(
    task: "classification", files: [("reviews.csv", reviews)], flags: ["--hidden", "6", "--embedding", "4"])

  static let tagging = SmallTraining(
    task: "tagging", files: [("sensors.csv", sensors)], flags: ["--hidden", "6"])

  static let events = SmallTraining(
    task: "tagging", files: [("pulses.csv", pulses.signal), ("pulse-events.csv", pulses.events)],
    flags: ["--hidden", "6", "--events", "pulse-events.csv", "--causal"])

  static let forecasting = SmallTraining(
    task: "forecasting", files: [("load.csv", load)],
    flags: [
      "--time", "date", "--target", "y", "--known", "price", "--horizon", "4", "--hidden", "8",
      "--look-back", "12",
    ])

  static let counts = SmallTraining(
    task: "forecasting", files: [("load.csv", load)],
    flags: [
      "--time", "date", "--target", "sold", "--kind", "autoregressive", "--horizon", "3", "--hidden", "6",
      "--distribution", "negative-binomial",
    ])

  static let regression = SmallTraining(
    task: "regression", files: [("slopes.csv", waves { "\(Double($0 % 2) * 2 - 0.5)" })],
    flags: ["--hidden", "6"])

  static let sequenceRegression = SmallTraining(
    task: "sequence-regression", files: [("load.csv", load)],
    flags: ["--time", "date", "--target", "y,sold", "--hidden", "6", "--causal"])

  static let transcription = SmallTraining(
    task: "transcription", files: [("lines.jsonl", lines)],
    flags: ["--hidden", "6", "--layers", "1", "--convolutions", "8x3"])

  static let translation = SmallTraining(
    task: "translation", files: [("pairs.tsv", pairs)],
    flags: ["--unit", "character", "--hidden", "4", "--embedding", "6", "--layers", "1", "--beam", "2"])

  static let sketch = SmallTraining(
    task: "sketch", files: [("shapes.ndjson", shapes)], flags: ["--hidden", "6", "--mixtures", "2"])

  static let music = SmallTraining(
    task: "music", files: [("chorales.json", chorales)],
    flags: ["--hidden", "6", "--embedding", "4", "--layers", "1", "--batch-size", "4"])

  static let captioning = SmallTraining(
    task: "captioning", files: [("lines.jsonl", lines)],
    flags: ["--hidden", "6", "--layers", "1", "--embedding", "5", "--convolutions", "8x3", "--beam", "2"])

  static let recommendation = SmallTraining(
    task: "recommendation", files: [("visits.csv", visits)],
    flags: ["--hidden", "6", "--batch-size", "4", "--bptt", "3"])

  static let reinforcement = SmallTraining(
    task: "reinforcement", files: [("seen.csv", "position,angle\n0.1,0.02\n0.2,0.01\n0.3,0\n")],
    flags: [
      "--environment", "cartpole-no-velocity", "--steps", "500", "--hidden", "6", "--passes", "2",
      "--no-control", "--test-episodes", "2", "--validation-episodes", "1",
    ], learnsFromData: false)

  /// One of each kind of bundle that is trained on data.
  static let all = [
    languageModel, classification, words, tagging, events, forecasting, counts, regression,
    sequenceRegression, transcription, translation, captioning, sketch, music, recommendation,
  ]

  /// One of each kind of bundle.
  static let everyKind = all + [reinforcement]

  /// Visits to a shop, each up or down the shelves.
  static let visits: String = {
    let starts = RandomKey(seed: 4).integers(60, below: 8)
    let rows = (0..<60).flatMap { visit in
      (0..<2 + visit % 4).map { event in
        "v\(visit),i\((starts[visit] + (visit % 2 == 0 ? event : 8 - event)) % 8),\(1000 * visit + event)"
      }
    }
    return (["session,item,time"] + rows).joined(separator: "\n") + "\n"
  }()

  /// Squares and triangles of several sizes.
  private static let shapes =
    (0..<40).map { index in
      let side = 20 + index % 7
      let (x, y, word) =
        index % 2 == 0
        ? ([0, 1, 1, 0, 0], [0, 0, 1, 1, 0], "square") : ([0, 1, 0, 0], [0, 0, 1, 0], "triangle")
      func column(_ numbers: [Int]) -> String { numbers.map { "\($0 * side)" }.joined(separator: ",") }
      return "{\"word\":\"\(word)\",\"drawing\":[[[\(column(x))],[\(column(y))]]]}"
    }.joined(separator: "\n") + "\n"

  /// Pieces of two voices in parts.
  private static let chorales: String = {
    func piece(_ base: Int) -> String {
      "[" + (0..<12).map { "[\(base + $0 * 5 % 8),\(base - 12 + $0 % 3)]" }.joined(separator: ",") + "]"
    }
    let parts = [("train", 60..<68), ("valid", 62..<64), ("test", 70..<72)].map { name, bases in
      "\"\(name)\":[\(bases.map(piece).joined(separator: ","))]"
    }
    return "{\(parts.joined(separator: ","))}"
  }()

  /// A row each: rising or falling, with noise.
  private static func waves(_ label: (Int) -> String) -> String {
    let noise = RandomKey(seed: 1).uniforms(60 * 12)
    let rows = (0..<60).map { row in
      let slope: Float = row % 2 == 0 ? 0.3 : -0.3
      return label(row) + ","
        + (0..<12).map { "\(slope * Float($0) + noise[row * 12 + $0])" }.joined(separator: ",")
    }
    return "label," + (0..<12).map { "t\($0)" }.joined(separator: ",") + "\n" + rows.joined(separator: "\n")
      + "\n"
  }

  /// Strokes of a pen: a letter is a line to the right that rises or falls.
  private static var lines: String {
    let picks = RandomKey(seed: 6).integers(40 * 3, below: 2)
    let rows = (0..<40).map { row -> String in
      let text = picks[3 * row..<3 * row + 3].map { $0 == 0 ? "l" : "v" }.joined(
        separator: row % 2 == 0 ? " " : "")
      let strokes = (0..<3).map { letter -> String in
        let slope = picks[3 * row + letter] == 0 ? 3 : -3
        return "[" + (0..<8).map { "[\(10 * letter + $0),\(slope * $0)]" }.joined(separator: ",") + "]"
      }
      return
        "{\"text\":\"\(text)\",\"writer\":\"w\(row % 8)\",\"strokes\":[\(strokes.joined(separator: ","))]}"
    }
    return rows.joined(separator: "\n") + "\n"
  }

  /// Letters, and the same from the end.
  private static var pairs: String {
    let picks = RandomKey(seed: 7).integers(40 * 4, below: 3)
    let rows = (0..<40).map { row -> String in
      let letters = (0..<1 + row % 4).map { ["a", "b", "c"][picks[4 * row + $0]] }
      return letters.joined(separator: " ") + "\t" + letters.reversed().joined(separator: " ")
    }
    return "source\ttarget\n" + rows.joined(separator: "\n") + "\n"
  }

  private static var reviews: String {
    let words = ["good", "fine", "bad", "poor", "film", "story", "music", "the"]
    let picks = RandomKey(seed: 2).integers(60 * 6, below: 4)
    let rows = (0..<60).map { row in
      let text = (0..<6).map {
        words[$0 % 3 == 0 ? (row % 2) * 2 + picks[row * 6 + $0] % 2 : 4 + picks[row * 6 + $0]]
      }
      return "\(row % 2 == 0 ? "yes" : "no"),\(text.joined(separator: " "))"
    }
    return "label,text\n" + rows.joined(separator: "\n") + "\n"
  }

  private static var sensors: String {
    let values = RandomKey(seed: 3).uniforms(600)
    let rows = (0..<300).map {
      "\($0),\(values[2 * $0]),\(values[2 * $0 + 1]),\(values[2 * $0] > 0.5 ? "left" : "right")"
    }
    return "step,a,b,move\n" + rows.joined(separator: "\n") + "\n"
  }

  private static var pulses: (signal: String, events: String) {
    var (signal, events) = ("time_s,volt\n", "time_s,kind\n")
    let noise = RandomKey(seed: 4).uniforms(600)
    for step in 0..<600 {
      let isPeak = step % 37 == 20
      signal += "\(Double(step) / 50),\((isPeak ? 3 : 0) + noise[step] * 0.2)\n"
      if isPeak { events += "\(Double(step) / 50),pulse\n" }
    }
    return (signal, events)
  }

  /// Days with a weekly load, a price that is known ahead, and numbers of things sold.
  private static var load: String {
    let noise = RandomKey(seed: 5).uniforms(200)
    let rows = (0..<200).map { day -> String in
      let (month, date) = (day / 28 + 1, day % 28 + 1)
      // of the last days the price alone is known
      let known = day < 196 ? ("\(Float(day % 7) + noise[day])", "\(Int(noise[day] * 4))") : ("", "")
      return "2023-\(month < 10 ? "0" : "")\(month)-\(date < 10 ? "0" : "")\(date),"
        + "\(known.0),\(1 + day % 3),\(known.1)"
    }
    return "date,y,price,sold\n" + rows.joined(separator: "\n") + "\n"
  }
}
