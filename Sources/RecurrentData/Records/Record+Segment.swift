extension Record {
  /// How much longer than its file a segment may be, in seconds: ends are often rounded, or found by another decoder.
  private static let segmentSlack = 0.5

  /// Reads a part of a source with sound or pictures; of a file of sound that is decoded here no more than that.
  func read(_ segment: Range<Double>, of source: DataSource) throws -> Content {
    if source.format.map(SoundFile.reads) ?? true, SoundFile.isLikely(source),
      let file = try? DataBytes(source), SoundFile.reads(file.format)
    {
      return .sound(
        try SoundFile.read(file) { (length) throws(DataError) in try samples(of: segment, in: length) })
    }
    let resolved = source.resolved
    if try resolved.areSignals {
      let signals = try SignalRecording(SignalRecording.file(resolved))
      let end = Double(signals.stepCount) / signals.rate
      try check(segment, within: end)
      let steps = signals.steps(segment)
      guard !steps.isEmpty else { throw outside(segment, end) }
      return .series(try signals.series(steps))
    }
    let content = try Content(reading: source, format: format)
    switch content {
    case .sound(let sound):
      let range = try samples(of: segment, in: SoundLength(count: sound.count, rate: sound.rate))
      return .sound(Sound(rate: sound.rate, channels: sound.channels.map { Array($0[range]) }))
    case .pictures(let pictures): return .pictures(try part(segment, of: pictures))
    case .text, .words, .series, .strokes, .file:
      throw DataError.malformed(
        path: place, place: .byte(0), expected: "sound or pictures, of which a segment is asked for",
        found: content.name)
    }
  }

  /// The samples of a segment of a sound.
  func samples(of segment: Range<Double>, in sound: SoundLength) throws(DataError) -> Range<Int> {
    let end = Double(sound.count) / sound.rate
    try check(segment, within: end)
    let first = Int((segment.lowerBound * sound.rate).rounded())
    let last = segment.upperBound >= end ? sound.count : Int((segment.upperBound * sound.rate).rounded())
    guard first < min(last, sound.count) else { throw outside(segment, end) }
    return first..<min(last, sound.count)
  }

  /// The pictures that are shown in a segment.
  private func part(_ segment: Range<Double>, of pictures: FrameSequence) throws(DataError) -> FrameSequence {
    let durations = FrameSequence.clock(of: pictures.durations).durations
    let end = durations.reduce(0, +)
    try check(segment, within: end)
    var (time, kept) = (0.0, [Int]())
    for (index, duration) in durations.enumerated() {
      let middle = time + duration / 2
      if segment.contains(middle) { kept.append(index) }
      time += duration
    }
    guard !kept.isEmpty else { throw outside(segment, end) }
    return FrameSequence(
      width: pictures.width, height: pictures.height, frames: kept.map { pictures.frames[$0] },
      durations: kept.map { pictures.durations[$0] })
  }

  private func check(_ segment: Range<Double>, within end: Double) throws(DataError) {
    let isKnown = segment.upperBound.isInfinite || segment.upperBound <= end + Record.segmentSlack
    guard segment.lowerBound >= 0, segment.lowerBound < end, isKnown else { throw outside(segment, end) }
  }

  private func outside(_ segment: Range<Double>, _ end: Double) -> DataError {
    .malformed(
      path: place, place: .byte(0), expected: "a segment within 0 s to \(end) s",
      found: "\(segment.lowerBound) s to \(segment.upperBound) s")
  }
}
