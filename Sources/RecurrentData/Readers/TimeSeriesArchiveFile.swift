/// A file of the time series archives (`.ts`): a head of `@` lines, then a case a line, dimensions set apart by colons,
/// values by commas, the class behind the last colon.
public struct TimeSeriesArchiveFile: Sendable {
  /// One case.
  public struct Case: Sendable, Equatable {
    /// `[channel][step]`; NaN where a value is missing.
    public var channels: [[Float]]
    /// The class, or the target; nil without.
    public var label: String?
    /// The line in the file.
    public var line: Int
  }

  /// The name of the problem.
  public let name: String
  /// The classes that the head names; empty without.
  public let classes: [String]
  /// The cases.
  public let cases: [Case]

  /// Reads a file.
  ///
  /// - Throws: ``DataError``.
  public init(_ file: DataBytes) throws(DataError) {
    var (name, classes, hasLabels, isData) = ("", [String](), false, false)
    var cases: [Case] = []
    for (index, line) in try file.lines().enumerated() {
      let content = line.trimmingBlanks
      if content.isEmpty || content.hasPrefix("#") { continue }
      func malformed(_ expected: String, _ found: String) -> DataError {
        .malformed(path: file.path, place: .line(index + 1), expected: expected, found: found)
      }
      guard isData else {
        guard content.hasPrefix("@") else {
          throw malformed("a line of the head, or @data", "\"\(content.prefix(40))\"")
        }
        let words = content.dropFirst().split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        switch words.first?.lowercased() {
        case "problemname": name = words.dropFirst().joined(separator: " ")
        case "classlabel", "targetlabel":
          hasLabels = words.count > 1 && words[1].lowercased() == "true"
          classes = Array(words.dropFirst(2))
        case "timestamps":
          if words.count > 1, words[1].lowercased() == "true" {
            throw malformed("values without times", "@timeStamps true")
          }
        case "data": isData = true
        default: break
        }
        continue
      }
      var parts = content.split(separator: ":", omittingEmptySubsequences: false).map {
        String($0).trimmingBlanks
      }
      let label = hasLabels ? parts.popLast() : nil
      guard !parts.isEmpty else { throw malformed("at least one dimension", "none") }
      var channels: [[Float]] = []
      for part in parts {
        var values: [Float] = []
        for field in part.split(separator: ",", omittingEmptySubsequences: false) {
          let word = String(field).trimmingBlanks
          if word.isEmpty { throw malformed("a number", "nothing") }
          let value = try FieldNumber.read(word, .plain, malformed: malformed)
          values.append(value.map { Float($0) } ?? .nan)
        }
        channels.append(values)
      }
      guard channels.allSatisfy({ $0.count == channels[0].count }) else {
        throw malformed("dimensions of one length", "lengths \(channels.map(\.count))")
      }
      if let label, !classes.isEmpty, !classes.contains(label) {
        throw malformed("one of the classes \(classes.joined(separator: " "))", "\"\(label)\"")
      }
      if let first = cases.first, first.channels.count != channels.count {
        throw malformed("\(first.channels.count) dimensions", "\(channels.count)")
      }
      cases.append(Case(channels: channels, label: label, line: index + 1))
    }
    guard !cases.isEmpty else { throw .empty(path: file.path) }
    (self.name, self.classes, self.cases) = (name, classes, cases)
  }
}
