/// Names that were probably meant.
enum Suggestion {
  /// The name that is at most two letters, or a third of its letters, away from `word`.
  static func nearest(to word: String, among names: [String]) -> String? {
    names.map { (name: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
      .filter { $0.distance <= max(2, $0.name.count / 3) }
      .min { $0.distance < $1.distance }?.name
  }

  /// How many letters must be put in, left out or changed (Levenshtein).
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(diagonal + (letter == other ? 0 : 1), above + 1, row[j] + 1)
        diagonal = above
      }
    }
    return row[b.count]
  }
}
