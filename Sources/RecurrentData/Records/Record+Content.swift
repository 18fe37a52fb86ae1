import RecurrentFormats

extension Record.Content {
  /// Reads a source with one sequence: WAVE, AIFF, AU, SPHERE, FLAC, WFDB, EDF, GIF, a folder of PNG, NumPy, a table of numbers, text; everything else that sounds or moves through
  /// ffmpeg.
  ///
  /// - Parameters:
  ///   - source: the source.
  ///   - format: how the numbers of a table are written; nil where its rows are to tell.
  /// - Throws: ``DataError`` or a format error.
  public init(reading source: DataSource, format: TableFormat? = nil) throws {
    let source = source.resolved
    switch source.storage {
    case .value(.text(let text)):
      self = .text(text)
      return
    case .value(.list(let steps))
    where !steps.contains(where: { if case .object = $0 { true } else { false } }):
      self = .series(
        try NumericSeries(steps) {
          .malformed(path: source.name, place: .line(1), expected: $0, found: $1)
        })
      return
    case .value(.object(let members)) where StrokeSequence.recognizes(members):
      self = .strokes(
        try StrokeSequence(members) {
          .malformed(path: source.name, place: .line(1), expected: $0, found: $1)
        })
      return
    case .value, .columns:
      self = .series(try NumericSeries(table: RecordTable(source, format: format)))
      return
    case .records(let records):
      guard records.count == 1 else {
        throw DataError.malformed(
          path: source.name, place: .line(1), expected: "one sequence", found: "\(records.count) records")
      }
      self = try records[0].read()
      return
    case .path where source.isFolder:
      self = .pictures(try FrameSequence(folder: source.name))
      return
    case .path where source.format == nil:
      // those are not opened here
      switch DataFormat(ending: DataFolder.ending(source.name)) {
      case .audio?:
        self = .sound(try FFmpeg.sound(source.name))
        return
      case .video?:
        self = .pictures(try FFmpeg.pictures(source.name))
        return
      default: break
      }
    case .path, .bytes: break
    }
    let file = try DataBytes(source)
    switch file.format {
    case .wav, .aiff, .au, .sphere, .flac: self = .sound(try SoundFile.read(file))
    case .s16le: self = .sound(try HeadlessSamples.read(file, bits: 16))
    case .f32le: self = .sound(try HeadlessSamples.read(file, bits: 32))
    case .wfdb, .edf: self = .series(try SignalRecording(SignalRecording.file(source)).series())
    case .gif: self = .pictures(try GIFFile.read(file))
    case .png: self = .pictures(try PNGFile.read(file))
    case .npy: self = .series(try NumericSeries(array: file))
    case .inkml: self = .strokes(try InkMLFile(file).strokes)
    case .csv, .tsv, .jsonl, .json:
      self = .series(try NumericSeries(table: RecordTable(source, format: format)))
    case .audio where source.isPath: self = .sound(try FFmpeg.sound(source.name))
    case .video where source.isPath: self = .pictures(try FFmpeg.pictures(source.name))
    case .text, .conll: self = .text(try file.text())
    case .fasta, .fastq, .genbank, .embl:
      let sequences = try SequenceFile(file)
      guard sequences.count == 1 else {
        throw DataError.malformed(
          path: source.name, place: .line(try sequences.entry(1).line), expected: "one sequence",
          found: "\(sequences.count) of them")
      }
      self = .text(sequences.text(try sequences.entry(0)))
    case .audio, .video:
      let name = file.withBytes { ForeignSound($0)?.name }
      throw DataError.malformed(
        path: file.path, place: .byte(0),
        expected:
          "sound or pictures of a kind that is read from memory: WAVE, AIFF, AU, SPHERE, FLAC or GIF; "
          + "convert it with ffmpeg, or name a file", found: name ?? "\(file.format)")
    case .idx, .ts, .tmx, .gff:
      throw DataError.malformed(
        path: file.path, place: .byte(0), expected: "one sequence, of a kind that is read here",
        found: "\(file.format)")
    }
  }

  /// What the sequence is made of; nil where a file must be read to know it.
  public var modality: Modality? {
    switch self {
    case .text, .words: .text
    case .sound: .sound
    case .pictures: .pictures
    case .series: .series
    case .strokes: .strokes
    case .file: nil
    }
  }

  /// What messages call it.
  var name: String {
    switch self {
    case .text: "text"
    case .words: "words that were split already"
    case .sound: "sound"
    case .pictures: "pictures"
    case .series: "numbers"
    case .strokes: "strokes"
    case .file: "a file"
    }
  }
}

