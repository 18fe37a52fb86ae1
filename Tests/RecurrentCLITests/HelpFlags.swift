import RecurrentTestSupport

/// The flags of the commands, as their help lists them.
struct HelpFlags {
  static let tasks = TaskCatalog.tasks.map { $0.name }
  static let commands =
    [
      "generate", "evaluate", "predict", "apply", "inspect", "import", "export", "drive", "explain", "serve",
      "reproduce",
    ]
    + tasks.map { "train " + $0 } + ["train n-gram"]

  /// The whole help by command.
  let texts: [String: String]

  /// Read once: every command is asked for it.
  static let shared = Result { try HelpFlags(CommandLineRun()) }

  private init(_ run: CommandLineRun) throws {
    texts = try Dictionary(
      uniqueKeysWithValues: HelpFlags.commands.map { command in
        let result = try run(["help"] + command.split(separator: " ").map(String.init))
        try require(
          result.code == 0 && result.output.contains("OPTIONS"), "help \(command): \(result.output)")
        return (command, result.output)
      })
    for command in HelpFlags.commands { all.formUnion(flags(of: command)) }
  }

  /// The flags that a command takes, without dashes. Data of a task are predicted and evaluated with its settings.
  func flags(of command: String) -> Set<String> {
    let own =
      ["evaluate", "predict"].contains(command)
      ? [command] + HelpFlags.tasks.map { "train " + $0 } : [command]
    return own.reduce(into: ["help", "version"]) { $0.formUnion(listed($1)) }
  }

  /// The flags of all commands.
  private(set) var all: Set<String> = []

  /// What stands at the beginning of the lines of a list.
  func listed(_ command: String) -> Set<String> {
    var result: Set<String> = []
    for line in (texts[command] ?? "").split(separator: "\n") where line.hasPrefix("  -") {
      // `-o, --output <file>  The file.`, `--tie-embeddings/--no-tie-embeddings`, `--[no-]balance  Let ...`
      let words = line.split(separator: " ")
      let names = words.prefix(line.hasPrefix("  --") ? 1 : 2).joined(separator: " ")
      for match in names.matches(of: #/--(\[no-\])?([a-z0-9-]+)/#) {
        result.insert(String(match.2))
        if match.1 != nil { result.insert("no-" + match.2) }
      }
    }
    return result
  }

  /// The flags that a text names, without dashes: two dashes behind nothing of a word, and a letter behind them.
  static func named(in text: some StringProtocol) -> Set<String> {
    func isOfWord(_ byte: UInt8) -> Bool {
      isOfFlag(byte) || byte == UInt8(ascii: "_") || (65...90).contains(byte)
    }
    func isOfFlag(_ byte: UInt8) -> Bool {
      (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
    }
    // bytes, since a regular expression takes seconds for all sources
    let bytes = Array(text.utf8)
    var (result, place): (Set<String>, Int) = ([], 0)
    while place + 2 < bytes.count {
      guard bytes[place] == UInt8(ascii: "-") else {
        place += 1
        continue
      }
      let end = bytes[place...].firstIndex { !isOfFlag($0) } ?? bytes.count
      let begins = place == 0 || !isOfWord(bytes[place - 1])
      if begins, bytes[place + 1] == UInt8(ascii: "-"), (97...122).contains(bytes[place + 2]) {
        result.insert(String(decoding: bytes[(place + 2)..<end], as: UTF8.self))
      }
      place = end
    }
    return result
  }

  /// The default that the help of a flag states: `(default: 48)`; nil without one.
  func defaultValue(of flag: String, in command: String) -> String? {
    let text = texts[command] ?? ""
    let heads = ["\n  --\(flag) ", "\n  --\(flag)/", "\n  --[no-]\(flag) "]
    guard let place = heads.lazy.compactMap({ text.firstRange(of: $0) }).first else { return nil }
    let rest = text[place.upperBound...]
    let end = rest.firstRange(of: #/\n  -|\n\n/#)?.lowerBound ?? rest.endIndex
    let words = rest[..<end].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.firstMatch(of: #/\(default: ([^)]*)\)/#).map { String($0.1) }
  }
}
