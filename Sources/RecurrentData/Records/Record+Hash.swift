import RecurrentFormats

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Record {
  /// What a record says besides its content.
  private struct Facts: Encodable {
    let label: String?
    let stepLabels: [String]?
    let clock: StepClock?
    let events: [LabelledEvent]?
    let group: String?
    let part: DataPart?
    let transcript: String?
    let alternatives: [String]?
    let segment: [Double]?
  }

  /// The SHA-256 of records, in hexadecimal.
  ///
  /// - Throws: a format error where the file of one cannot be read.
  static func hash(_ records: [Record]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var hash = SHA256()
    for record in records {
      let facts = Facts(
        label: record.label, stepLabels: record.stepLabels, clock: record.clock, events: record.events,
        group: record.group, part: record.part, transcript: record.transcript,
        alternatives: record.alternatives.isEmpty ? nil : record.alternatives,
        segment: record.segment.map { [$0.lowerBound, $0.upperBound] })
      hash.add(String(decoding: try encoder.encode(facts), as: UTF8.self))
      try hash.add(record.content)
    }
    return hash.finish()
  }
}

extension SHA256 {
  /// Adds a text behind its length.
  mutating func add(_ text: String) {
    add([text.utf8.count])
    update(Array(text.utf8))
  }

  /// Adds numbers by their bits, behind how many they are. All platforms are little-endian.
  mutating func add<Number>(_ numbers: [Number]) {
    withUnsafeBytes(of: numbers.count) { update($0) }
    numbers.withUnsafeBytes { update($0) }
  }

  fileprivate mutating func add(_ content: Record.Content) throws {
    add(content.name)
    switch content {
    case .text(let text): add(text)
    case .words(let words): for word in words { add(word) }
    case .sound(let sound):
      add([sound.rate])
      for channel in sound.channels { add(channel) }
    case .pictures(let pictures):
      add([pictures.width, pictures.height])
      add(pictures.durations)
      for frame in pictures.frames { add(frame) }
    case .series(let series):
      for channel in series.channels { add(channel) }
      add(series.values)
      add(series.times ?? [])
    case .strokes(let strokes):
      add([strokes.isUpward ? 1 : 0])
      for stroke in strokes.strokes { add(stroke.flatMap { [$0.x, $0.y] }) }
    case .file(let source): add(try source.hash())
    }
  }
}
