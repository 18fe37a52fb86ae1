/// Features of sequences in GFF3 or GTF: nine fields with tabs between them, positions from 1 to the last. Lines of one feature,
/// such as the exons of what is coded, have one `ID`, one `Parent` or one `transcript_id`.
struct GFFFile: Sendable {
  /// The features in the order of their first lines.
  let features: [SequenceFeature]

  /// Reads a file, up to the sequences that may stand at its end.
  ///
  /// - Throws: ``DataError``.
  init(_ file: DataBytes) throws(DataError) {
    var (features, places) = ([SequenceFeature](), [String: Int]())
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
      let (sequence, kind) = (String(fields[0]), String(fields[2]))
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
    self.features = features
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
