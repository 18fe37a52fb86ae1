import ArgumentParser
import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The words of a command that are not its own flags: the data, and the settings of the task.
struct TaskWords<Task: CatalogTask> {
  /// Files and folders.
  private(set) var paths: [String] = []
  /// What was set.
  private(set) var settings: Task.Settings

  /// Reads words in their order.
  ///
  /// - Throws: a validation error that says which flags there are.
  init(_ words: [String]) throws {
    let flags = Task.flags.flatMap(\.flags)
    var values: [String: TaskFlagValue] = [:]
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
        let flag = flags.first(where: { $0.name == name.dropFirst(3) }),
        flag.kind == .truth
      {
        values[flag.key] = .truth(false)
        continue
      }
      guard let flag = flags.first(where: { $0.name == name }) else {
        let hint =
          Suggestion.nearest(to: name, among: flags.map(\.name)).map { "; did you mean '--\($0)'?" } ?? ""
        throw ValidationError("unknown option '--\(name)'\(hint)")
      }
      if flag.kind == .truth, parts.count == 1 {
        values[flag.key] = .truth(true)
        continue
      }
      let value: String
      if parts.count == 2 {
        value = String(parts[1])
      } else if let next = rest.first, !next.hasPrefix("--") {
        value = next
        rest = rest.dropFirst()
      } else {
        throw ValidationError("--\(name) lacks its value: \(flag.expectation)")
      }
      guard let parsed = flag.parsed(value) else {
        throw ValidationError("--\(name) is \"\(value)\", expected \(flag.expectation)")
      }
      values[flag.key] = parsed
    }
    settings = try JSONDecoder().decode(Task.Settings.self, from: JSONEncoder().encode(values))
  }

  /// The settings as text of the help.
  static var help: String {
    Task.flags.map { group in
      let rows = group.flags.map { flag -> String in
        let name =
          "  --" + (flag.kind == .truth ? "[no-]" : "") + flag.name
          + (flag.value.isEmpty ? "" : " <\(flag.value)>")
        let words = wrapped(flag.help, to: 52)
        let first =
          name.count < 26 ? name + String(repeating: " ", count: 26 - name.count) : name + "\n" + blank
        return first + words.joined(separator: "\n" + blank)
      }
      return "\(group.title):\n" + rows.joined(separator: "\n")
    }.joined(separator: "\n\n")
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
