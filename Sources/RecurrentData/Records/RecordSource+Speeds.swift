extension Sound {
  /// Speeds at which sounds can be played.
  public static let speeds = 0.25...4.0

  /// The sound played at another speed, with higher or lower tones: of the length divided by it, at the same rate. Traps for a
  /// speed outside ``speeds``.
  public func played(at speed: Double) -> Sound {
    trapUnless(Sound.speeds.contains(speed), "Sound.played: the speed \(speed) is outside \(Sound.speeds)")
    guard speed != 1 else { return self }
    let resampler = Resampler(from: rate * speed, to: rate)
    return Sound(rate: rate, channels: channels.map { resampler($0) })
  }
}

extension RecordSource {
  /// Each sequence at several speeds, one after the other, where all are sounds; with a speed of 1 alone as it is.
  ///
  /// - Parameter speeds: within ``Sound/speeds``.
  public func played(at speeds: [Double]) -> RecordSource {
    speeds == [1] || speeds.isEmpty ? self : replacing(PlayedRecords(base: storage, speeds: speeds))
  }
}

extension Record {
  /// The sound at another speed, with the times of what happens in it.
  ///
  /// - Throws: ``DataError`` where it is no sound, or a format error.
  func played(at speed: Double) throws -> Record {
    guard speed != 1 else { return self }
    var copy = try loaded()
    guard case .sound(let sound) = copy.content else {
      throw DataError.malformed(
        path: place, place: .byte(0), expected: "sound, which alone is played at several speeds",
        found: copy.content.name)
    }
    copy.content = .sound(sound.played(at: speed))
    copy.segment = nil
    copy.events = events?.map { LabelledEvent(label: $0.label, start: $0.start / speed, end: $0.end / speed) }
    return copy
  }
}

/// Sounds at several speeds each.
private struct PlayedRecords: RecordStorage {
  let base: any RecordStorage
  let speeds: [Double]

  private func speed(_ index: Int) -> Double { speeds[index % speeds.count] }

  var count: Int { base.count * speeds.count }
  func name(_ index: Int) -> String {
    let name = base.name(index / speeds.count)
    return speed(index) == 1 ? name : "\(name) at speed \(speed(index))"
  }
  func record(_ index: Int) throws -> Record {
    try base.record(index / speeds.count).played(at: speed(index))
  }
  func label(_ index: Int) -> String? { base.label(index / speeds.count) }
  func transcript(_ index: Int) -> String? { base.transcript(index / speeds.count) }
  func alternatives(_ index: Int) -> [String] { base.alternatives(index / speeds.count) }
  func group(_ index: Int) -> String? { base.group(index / speeds.count) }
  func part(_ index: Int) -> DataPart? { base.part(index / speeds.count) }
  func clock(_ index: Int) -> StepClock? { base.clock(index / speeds.count) }
  func events(_ index: Int) -> [LabelledEvent]? {
    base.events(index / speeds.count)?.map { event in
      LabelledEvent(label: event.label, start: event.start / speed(index), end: event.end / speed(index))
    }
  }
}
