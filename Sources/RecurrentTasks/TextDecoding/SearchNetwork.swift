/// A recurrent language model of a bundle: its parameters are a resource, what is said here stands in the description.
public struct SearchNetwork: Sendable, Equatable, Codable {
  /// What the resource is called.
  static let resource = "language-model.safetensors"

  /// The model without its parameters.
  public let task: LanguageModelTask
  /// The model; nil before the resource was read.
  let scorer: LanguageModelScorer?
  private let model: LanguageModel?

  private enum CodingKeys: CodingKey { case task }

  /// Reads what stands in the description.
  public init(from decoder: any Decoder) throws {
    task = try decoder.container(keyedBy: CodingKeys.self).decode(LanguageModelTask.self, forKey: .task)
    (scorer, model) = (nil, nil)
  }

  /// A model for a search.
  init(_ task: LanguageModelTask, _ model: LanguageModel) {
    (self.task, self.model) = (task, model)
    scorer = LanguageModelScorer(model, vocabulary: task.vocabulary)
  }

  /// Reads a bundle.
  ///
  /// - Throws: ``BundleError``, a format error, or ``DataError/invalidSetting(name:expected:found:)`` for tokens that are
  ///   neither characters nor words.
  init(bundle path: String) throws {
    let trained = try TrainedTask<LanguageModelTask>(bundle: path)
    let unit = trained.task.vocabulary.unit
    guard unit == .character || unit == .word else {
      throw DataError.invalidSetting(
        name: "language-model", expected: "a model of characters or words", found: "one of \(unit.rawValue)")
    }
    self.init(trained.task, trained.model)
  }

  /// Equal where the descriptions are.
  public static func == (a: SearchNetwork, b: SearchNetwork) -> Bool { a.task == b.task }

  /// The same with its parameters.
  ///
  /// - Throws: ``BundleError``, ``ParameterError`` or a format error.
  func restored(_ bytes: [UInt8]) throws -> SearchNetwork {
    let file = try SafetensorsFile(bytes: bytes, path: SearchNetwork.resource)
    // compared before anything of that size is made
    let found = file.tensors.reduce(0) { $0 + $1.count }
    guard found == task.parameterCount else {
      throw BundleError.damaged(
        path: SearchNetwork.resource,
        reason: "it holds \(found) parameters, task.json describes \(task.parameterCount)")
    }
    var model = withoutDraws { task.makeModel(key: RandomKey(seed: 0)) }
    try model.load(from: file)
    return SearchNetwork(task, model)
  }

  /// The parameters as bytes.
  var bytes: [UInt8]? {
    model.flatMap { try? SafetensorsWriter.encode($0.entries(), metadata: ["format": "pt"]) }
  }

  /// Whether its tokens are characters, and not words.
  var areCharacters: Bool { task.vocabulary.unit == .character }

  /// Its tokens but the unknown one and the line end.
  var tokens: [String] {
    (0..<Int32(clamping: task.vocabulary.count)).compactMap { id in
      id == task.vocabulary.unknownID ? nil : task.vocabulary.token(id)
    }.filter { $0 != "\n" }
  }

  /// Throws where the model is impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.pass(task.issue, in: "language.network: ")
    let unit = task.vocabulary.unit
    try ValueIssue.check(
      unit == .character || unit == .word,
      "language.network has the unit \(unit.rawValue), expected character or word")
  }
}
