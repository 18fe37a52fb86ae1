import RecurrentFormats

/// The steps of one source of a log, before moves have their numbers.
struct ControlPart {
  /// The source.
  var path: String
  var inputs: [String]
  var outputs: [String]
  /// `[T * I]`.
  var values: [Float] = []
  /// `[T * D]`; empty of moves.
  var targets: [Float] = []
  /// The moves of all steps, empty where one is not known; nil where outputs are numbers.
  var labels: [String]?
  /// The line of each step, where there are lines.
  var lines: [Int]?
  /// Where each episode begins, rising from 0, with its name and what it is for.
  var starts: [(step: Int, name: String, part: DataPart?)] = []
  var stepCount = 0
  var interval: Double?
  var format: TableFormat?
  var episodeColumn: String?
  var timeColumn: String?
  var notes: [DataNote] = []

  /// The parts of a source.
  static func parts(
    _ source: DataSource, columns: ControlColumns, need: ControlLog.Need
  ) throws -> [ControlPart] {
    if ControlArchive.recognizes(source) { return [try ControlArchive(source, columns, need).part] }
    return [try ControlTable(source, columns, need).part]
  }

  /// Whether two distances are the same but for rounding.
  static func areAlike(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 0.01 * max(abs(a), abs(b)) }

  /// The episodes, with the numbers of moves.
  ///
  /// - Throws: ``DataError`` for a move that the training did not have, where it counts.
  func episodes(_ numbers: [String: Float], needsOutputs: Bool) throws(DataError) -> [ControlLog.Episode] {
    var targets = targets
    if let labels {
      targets = []
      for (step, label) in labels.enumerated() {
        let number = numbers[label]
        guard number != nil || !needsOutputs else {
          throw .malformed(
            path: path, place: .line(lines?[step] ?? step + 1),
            expected: "a move of the training: \(numbers.keys.sorted().prefix(20).joined(separator: ", "))",
            found: "\"\(label.prefix(40))\"")
        }
        targets.append(number ?? .nan)
      }
    }
    let ends = starts.dropFirst().map(\.step) + [stepCount]
    let (width, size) = (inputs.count, outputs.count)
    return zip(starts, ends).map { start, end in
      ControlLog.Episode(
        name: start.name, inputs: Array(values[start.step * width..<end * width]),
        outputs: Array(targets[start.step * size..<end * size]), stepCount: end - start.step, part: start.part
      )
    }
  }
}
