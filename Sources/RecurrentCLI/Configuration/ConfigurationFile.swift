import Recurrent
import Yams

/// Reads settings from a file of YAML or JSON, which is YAML too.
enum ConfigurationFile {
  /// The settings in a file, under the names of the flags.
  ///
  /// - Throws: ``RunError/configuration(path:reason:)`` or ``DataError``.
  static func read(_ path: String) throws -> LanguageModelSettings {
    var text = ""
    try UTF8TextReader(paths: [path]).forEachChunk { text += String(decoding: $0, as: UTF8.self) }
    func failure(_ reason: String) -> RunError { .configuration(path: path, reason: reason) }
    let node: Node?
    do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
      throw failure("is neither JSON nor YAML: \(error)".replacingNewlines)
    }
    guard let mapping = node?.mapping else { throw failure("expected settings as `name: value`") }
    let known = LanguageModelSettings.CodingKeys.allCases.map(\.rawValue)
    for key in mapping.keys {
      let name = key.string ?? "?"
      guard known.contains(name) else {
        throw failure("line \(key.mark?.line ?? 1): unknown setting \"\(name)\"; known are \(known.sorted().joined(separator: ", "))")
      }
    }
    do { return try YAMLDecoder().decode(LanguageModelSettings.self, from: text) } catch let error as DecodingError {
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
        let name = context.codingPath.first?.stringValue ?? "?"
        let line = mapping.first { $0.key.string == name }?.value.mark?.line
        throw failure("\(line.map { "line \($0): " } ?? "")setting \"\(name)\" has a value that it cannot have")
      default: throw failure("\(error)".replacingNewlines)
      }
    }
  }
}

extension String {
  /// On one line.
  fileprivate var replacingNewlines: String {
    split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
