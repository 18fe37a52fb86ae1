import Recurrent
import Yams

/// The settings in a file of YAML, or of JSON, which is YAML too, as words of a command line.
struct ConfigurationWords {
  /// A setting.
  struct Entry {
    /// The name of its flag, without dashes.
    let name: String
    /// The flag and its value.
    let words: [String]
    /// Where it stands.
    let line: Int
  }

  /// The settings in their order.
  let entries: [Entry]
  private let path: String

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - known: the names of the flags that there are.
  /// - Throws: ``RunError/configuration(path:reason:)`` or ``DataError``.
  init(_ path: String, known: [String]) throws {
    self.path = path
    entries = try ConfigurationFile.mapping(path, known: known).mapping.map { key, value in
      let (name, line) = (key.string ?? "?", key.mark?.line ?? 1)
      return Entry(name: name, words: try ConfigurationWords.words(name, value, path, line), line: line)
    }
  }

  private static func words(_ name: String, _ value: Node, _ path: String, _ line: Int) throws -> [String] {
    if let list = value.sequence {
      let parts = list.compactMap(\.scalar?.string)
      if parts.count == list.count { return ["--\(name)=" + parts.joined(separator: ",")] }
    } else if let scalar = value.scalar {
      return ["--\(name)=" + scalar.string]
    }
    throw RunError.configuration(
      path: path, reason: "line \(line): \(name) is a mapping, expected a value or a list")
  }

  /// Calls `body` with the words of each setting that `isMeant`, and says where the one stands that it refuses.
  func each(where isMeant: (String) -> Bool, _ body: ([String]) throws -> Void) throws {
    for entry in entries where isMeant(entry.name) {
      do { try body(entry.words) } catch {
        throw RunError.configuration(
          path: path, reason: "line \(entry.line): \(entry.name) cannot be \"\(entry.value)\"")
      }
    }
  }
}

extension ConfigurationWords.Entry {
  /// The value as it stands.
  fileprivate var value: Substring { words[0].drop { $0 != "=" }.dropFirst() }
}