extension Record {
  /// The content, of a file as it is read; never a file.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func read() throws -> Content {
    guard case .file(let source) = content else { return content }
    guard let segment else { return try Content(reading: source, format: format) }
    return try read(segment, of: source)
  }

  /// The record with its file read.
  ///
  /// - Throws: ``DataError`` or a format error.
  func loaded() throws -> Record {
    guard case .file(let source) = content else { return self }
    var copy = self
    (copy.content, copy.file) = (try read(), source.name)
    return copy
  }

  private func other(_ content: Content, _ expected: String) -> DataError {
    .malformed(path: place, place: .byte(0), expected: expected, found: content.name)
  }

  func text() throws -> String {
    let content = try read()
    guard case .text(let text) = content else { throw other(content, "text") }
    return text
  }

  func words() throws -> [String] {
    let content = try read()
    guard case .words(let words) = content else { throw other(content, "words that were split already") }
    return words
  }

  func pictures() throws -> FrameSequence {
    let content = try read()
    guard case .pictures(let pictures) = content else { throw other(content, "pictures") }
    return pictures
  }

  func strokes() throws -> StrokeSequence {
    let content = try read()
    guard case .strokes(let strokes) = content else { throw other(content, "strokes of a pen") }
    return strokes
  }

  /// Numbers of channels, of at least one step: by their names where it has all of them, else as many in their places.
  func series(channels: [String]) throws -> NumericSeries {
    let content = try read()
    guard case .series(let series) = content else { throw other(content, "numbers") }
    guard series.channels != channels, let chosen = series.choosing(channels) else {
      guard series.channelCount == channels.count, series.stepCount > 0 else {
        let names = channels.prefix(6).joined(separator: ", ") + (channels.count > 6 ? ", ..." : "")
        throw DataError.malformed(
          path: place, place: .byte(0), expected: "steps of \(channels.count) channels (\(names))",
          found: "\(series.stepCount) of \(series.channelCount)")
      }
      return series
    }
    return chosen
  }

  /// Sound that can be brought to a rate.
  func sound(rate: Double) throws -> Sound {
    let content = try read()
    guard case .sound(let sound) = content else { throw other(content, "sound") }
    try check(SoundLength(count: sound.count, rate: sound.rate), rate: rate)
    return sound
  }

  /// How long the sound is, of a file that is decoded here by its head.
  func soundLength(rate: Double) throws -> SoundLength {
    if case .file(let source) = content, let file = try? DataBytes(source), SoundFile.reads(file.format) {
      var length = try SoundFile.length(of: file)
      if let segment { length.count = try samples(of: segment, in: length).count }
      try check(length, rate: rate)
      return length
    }
    let sound = try sound(rate: rate)
    return SoundLength(count: sound.count, rate: sound.rate)
  }

  /// Samples a second of sound whose rate is known without decoding it; nil for all others.
  var soundRate: Double? {
    get throws {
      switch content {
      case .sound(let sound): return sound.rate
      case .file(let source):
        if source.format == .s16le || source.format == .f32le { return source.rate }
        guard SoundFile.isLikely(source), let file = try? DataBytes(source), SoundFile.reads(file.format)
        else {
          return nil
        }
        return try SoundFile.rate(of: file)
      case .text, .words, .pictures, .series, .strokes: return nil
      }
    }
  }

  /// How long it sounds, in seconds, where that is known without decoding it: in memory, and of a file that is decoded here by its
  /// head; nil for all others.
  var soundSeconds: Double? {
    get throws {
      var length: SoundLength
      switch content {
      case .sound(let sound): length = SoundLength(count: sound.count, rate: sound.rate)
      case .file(let source):
        guard SoundFile.isLikely(source), let file = try? DataBytes(source), SoundFile.reads(file.format)
        else { return nil }
        length = try SoundFile.length(of: file)
        if let segment { length.count = try samples(of: segment, in: length).count }
      case .text, .words, .pictures, .series, .strokes: return nil
      }
      return Double(length.count) / length.rate
    }
  }

  /// Sees to it that a sound can be read whole; of a file before it is decoded, where its head tells.
  ///
  /// - Parameters:
  ///   - seconds: how long it may be.
  ///   - expected: the same in words, with what else can be done.
  /// - Throws: ``DataError`` where it is longer, or a format error.
  public func check(soundAtMost seconds: Int, expected: String) throws {
    guard let own = try soundSeconds, own > Double(ExpansionLimit.scaled(seconds)) else { return }
    throw DataError.malformed(
      path: place, place: .byte(0), expected: "\(expected); \(ExpansionLimit.remedy)",
      found: "\(Int(own.rounded())) s")
  }

  /// From a fraction of a rate a damaged file would take all memory.
  private func check(_ sound: SoundLength, rate: Double) throws(DataError) {
    let becomes = Double(sound.count) * rate / sound.rate
    guard sound.rate * 32 >= rate, sound.rate <= 4096 * rate,
      becomes <= Double(max(sound.count, ExpansionLimit.scaled(1 << 25)))
    else {
      throw .malformed(
        path: place, place: .byte(0), expected: "sound at \(Int(rate)) Hz or a rate near it",
        found: "\(Int(sound.rate)) Hz, \(sound.count) samples")
    }
    // windows every 10 ms are many for few samples where the rate is low
    let windows = becomes / max(1, (0.01 * rate).rounded())
    guard windows <= max(becomes / 80, Double(ExpansionLimit.scaled(1 << 19))) else {
      throw .malformed(
        path: place, place: .byte(0),
        expected: "at most \(ExpansionLimit.scaled(1 << 19)) windows of 10 ms of a rate below 8000 Hz; "
          + ExpansionLimit.remedy,
        found: "\(sound.count) samples at \(Int(sound.rate)) Hz")
    }
  }
}

extension DataBytes {
  /// The text without a byte order mark.
  fileprivate func text() throws(DataError) -> String {
    try withBytes { (bytes) throws(DataError) in
      switch checkUTF8(bytes.bindMemory(to: UInt8.self)) {
      case .complete: break
      case .incomplete(let index), .invalid(let index):
        throw .malformed(
          path: path, place: .byte(index),
          expected:
            "a sequence: WAVE, AIFF, FLAC, WFDB, EDF, GIF, NumPy, a table, text in UTF-8, or a file that ffmpeg reads",
          found: "the byte \(bytes[index])")
      }
      return String(decoding: bytes[textStart(bytes)...], as: UTF8.self)
    }
  }
}
