import ArgumentParser
import Recurrent

/// A command whose words are data and settings of the task of a bundle.
protocol TakesSettingsOfBundle {}

/// The options that a command knows, so that one which it does not know is reported before anything that is missing or wrong
/// besides: it was most likely meant to be what is missing.
struct OptionNames {
  /// Those that its help lists, with their dashes.
  private let listed: Set<String>
  /// Whether it takes the settings of the task of a bundle as well.
  private let takesSettings: Bool

  /// The options of a command, as its whole help lists them.
  init(_ command: any ParsableCommand.Type) {
    let help = SettingWords.$listing.withValue(.of(ObjectIdentifier(command))) {
      RecurrentCommand.helpMessage(for: command, includeHidden: true, columns: 1000)
    }
    var all: Set<String> = ["-h", "--help", "--version"]
    for line in help.split(separator: "\n") where line.hasPrefix("  -") {
      // `-o, --output <file>  The file.`, `--tie-embeddings/--no-tie-embeddings`, `--[no-]balance  Let ...`
      let words = line.split(separator: " ")
      for word in words.prefix(words[0].hasSuffix(",") ? 2 : 1) {
        for name in word.split(whereSeparator: { $0 == "," || $0 == "/" }) {
          if name.hasPrefix("--[no-]") {
            all.formUnion(["--\(name.dropFirst(7))", "--no-\(name.dropFirst(7))"])
          } else {
            all.insert(String(name))
          }
        }
      }
    }
    listed = all
    takesSettings = command is any TakesSettingsOfBundle.Type
  }

  /// All with their dashes. The settings of all tasks take longer to make than a prediction, and are seldom named.
  private var all: Set<String> {
    guard takesSettings else { return listed }
    return listed.union(Main.settingNames.flatMap { ["--\($0)", "--no-\($0)"] })
  }

  /// What is wrong with the first word that looks like an option and is none; nil where all are known.
  func problem(_ words: [String]) -> String? {
    for word in words {
      if word == "--" { return nil }
      let name = String(word.prefix { $0 != "=" })
      let isLong = word.hasPrefix("--") && name.dropFirst(2).first?.isLetter ?? false
      let isShort = word.count == 2 && word.hasPrefix("-") && word.last?.isLetter ?? false
      guard isLong || isShort, !listed.contains(name) else { continue }
      let known = all
      guard !known.contains(name) else { continue }
      let hint = Suggestion.nearest(to: name, among: known.sorted()).map { "; did you mean '\($0)'?" } ?? ""
      return "error: unknown option '\(name)'\(isLong ? hint : "")"
    }
    return nil
  }
}
