import ArgumentParser

/// The words of a command before they are parsed.
enum CommandWords {
  /// Options of `train` whose value makes the task another one: what that learns from, or predicts, has nothing in common with the rest.
  private static let tasksOfTheirOwn = [
    (task: "control", option: "--kind", value: "reinforcement"),
    (task: "music", option: "--representation", value: "performance"),
  ]

  /// `train control --kind reinforcement` and `train music --representation performance` as the tasks of their own that they are.
  static func resolved(_ words: [String]) -> [String] {
    for (task, option, value) in tasksOfTheirOwn where words.starts(with: ["train", task]) {
      var rest = Array(words.dropFirst(2))
      if let place = rest.firstIndex(of: "\(option)=\(value)") {
        rest.remove(at: place)
      } else if let place = rest.firstIndex(of: option), rest.dropFirst(place + 1).first == value {
        rest.removeSubrange(place...place + 1)
      } else {
        continue
      }
      return ["train", value] + rest
    }
    return words
  }

  /// Joins a value that begins with a dash to the option before it, which would otherwise seem to lack its value: negative
  /// numbers, and prompts that are no flags.
  static func joined(_ words: [String]) -> [String] {
    var result: [String] = []
    for word in words {
      if let option = result.last, option.hasPrefix("--"), !option.contains("="), option.count > 2,
        isNegativeNumber(word) || (["--prompt", "--stop", "--text"].contains(option) && isText(word))
      {
        result[result.count - 1] = "\(option)=\(word)"
      } else {
        result.append(word)
      }
    }
    return result
  }

  private static func isNegativeNumber(_ word: String) -> Bool {
    word.hasPrefix("-") && word.dropFirst().first.map { $0.isNumber || $0 == "." } ?? false
  }

  /// Whether a word begins with a dash and yet is no flag: flags are letters between single dashes.
  private static func isText(_ word: String) -> Bool {
    guard word.hasPrefix("-") else { return false }
    let name = word.drop { $0 == "-" }.prefix { $0 != "=" }
    return word.hasPrefix("---") || name.isEmpty
      || !name.allSatisfy { ($0.isASCII && $0.isLetter) || $0 == "-" }
  }

  /// The command that the words begin with, such as `recurrent train forecasting`.
  static func name(_ words: [String]) -> String {
    var (name, commands) = ("recurrent", RecurrentCommand.configuration.subcommands)
    for word in words {
      guard let own = commands.first(where: { $0.configuration.commandName == word }) else { break }
      (name, commands) = ("\(name) \(word)", own.configuration.subcommands)
    }
    return name
  }

  /// A message when the words begin with a command that does not exist, or hold an option that it does not know.
  static func problem(_ words: [String]) -> String? {
    guard let first = words.first, !first.hasPrefix("-"), first != "help" else { return nil }
    let commands = RecurrentCommand.configuration.subcommands
    guard let command = commands.first(where: { $0.configuration.commandName == first }) else {
      return problem(first, after: "recurrent", commands)
    }
    let inner = command.configuration.subcommands
    if inner.isEmpty { return unknownOption(Array(words.dropFirst()), of: command, "recurrent \(first)") }
    guard words.count > 1, !words[1].hasPrefix("-") else { return nil }
    guard let own = inner.first(where: { $0.configuration.commandName == words[1] }) else {
      return problem(words[1], after: "recurrent \(first)", inner)
    }
    return unknownOption(Array(words.dropFirst(2)), of: own, "recurrent \(first) \(words[1])")
  }

  private static func unknownOption(
    _ words: [String], of command: any ParsableCommand.Type, _ name: String
  ) -> String? {
    guard words.contains(where: { $0.hasPrefix("-") }) else { return nil }
    return OptionNames(command).problem(words).map { "\($0)\nSee '\(name) --help' for more information." }
  }

  private static func problem(_ word: String, after: String, _ commands: [any ParsableCommand.Type]) -> String
  {
    let names = commands.compactMap { $0.configuration.commandName }
    let reply =
      Suggestion.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
      ?? "expected \(names.map { "'\($0)'" }.joined(separator: ", "))"
    return "error: unknown command '\(word)'; \(reply)\nSee '\(after) --help' for more information."
  }
}
