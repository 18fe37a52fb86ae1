/// A training whose figure is known: a row of `Documentation/results.md`, which a test compares.
struct Recipe: Sendable {
  /// What it is asked for by.
  let name: String
  /// The data, as people call them.
  let what: String
  /// Where its files stand in a folder of data that is laid out by application; empty for none or those of the package alone.
  var folder = ""
  /// The words behind `recurrent`: files of the folder in braces, `{}` for the folder itself, quotes around words with blanks.
  let command: String
  /// The files that come with the package, in `Examples/Data`, by their names in the folder.
  var shipped: [String: String] = [:]
  /// The metric that is compared: of the test part, or its mean over the parts of a cross-validation.
  var metric = "accuracy"
  /// Its values as the table prints them, of seeds 1, 2 and so on; this run is that of seed 1.
  let figures: String
  /// Whether the table prints hundredths.
  var isPercent = false
  /// What is expected.
  let band: RecipeBand
  /// Seconds of training on one thread of the machine of the table.
  let seconds: Double

  /// The words behind `recurrent`, with `file` in place of each name in braces.
  func words(_ file: (String) -> String) -> [String] {
    // every other piece stands between quotes
    let pieces = command.split(separator: "\"", omittingEmptySubsequences: false)
    let words = pieces.enumerated().flatMap { index, piece in
      index % 2 == 1 ? [String(piece)] : piece.split(separator: " ").map(String.init)
    }
    return words.map { $0.hasPrefix("{") ? file(String($0.dropFirst().dropLast())) : $0 }
  }

  /// The names of its files in its folder.
  var files: [String] {
    var names: [String] = []
    _ = words { name in
      names.append(name)
      return name
    }
    return names
  }

  /// The command as it is shown: files by their own names.
  var shown: String {
    words { $0.isEmpty ? folder.split(separator: "/").last.map(String.init) ?? "" : $0 }
      .map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " ")
  }

  /// The values of the seeds.
  var values: [Double] {
    let values = figures.split(separator: ", ").compactMap { Double($0) }
    return isPercent ? values.map { $0 / 100 } : values
  }

  /// Between which values the metric is expected; shares are at most one.
  var range: ClosedRange<Double> {
    let range = band.range(around: values)
    return Recipe.shares.contains(metric) ? range.lowerBound...min(range.upperBound, 1) : range
  }

  /// Metrics that are at most one.
  private static let shares: Set = ["accuracy", "F1", "R2", "success rate"]
}
