/// The characters that transcripts are written with.
public struct TranscriptCharacters: Sendable, Equatable {
  /// How often each occurs.
  public private(set) var counts: [Character: Int] = [:]

  /// Those of all transcripts.
  public init(_ records: RecordSource) {
    for index in 0..<records.count {
      for character in records.transcript(index) ?? "" { counts[character, default: 0] += 1 }
    }
  }

  /// The characters, in the order of their scalars.
  public var sorted: [Character] {
    counts.keys.sorted { String($0).unicodeScalars.lexicographicallyPrecedes(String($1).unicodeScalars) }
  }

  /// A warning of transcripts with characters that these do not have, which can never be read right; nil where all are known.
  public func note(on records: RecordSource) -> DataNote? {
    var unknown: [Character: Int] = [:]
    var (count, first) = (0, "")
    for index in 0..<records.count {
      let own = (records.transcript(index) ?? "").filter { counts[$0] == nil }
      if own.isEmpty { continue }
      for character in own { unknown[character, default: 0] += 1 }
      if count == 0 { first = records.name(index) }
      count += 1
    }
    guard count > 0 else { return nil }
    let frequent = unknown.sorted { ($1.value, String($0.key)) < ($0.value, String($1.key)) }
    let shown =
      frequent.prefix(8).map { "\"\($0.key)\"" }.joined(separator: ", ") + (frequent.count > 8 ? ", ..." : "")
    return DataNote(
      .warning,
      "\(count) of \(records.count) transcripts have characters that training does not have, \(shown), the first at "
        + "\(first): they are never written")
  }
}
