import ArgumentParser
import Recurrent

/// How much is to be written: a number of tokens or steps, of quarters or bars of music, or of seconds of a performance.
struct WrittenLength: ExpressibleByArgument {
  /// What is counted.
  enum Unit: String, CaseIterable {
    case steps, quarters, bars, seconds
  }

  let count: Int
  private let unit: Unit?

  /// So many tokens or steps.
  init(_ count: Int) { (self.count, unit) = (count, nil) }

  /// Reads `400`, `64steps`, `32quarters`, `16bars`, `30s`, `30seconds`.
  init?(argument: String) {
    let digits = argument.prefix { $0.isNumber || $0 == "-" }
    let word = argument.dropFirst(digits.count).drop { $0 == " " }
    guard let count = Int(digits), count <= 1 << 30 else { return nil }
    let unit = word == "s" ? .seconds : Unit(rawValue: String(word)) ?? Unit(rawValue: String(word) + "s")
    guard word.isEmpty || unit != nil else { return nil }
    (self.count, self.unit) = (count, unit)
  }

  /// Tokens of a text.
  func tokens() throws -> Int {
    guard let unit else { return count }
    throw ValidationError("--length is \(count)\(unit.rawValue), expected a number of tokens for a text")
  }

  /// Steps of a grid.
  func steps(_ task: MusicTask) throws -> Int {
    let each =
      switch unit {
      case .seconds:
        throw ValidationError(
          "--length is \(count) seconds, expected steps, quarters or bars for music on a grid")
      case nil, .steps: 1
      case .quarters: task.grid.stepsPerQuarter
      case .bars: task.grid.stepsPerQuarter * task.quartersPerBar
      }
    guard count > 0, count <= (1 << 16) / each else {
      throw ValidationError("--length is \(count * each) steps, expected 1 to \(1 << 16)")
    }
    return count * each
  }
}

extension WrittenLength {
  /// Hundredths of a second.
  func hundredths() throws -> Int {
    guard unit == .seconds || unit == nil else {
      throw ValidationError(
        "--length is \(count)\(unit?.rawValue ?? ""), expected seconds for a performance: 30s")
    }
    guard (1...3600).contains(count) else {
      throw ValidationError("--length is \(count) seconds, expected 1 to 3600")
    }
    return 100 * count
  }
}

/// Options of music.
struct MusicOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Music: the piece that is gone on with.", valueName: "file"))
  var primer: String?

  @Option(help: ArgumentHelp("Music: the melody that other voices are found for.", valueName: "file"))
  var harmonise: String?

  @Option(help: ArgumentHelp("Music: the most tones at a time.", valueName: "n"))
  var voices: Int?

  @Option(help: ArgumentHelp("Music: quarters a minute (default: 90).", valueName: "n"))
  var tempo: Double?

  /// The first flag that is given; nil where none is.
  var flag: String? {
    let given = [
      (primer != nil, "--primer"), (harmonise != nil, "--harmonise"),
      (voices != nil, "--voices"), (tempo != nil, "--tempo"),
    ]
    return given.first { $0.0 }?.1
  }

  func validate() throws {
    if let voices, voices < 1 { throw ValidationError("--voices is \(voices), expected 1 or more") }
    if let tempo, !(5...1000).contains(tempo) {
      throw ValidationError("--tempo is \(tempo), expected 5 to 1000 quarters a minute")
    }
    if primer != nil, harmonise != nil {
      throw ValidationError("--primer is gone on with, and --harmonise gets other voices; give one of them")
    }
  }
}

/// Lets a model write music into files.
struct MusicRun {
  let bundle: String
  let output: String?
  let options: MusicOptions
  let style: StyleOptions
  let length: WrittenLength?
  let sampler: Sampler
  let beam: Int
  let seed: UInt64
  let count: Int
  let isJSON: Bool

  private struct Line: Encodable {
    let index: Int
    let seed: UInt64
    let output, drawing: String
    let steps, givenSteps, notes: Int
    let longestCopy: Int
    let copiedPiece: Int?
  }

  func run() throws {
    let files = try MusicOutput(
      output, count: count,
      apartFrom: [bundle] + [options.primer, options.harmonise, style.like].compactMap { $0 })
    let trained = try TrainedTask<MusicTask>(bundle: bundle)
    let primer = try options.primer.map { try piece($0, trained.task) }
    let melody = try options.harmonise.map { try piece($0, trained.task) }
    let steps = try
      (length ?? WrittenLength(16 * trained.task.quartersPerBar * trained.task.grid.stepsPerQuarter))
      .steps(trained.task)
    let task = trained.task
    let course = try style.course(task.labels ?? []) {
      try task.nearestStyle(trained.model, to: piece($0.name, task))
    }
    if melody != nil, style.styleTo != nil {
      throw ValidationError("--style-to is for what is written along a way; --harmonise has one style")
    }
    try files.forEach(seed: seed) { piece in
      let own = MusicSampler(sampler, voices: options.voices)
      let written: WrittenMusic
      if let melody {
        written = try trained.harmonise(
          melody, width: beam, sampler: own, style: course?.first, key: piece.key)
      } else {
        written = try trained.write(
          after: primer, stepCount: steps, sampler: own, style: course, key: piece.key)
      }
      let file = trained.task.grid.file(
        written.piece, quarter: Int((60_000_000 / (options.tempo ?? 90)).rounded()))
      try piece.write(file) { trained.task.drawing(written, title: $0) }
      if isJSON {
        try JSONLine.output(
          Line(
            index: piece.index, seed: seed, output: piece.file, drawing: piece.drawing,
            steps: written.piece.steps.count,
            givenSteps: written.givenCount, notes: file.notes.count, longestCopy: written.copy?.length ?? 0,
            copiedPiece: written.copy.map { $0.piece + 1 }))
      } else {
        Terminal.output(
          "\(piece.file): \(counted(written.piece.steps.count, "step")), \(counted(file.notes.count, "note")); \(written.copyLine)"
        )
      }
    }
  }

  /// The first piece of a file.
  private func piece(_ path: String, _ task: MusicTask) throws -> MusicPiece {
    let files = try MusicFiles([DataSource(path)], grid: task.grid)
    for note in files.notes where note.kind == .warning { Terminal.error(note.line) }
    guard let first = files.pieces.first else { throw ValidationError("\(path) has no piece") }
    return first
  }
}
