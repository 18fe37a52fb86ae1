import RecurrentReports

extension TranscriptionTask {
  /// What the transcripts of the training part are like.
  func notes(_ transcripts: [String]) -> [DataNote] {
    let words = transcripts.reduce(0) { $0 + $1.split(whereSeparator: \.isWhitespace).count }
    let different = Set(transcripts.flatMap { $0.split(whereSeparator: \.isWhitespace) }).count
    let unit = units.kind.rawValue
    var notes = [
      DataNote(
        .found,
        "\(counted(transcripts.count, "transcript")) to train on with \(counted(words, "word")), \(grouped(different)) "
          + "different"),
      DataNote(
        .assumed,
        "the network writes \(unit)s: \(counted(units.vocabulary.count, unit)) beside the blank, at "
          + "\(rounded(frameRate, 1)) frames a \(timeUnit?.symbol ?? "second")", setting: "unit"),
    ]
    if units.kind == .word {
      notes.append(
        DataNote(.assumed, "words that the training part lacks are never written", setting: "unit"))
    }
    if let wordTimes { notes.append(wordTimes.note(unit: timeUnit?.symbol ?? "seconds")) }
    if isCausal {
      notes.append(
        DataNote(
          .found,
          "a frame waits for \(timeUnit == nil ? "\(rounded(latency * 1000, 0)) ms" : "\(rounded(latency, 0)) steps") of what follows"
        ))
    }
    return notes
  }

  /// How long a frame of a causal network waits for what its outputs depend on, in units of time: half a window of sound, the
  /// frames that differences see and that are stacked, steps that become one, and those that a convolution looks ahead.
  var latency: Double {
    let steps = Double(network.stride - 1 + network.lookahead * network.stride)
    guard case .sound(let own) = featurizer else { return steps / rate }
    let frames = (own.spectrum.deltaOrder > 0 ? 4 : 0) + featurizer.framesOfStep - 1
    let samples = Double(own.spectrum.windowSize) / 2 + Double(frames * own.spectrum.hop)
    return samples / own.spectrum.rate + steps / rate
  }

  /// What is remarkable about recordings that are not trained on.
  ///
  /// - Throws: what finding out their lengths throws.
  func notes(of records: RecordSource, _ part: String) throws -> [DataNote] {
    var notes: [DataNote] = []
    let feasibility = try TranscriptFeasibility(self, records)
    if let sentence = feasibility.sentence(part.isEmpty ? "here" : part) {
      notes.append(DataNote(.warning, sentence + "; they cannot be read without errors"))
    }
    var (unknown, total, examples) = (0, 0, [String]())
    for index in 0..<records.count {
      guard let text = records.transcript(index) else { continue }
      let count = units.unknownCount(in: text)
      total += units.outputs(of: text).count + count
      guard count > 0 else { continue }
      unknown += count
      if examples.count < 5 { examples.append("\"\(text.prefix(40))\"") }
    }
    if unknown > 0 {
      notes.append(
        DataNote(
          .warning,
          "\(percent(Double(unknown) / Double(total))) of the \(units.kind.rawValue)s \(part.isEmpty ? "here" : part) are "
            + "none of the training part and cannot be written, as in \(examples.joined(separator: ", "))",
          setting: "unit"))
    }
    return notes
  }
}
