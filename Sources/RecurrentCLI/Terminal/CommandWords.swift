import ArgumentParser

/// The words of a command before they are parsed.
enum CommandWords {
  /// Joins a negative number to the option before it, which would otherwise seem to lack its value.
  static func joined(_ words: [String]) -> [String] {
    var result: [String] = []
    for word in words {
      let isNegative = word.hasPrefix("-") && word.dropFirst().first.map { $0.isNumber || $0 == "." } ?? false
      if isNegative, let option = result.last, option.hasPrefix("--"), !option.contains("="), option.count > 2 {
        result[result.count - 1] = "\(option)=\(word)"
      } else {
        result.append(word)
      }
    }
    return result
  }

  /// A message when the words begin with a command that does not exist.
  static func problem(_ words: [String]) -> String? {
    guard let first = words.first, !first.hasPrefix("-"), first != "help" else { return nil }
    let commands = RecurrentCommand.configuration.subcommands
    guard let command = commands.first(where: { $0.configuration.commandName == first }) else {
      return problem(first, after: "recurrent", commands)
    }
    let inner = command.configuration.subcommands
    guard !inner.isEmpty, words.count > 1, !words[1].hasPrefix("-") else { return nil }
    if inner.contains(where: { $0.configuration.commandName == words[1] }) { return nil }
    return problem(words[1], after: "recurrent \(first)", inner)
  }

  private static func problem(_ word: String, after: String, _ commands: [any ParsableCommand.Type]) -> String {
    let names = commands.compactMap { $0.configuration.commandName }
    let reply =
      Suggestion.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
      ?? "expected \(names.map { "'\($0)'" }.joined(separator: ", "))"
    return "error: unknown command '\(word)'; \(reply)\nSee '\(after) --help' for more information."
  }
}
