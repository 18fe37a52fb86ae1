import ArgumentParser

/// Names that were probably meant.
enum Suggestion {
  /// A message about an unexpected argument where a subcommand is expected, with the names of these.
  static func improved(_ message: String) -> String {
    let opening = "error: Unexpected argument '"
    let lines = message.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard
      let first = lines.first, first.hasPrefix(opening), first.hasSuffix("'"), message.contains("<subcommand>")
    else { return message }
    let word = String(first.dropFirst(opening.count).dropLast())
    var commands = RecurrentCommand.configuration.subcommands
    if message.contains("recurrent train <subcommand>") { commands = TrainCommand.configuration.subcommands }
    let names = commands.compactMap { $0.configuration.commandName }
    let reply =
      nearest(to: word, among: names).map { "did you mean '\($0)'?" }
      ?? "expected \(names.map { "'\($0)'" }.joined(separator: ", "))"
    return (["error: Unknown command '\(word)'; \(reply)"] + lines.dropFirst().map { String($0) })
      .joined(separator: "\n")
  }

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
