import ArgumentParser
import Recurrent

/// `recurrent predict`.
struct PredictCommand: ParsableCommand, TakesSettingsOfBundle {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict: labels with probabilities, events with times, forecasts with intervals.",
    usage: "recurrent predict <bundle> <data> ... [options]",
    discussion: """
      The data have the form of those that the model was trained on, without what is to be predicted. Settings of the task that \
      say where in the data things stand are taken as in training.

      Example:

        recurrent predict sentiment.bundle new.tsv --format jsonl
        recurrent predict digits.bundle seven.wav
        recurrent predict load.bundle recent.csv --plot fan.svg
        cat stream.jsonl | recurrent predict beats.bundle --stream
        cat reviews.txt | recurrent predict sentiment.bundle --lines
        sox in.mp3 -t wav - | recurrent predict digits.bundle -
        arecord -f S16_LE -r 44100 -c 1 -t raw | recurrent predict beats.bundle --stream --rate 44100
        recurrent predict speech.bundle talk.wav --format srt
        cat text.en | recurrent predict en-de.bundle --lines --beam 8 --best 3 --json
        recurrent predict sentiment.bundle all.tsv --format csv --shard 3/16 --output part-03.csv
        recurrent predict en-de.bundle text.en --format pharaoh

      The data may be the standard input, `-`: it is recognised by its content, and --input-format overrules. With --lines each \
      line of the standard input is a record of its own: a text, a value of JSON (an object by columns, a list of numbers or of \
      rows), or the path of a file; one line comes out for each, in order, a text or with --json an object of JSON, with \
      the "id" of the record. What cannot be predicted gives {"error": ..., "line": ...}, in text an empty line, and with \
      --strict ends the run.

      With --shard i/n one of n parts of the sequences is predicted, contiguous by their numbers: the parts one behind the other are \
      the bytes of the whole, with one head of a csv. --output writes a file beside its place and renames it, so that one that is \
      there is whole; with --skip-existing nothing is done then.

      With --stream each line of the standard input is a step as JSON: an object by the names of the channels, a list in their \
      order, a number, or a text; of sound any number of samples. Each is predicted at once, with the state kept; \
      {"reset": true} begins anew. With --rate the standard input is sound without a head, 16-bit samples of one channel unless \
      --input-format says f32le or jsonl, and is resampled to the rate of the model. The model must have been trained with --causal. With --save-state the state at the end, or \
      at an interrupt, is kept in a file, and --load-state goes on from there: the predictions are those of never having \
      stopped.
      """)

  @Argument(help: "The bundle of a model.")
  var bundle: String

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("Files or folders with data, and settings of the task.", valueName: "data"))
  var words: [String] = []

  @Option(
    help:
      "The form of the predictions: table, jsonl or csv; of transcripts, captions and translations also text; of transcripts and captions json, ctm, stm, trn, srt or vtt; of translations pharaoh, the alignment."
  )
  var format = PredictionFormat.table

  @Option(
    help: ArgumentHelp(
      "Draw the predictions, as SVG, where the task can: forecasts, transcripts.", valueName: "file"))
  var plot: String?

  @Flag(help: "Predict the steps of the standard input, line by line.")
  var stream = false

  @Flag(help: "Predict each line of the standard input by itself: a line in, a line out.")
  var lines = false

  @Flag(help: "End at the first line that cannot be predicted.")
  var strict = false

  @Flag(help: "All predictions in one line of JSON; with --lines an object for each line.")
  var json = false

  @OptionGroup var part: PartOptions

  @OptionGroup var input: InputOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard stream || state.areNone else {
      throw ValidationError(
        "--save-state and --load-state keep the state of a stream; give them with --stream")
    }
    if stream, lines {
      throw ValidationError("--stream is one sequence, and --lines are many; give one of them")
    }
    if json, stream {
      throw ValidationError("--json is for data and --lines; a stream is written with --format jsonl")
    }
    if json, lines, format != .table, format != .jsonl {
      throw ValidationError("--json is --format jsonl for lines; --format is \(format.rawValue)")
    }
    if json, format == .pharaoh {
      throw ValidationError("--json and --format pharaoh are two forms; give one of them")
    }
    try part.check(isStream: stream || lines)
    if part.shard != nil {
      guard !json, plot == nil, [.jsonl, .csv, .pharaoh].contains(format) else {
        throw ValidationError(
          "--shard writes parts that make up the whole; give it with --format jsonl, csv or pharaoh, without --plot and --json"
        )
      }
    }
    if strict, !lines { throw ValidationError("--strict is for --lines") }
    if format.transcripts != nil || format == .text && !lines, stream || lines || json {
      throw ValidationError(
        "--format \(format.rawValue) is for recordings that are named; --stream, --lines and --json have none"
      )
    }
  }

  func run() throws {
    try OutputFile.check(plot, flag: "--plot", apartFrom: [bundle] + words)
    try state.check(apartFrom: [bundle] + words)
    try part.write(apartFrom: [bundle] + words) { try predict() }
  }

  private func predict() throws {
    try compute.run {
      let trained = try TrainedModel.open(bundle)
      let own = try SettingWords(words, trained.settings)
      if stream {
        guard own.paths.isEmpty else {
          throw ValidationError("--stream reads the standard input; name no data")
        }
        return try StreamRun(
          trained: trained, bundle: bundle, settings: own.settings, format: format,
          states: state.files(bundle), input: input
        ).run()
      }
      if lines {
        guard own.paths.isEmpty, plot == nil else {
          throw ValidationError("--lines reads the standard input; name no data and no plot")
        }
        return try LinesRun(
          trained: trained, settings: own.settings, input: input, format: json ? .jsonl : format,
          isStrict: strict
        ).run()
      }
      if own.paths.isEmpty { throw ValidationError("name the data: files, folders or -") }
      let data = try input.sources(own.paths)
      if let plot {
        guard let picture = try trained.plot(data, settings: own.settings) else {
          throw ValidationError("--plot: predictions of \(trained.taskName) are not drawn")
        }
        try AtomicFile.write(Array(picture.utf8), to: plot)
      }
      if let transcripts = format.transcripts {
        return try transcribe(trained, data, own.settings, transcripts)
      }
      // the first part alone has the head of the table
      var writer = PredictionWriter(format: format, hasHeader: part.own.index > 0)
      guard json else {
        let form = writer.form
        try trained.predict(
          data, settings: own.settings, part: part.own, notes: Terminal.show, line: form.line
        ) {
          writer.write($0)
          if Interrupt.isRequested { throw ExitCode.interrupted }
        }
        return writer.finish()
      }
      var rows: [[Field]] = []
      try trained.predict(data, settings: own.settings, part: part.own, notes: Terminal.show) { row in
        rows.append(row)
        if Interrupt.isRequested { throw ExitCode.interrupted }
      }
      try JSONLine.output(
        PredictionObject([
          (name: "task", value: .field(.text(trained.taskName))),
          (name: "bundle", value: .field(.text(bundle))), (name: "predictions", value: .rows(rows)),
        ]))
    }
  }

  private func transcribe(
    _ trained: any AnyTrainedTask, _ data: [DataSource], _ settings: Settings, _ format: TranscriptFormat
  ) throws {
    var all: [TimedTranscript] = []
    try trained.transcribe(data, settings: settings, notes: Terminal.show) { transcript in
      all.append(transcript)
      if Interrupt.isRequested { throw ExitCode.interrupted }
    }
    if [.ctm, .stm, .trn].contains(format) {
      // programs that score know recordings by their names alone
      for index in all.indices { all[index].name = PredictCommand.title(all[index].name) }
    }
    Terminal.stream(format.text(of: all))
  }

  /// The name of a file without folders and ending.
  private static func title(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
      name[name.index(after: dot)...].allSatisfy({ $0.isLetter || $0.isNumber })
    else { return name }
    return String(name[..<dot])
  }
}

/// How predictions are written.
enum PredictionFormat: String, ExpressibleByArgument, CaseIterable {
  case table, jsonl, csv
  case text, json, ctm, stm, trn, srt, vtt
  /// Which words of a translation belong to which of its source.
  case pharaoh

  /// The format of transcripts with times that it is; nil for rows of any prediction.
  var transcripts: TranscriptFormat? { self == .text ? nil : TranscriptFormat(rawValue: rawValue) }
}
