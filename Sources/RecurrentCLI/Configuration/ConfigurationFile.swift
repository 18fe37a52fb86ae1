import Recurrent
import Yams

/// Reads settings from a file of YAML or JSON, which is YAML too.
enum ConfigurationFile {
  /// The settings in a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - known: the names that there are.
  /// - Returns: the text of the file, and its settings by name.
  /// - Throws: ``RunError/configuration(path:reason:)`` or ``DataError``.
  static func mapping(_ path: String, known: [String]) throws -> (text: String, mapping: Node.Mapping) {
    var text = ""
    try UTF8TextReader([DataSource(path)]).forEachChunk { text += String(decoding: $0, as: UTF8.self) }
    let node: Node?
    do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
      throw failure(path, "is neither JSON nor YAML: \(reason(error))")
    }
    guard let mapping = node?.mapping else { throw failure(path, "expected settings as `name: value`") }
    for key in mapping.keys {
      let name = key.string ?? "?"
      guard !known.contains(name) else { continue }
      let hint =
        Suggestion.nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
        ?? "known are \(known.sorted().joined(separator: ", "))"
      throw failure(path, "line \(key.mark?.line ?? 1): unknown setting \"\(name)\"; \(hint)")
    }
    return (text, mapping)
  }

  private static func failure(_ path: String, _ reason: String) -> RunError {
    .configuration(path: path, reason: reason.split(whereSeparator: \.isNewline).joined(separator: " "))
  }

  /// The settings of a language model in a file, under the names of the flags.
  ///
  /// - Throws: ``RunError/configuration(path:reason:)`` or ``DataError``.
  static func read(_ path: String) throws -> LanguageModelSettings {
    let (text, mapping) = try mapping(path, known: LanguageModelSettings.CodingKeys.allCases.map(\.rawValue))
    func failure(_ reason: String) -> RunError { ConfigurationFile.failure(path, reason) }
    func line(_ name: String) -> String {
      mapping.first { $0.key.string == name }?.value.mark.map { "line \($0.line): " } ?? ""
    }
    let settings: LanguageModelSettings
    do {
      settings = try YAMLDecoder().decode(LanguageModelSettings.self, from: text)
    } catch let error as DecodingError {
      guard let name = error.context.codingPath.first?.stringValue else {
        throw failure(error.context.debugDescription)
      }
      let found = mapping.first { $0.key.string == name }?.value
      let value =
        found?.scalar.map { "\"\($0.string)\"" } ?? (found?.sequence == nil ? "a mapping" : "a list")
      throw failure("\(line(name))\(name) is \(value), expected \(LanguageModelSettings.expectation(name))")
    } catch let error as YamlError {
      throw failure(reason(error))
    }
    if let problem = settings.problems.first { throw failure(line(problem.name) + problem.text) }
    return settings
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

extension DecodingError {
  /// Where and why.
  fileprivate var context: Context {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
      .dataCorrupted(let context):
      context
    @unknown default: Context(codingPath: [], debugDescription: "a value cannot be read")
    }
  }
}

extension LanguageModelSettings {
  /// What kind of value a setting has.
  fileprivate static func expectation(_ name: String) -> String {
    func oneOf<T: CaseIterable & RawRepresentable>(_ type: T.Type) -> String where T.RawValue == String {
      T.allCases.map(\.rawValue).joined(separator: ", ")
    }
    switch CodingKeys(rawValue: name) {
    case .unit: return oneOf(TextUnit.self)
    case .cell: return oneOf(CellCatalog.self)
    case .optimizer: return oneOf(OptimizerCatalog.self)
    case .schedule: return oneOf(ScheduleName.self)
    case .initialization: return oneOf(LanguageModelConfiguration.Initialization.self)
    case .softmax: return oneOf(SoftmaxName.self)
    case .cutoffs: return "whole numbers such as [2000, 10000]"
    case .tieEmbeddings, .variationalDropout, .randomSequenceLength: return "true or false"
    case .dropout, .learningRate, .clipNorm, .clipValue, .weightDecay, .average, .adaptiveDivision:
      return "a number"
    case .bpttMemory: return "a number and a unit, such as 512MB, 2GB or 1GiB"
    case .split: return "three numbers such as [0.9, 0.05, 0.05]"
    default: return "a whole number"
    }
  }
}
