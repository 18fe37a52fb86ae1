/// Features of sequences in GFF3 or GTF: nine fields with tabs between them, positions from 1 to the last. Lines of one feature,
/// such as the exons of what is coded, have one `ID`, one `Parent` or one `transcript_id`.
struct GFFFile: Sendable {
  /// The features in the order of their first lines.
  let features: [SequenceFeature]

  /// Reads a file, up to the sequences that may stand at its end.
  ///
  /// - Throws: ``DataError``.
  init(_ file: DataBytes) throws(DataError) {
    var (features, places, circles) = ([SequenceFeature](), [String: Int](), Set<String>())
    for (number, line) in try file.filledLines() {
      if line.hasPrefix("##FASTA") || line.hasPrefix(">") { break }
      if line.hasPrefix("#") { continue }
      func malformed(_ expected: String, _ found: some StringProtocol) -> DataError {
        .malformed(
          path: file.path, place: .line(number), expected: expected,
          found: found.isEmpty ? "nothing" : "\"\(found.prefix(40))\"")
      }
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 9 || fields.count == 8 else {
        throw malformed("9 fields with tabs between them", line)
      }
      guard let start = Int(fields[3]), start > 0 else {
        throw malformed("a first base from 1 on", fields[3])
      }
      guard let end = Int(fields[4]), end >= start, end < 1 << 40 else {
        throw malformed("a last base from \(start) on", fields[4])
      }
      let isReversed: Bool? =
        switch fields[6] {
        case "+": false
        case "-": true
        case ".", "?": nil
        default: throw malformed("a strand: + - . or ?", fields[6])
        }
      let part = SequenceFeature.Part(bases: start - 1..<end, isReversed: isReversed)
      let (sequence, kind) = (GFFFile.decoded(fields[0]), String(fields[2]))
      if fields.count == 9, fields[8].contains("Is_circular=true") { circles.insert(sequence) }
      let owner = fields.count == 9 ? GFFFile.owner(fields[8]) : nil
      let key = owner.map { "\(sequence)\t\(kind)\t\($0)" }
      if let key, let place = places[key] {
        features[place].parts.append(part)
      } else {
        if let key { places[key] = features.count }
        features.append(SequenceFeature(sequence: sequence, kind: kind, parts: [part], line: number))
      }
    }
    guard !features.isEmpty else { throw .empty(path: file.path) }
    for index in features.indices {
      features[index].wraps = circles.contains(features[index].sequence)
      // lines stand in any order
      let isReversed = features[index].parts.allSatisfy { $0.isReversed == true }
      features[index].parts.sort {
        isReversed
          ? $0.bases.lowerBound > $1.bases.lowerBound : $0.bases.lowerBound < $1.bases.lowerBound
      }
    }
    self.features = features
  }

  /// A name with the bytes that `%7C` and the like stand for.
  private static func decoded(_ text: Substring) -> String {
    guard text.contains("%") else { return String(text) }
    var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let own = UInt8(digits, radix: 16) {
        bytes.append(own)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What the lines of one feature have in common.
  private static func owner(_ attributes: Substring) -> Substring? {
    var found: [Substring: Substring] = [:]
    for attribute in attributes.split(separator: ";") {
      let text = attribute.drop { $0 == " " }
      guard let sign = text.firstIndex(where: { $0 == "=" || $0 == " " }) else { continue }
      let value = text[text.index(after: sign)...].filter { $0 != "\"" }
      found[text[..<sign]] = Substring(value)
    }
    // the exons of one transcript may have identifiers of their own
    return found["Parent"] ?? found["transcript_id"] ?? found["ID"]
  }
}
