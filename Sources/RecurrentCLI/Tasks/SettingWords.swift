import ArgumentParser
import Recurrent

/// The words of a command that are not its own flags: the data, and settings under their names.
struct SettingWords {
  /// Files and folders.
  private(set) var paths: [String] = []
  /// What is set.
  private(set) var settings = Settings()

  /// Reads words in their order.
  ///
  /// - Throws: a validation error that says which settings there are.
  init(_ words: [String], _ groups: [SettingsGroup]) throws {
    let known = groups.flatMap(\.settings)
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--"), word.count > 2 else {
        if word.hasPrefix("-"), word.count > 1, word != "-" {
          throw ValidationError("unknown option '\(word)'")
        }
        paths.append(word)
        continue
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if parts.count == 1, name.hasPrefix("no-"),
        let setting = known.first(where: { $0.name == name.dropFirst(3) }), setting.kind == .bool
      {
        try settings.set(setting, to: "false")
        continue
      }
      guard let setting = known.first(where: { $0.name == name }) else {
        let hint =
          Suggestion.nearest(to: name, among: known.map(\.name)).map { "; did you mean '--\($0)'?" } ?? ""
        throw ValidationError("unknown option '--\(name)'\(hint)")
      }
      if setting.kind == .bool, parts.count == 1 {
        try settings.set(setting, to: "true")
        continue
      }
      let value: String
      if parts.count == 2 {
        value = String(parts[1])
      } else if let next = rest.first, !next.hasPrefix("--") {
        value = next
        rest = rest.dropFirst()
      } else {
        throw ValidationError("--\(name) lacks its value: \(setting.kind.expectation)")
      }
      do { try settings.set(setting, to: value) } catch {
        throw ValidationError(SettingWords.refusal("--" + name, value, setting))
      }
    }
  }

  /// Why a value is refused.
  static func refusal(_ name: String, _ value: String, _ setting: any SettingDescription) -> String {
    var text =
      "\(name) is \(Double(value) == nil ? "\"\(value)\"" : value), expected \(setting.kind.expectation)"
    if case .choice(let words) = setting.kind, let word = Suggestion.nearest(to: value, among: words) {
      text += "; did you mean \(word)?"
    }
    return text
  }

  /// Of which commands the help lists the settings.
  enum Listing {
    case none, all
    case of(ObjectIdentifier)
  }

  /// None unless help is asked for, by somebody or by what makes the manual: to make those of all tasks takes longer than a prediction,
  /// and every command makes its tree of commands with their texts.
  @TaskLocal static var listing: Listing = asks(CommandLine.arguments) ? .all : .none

  /// Whether arguments ask for help.
  static func asks(_ arguments: [String]) -> Bool {
    arguments.contains { ["-h", "--help", "--help-hidden", "help", "--experimental-dump-help"].contains($0) }
  }

  /// Settings as text of the help; empty where it is not shown.
  static func help(of command: Any.Type, _ groups: @autoclosure () -> [SettingsGroup]) -> String {
    switch listing {
    case .none: return ""
    case .of(let listed) where listed != ObjectIdentifier(command): return ""
    case .all, .of: break
    }
    return groups().map { group in
      let rows = group.settings.map { setting -> String in
        let name =
          "  --" + (setting.kind == .bool ? "[no-]" : "") + setting.name
          + (setting.valueName.isEmpty ? "" : " <\(setting.valueName)>")
        let words = wrapped(text(setting), to: 52)
        let first =
          name.count < 26 ? name + String(repeating: " ", count: 26 - name.count) : name + "\n" + blank
        return first + words.joined(separator: "\n" + blank)
      }
      return "\(group.title):\n" + rows.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// The help of a setting, with the words that it takes.
  private static func text(_ setting: any SettingDescription) -> String {
    guard case .choice(let words) = setting.kind else { return setting.help }
    return "\(setting.help) One of \(words.joined(separator: ", "))."
  }

  private static var blank: String { String(repeating: " ", count: 26) }

  private static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] = String(word)
      } else if lines[lines.count - 1].count + word.count < width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
