import Recurrent
import Yams

/// Reads settings from a file of YAML, or of JSON, which is YAML too, under the names of the flags.
enum ConfigurationFile {
  /// The settings in a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - groups: the settings that there are.
  /// - Throws: ``RunError/configuration(path:reason:)`` or ``DataError``.
  static func settings(_ path: String, _ groups: [SettingsGroup]) throws -> Settings {
    let known = groups.flatMap(\.settings)
    var settings = Settings()
    for (key, value) in try mapping(path) {
      let (name, line) = (key.string ?? "?", key.mark?.line ?? 1)
      guard let setting = known.first(where: { $0.name == name }) else {
        let names = known.map(\.name)
        let hint =
          Suggestion.nearest(to: name, among: names).map { "did you mean \"\($0)\"?" }
          ?? "known are \(names.sorted().joined(separator: ", "))"
        throw failure(path, "line \(line): unknown setting \"\(name)\"; \(hint)")
      }
      let text =
        value.sequence.map { $0.compactMap(\.scalar?.string).joined(separator: ",") } ?? value.scalar?.string
      guard let text else {
        throw failure(path, "line \(line): \(name) is a mapping, expected \(setting.kind.expectation)")
      }
      do { try settings.set(setting, to: text) } catch {
        throw failure(path, "line \(line): \(SettingWords.refusal(name, text, setting))")
      }
    }
    return settings
  }

  private static func mapping(_ path: String) throws -> Node.Mapping {
    var text = ""
    try UTF8TextReader([DataSource(path)]).forEachChunk { text += String(decoding: $0, as: UTF8.self) }
    let node: Node?
    do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
      throw failure(path, "is neither JSON nor YAML: \(reason(error))")
    }
    guard let mapping = node?.mapping else { throw failure(path, "expected settings as `name: value`") }
    return mapping
  }

  private static func failure(_ path: String, _ reason: String) -> RunError {
    .configuration(path: path, reason: reason.split(whereSeparator: \.isNewline).joined(separator: " "))
  }

  private static func reason(_ error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "line \(mark.line): \(problem)"
    default: "\(error)"
    }
  }
}
