/// The feature table of a record of GenBank or EMBL, as the International Nucleotide Sequence Database Collaboration defines it.
struct FeatureTable {
  /// The features in their order.
  let features: [SequenceFeature]

  /// Reads the table of a sequence.
  ///
  /// - Throws: ``DataError`` for a place that cannot be read.
  init(_ entry: SequenceEntry, in file: SequenceFile) throws(DataError) {
    guard let table = entry.features else {
      features = []
      return
    }
    features = try file.bytes.withBytes { (bytes) throws(DataError) in
      var lines = ByteLines(
        UnsafeRawBufferPointer(rebasing: bytes[..<table.bytes.upperBound]), from: table.bytes.lowerBound,
        line: table.line)
      var (features, kind, place, start) = ([SequenceFeature](), "", "", 0)
      func end() throws(DataError) {
        guard !kind.isEmpty else { return }
        var parser = GenBankPlace(place, circle: entry.isCircular ? entry.count : nil)
        guard let parts = parser.parts() else {
          throw .malformed(
            path: file.bytes.path, place: .line(start), expected: "a place such as 12..34 or join(1..2,5..9)",
            found: "\"\(place.prefix(40))\"")
        }
        // those on other records alone are none here
        if !parts.isEmpty {
          features.append(
            SequenceFeature(
              sequence: entry.name, kind: kind, parts: parts, line: start, wraps: entry.isCircular))
        }
      }
      var isQualified = false
      while let line = lines.next() {
        var text = lines.text(line.bytes)
        if file.format == .embl {
          // the same table behind a mark; other lines may stand between
          guard text.hasPrefix("FT") else { continue }
          text = "  " + text.dropFirst(2)
        }
        let indent = text.prefix { $0 == " " }.count
        let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let first = words.first else { continue }
        if indent < 20 {
          try end()
          (kind, start, isQualified) = (String(first), line.number, false)
          place = words.count > 1 ? words[1].filter { $0 != " " } : ""
        } else if first.hasPrefix("/") {
          isQualified = true
        } else if !isQualified {
          place += text.filter { $0 != " " }
        }
      }
      try end()
      return features
    }
  }
}

/// A place of a table of GenBank: `12..34`, `<12..>34`, `12`, `12^13`, `complement(...)`, `join(...)`, `order(...)`, a part of
/// another record, `J00194.1:1..9`, which is left out.
struct GenBankPlace {
  private var rest: Substring
  private var depth = 0
  private let circle: Int?

  /// - Parameters:
  ///   - text: the place.
  ///   - circle: how many bases the sequence has where it is a circle, over whose end `190..20` runs.
  init(_ text: String, circle: Int? = nil) { (rest, self.circle) = (text[...], circle) }

  /// The parts as they are read, those of `complement(...)` from the last on; nil for anything else.
  mutating func parts() -> [SequenceFeature.Part]? {
    guard let own = list(isReversed: false), rest.isEmpty else { return nil }
    return own
  }

  private mutating func list(isReversed: Bool) -> [SequenceFeature.Part]? {
    // places within places are two or three deep
    depth += 1
    defer { depth -= 1 }
    guard depth < 16 else { return nil }
    for name in ["complement(", "join(", "order(", "one-of(", "bond(", "gap("] where take(name) {
      if name == "gap(" {
        _ = number()
        return take(")") ? [] : nil
      }
      let turns = name == "complement("
      var parts: [SequenceFeature.Part] = []
      repeat {
        guard let own = list(isReversed: isReversed != turns) else { return nil }
        parts += own
      } while take(",")
      return take(")") ? (turns ? parts.reversed() : parts) : nil
    }
    return span(isReversed: isReversed)
  }

  private mutating func span(isReversed: Bool) -> [SequenceFeature.Part]? {
    var isElsewhere = false
    if let colon = rest.prefix(while: { $0 != "," && $0 != ")" }).firstIndex(of: ":") {
      isElsewhere = true
      rest = rest[rest.index(after: colon)...]
    }
    _ = take("<") || take(">")
    guard let first = number() else { return nil }
    var last = first
    if take("..") || take("^") || take(".") {
      _ = take("<") || take(">")
      guard let end = number() else { return nil }
      last = end
    }
    guard first > 0, last > 0, first < 1 << 40, last < 1 << 40 else { return nil }
    if isElsewhere { return [] }
    if last < first {
      guard let circle, first <= circle else { return nil }
      last += circle
    }
    return [SequenceFeature.Part(bases: first - 1..<last, isReversed: isReversed)]
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.hasPrefix(text) else { return false }
    rest = rest.dropFirst(text.count)
    return true
  }

  private mutating func number() -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    return Int(digits)
  }
}
