/// What a model of music predicts of a step.
public enum MusicRepresentation: String, NamedSetting, Codable {
  /// One token after the other, each after all before it: a joint distribution of what sounds at a step.
  case events
  /// Each key by itself: a distribution in which keys are independent of each other, given the steps before.
  case roll

  /// The class of likelihoods that a number belongs to: those of different classes are not comparable.
  public var likelihoodClass: String { self == .events ? "joint" : "independent keys" }
}

/// The sizes and parts of a network of music.
public struct MusicConfiguration: Sendable, Equatable, Codable {
  /// What is predicted.
  public var representation: MusicRepresentation
  /// The cell.
  public var cell: CellCatalog
  /// What the cells do beyond their plain equations; nil for nothing.
  public var cellOptions: CellOptions?
  /// What the operands of the products in the recurrent layers are rounded to.
  public var precision: Precision
  /// H: units of each layer.
  public var hiddenSize: Int
  /// Recurrent layers.
  public var layerCount: Int
  /// E: the width of the token vectors, of events.
  public var embeddingSize: Int
  /// The dropout rate on token vectors, between layers and before the output.
  public var dropoutRate: Float
  /// Of independent keys the units that each has by itself, with the same weights for all; nil for none.
  public var keyHiddenSize: Int?
  /// The dropout rate before the output of these; nil for none.
  public var keyDropoutRate: Float?

  /// Sizes and rates.
  public init(
    representation: MusicRepresentation = .events, cell: CellChoice = CellChoice(.lstm),
    hiddenSize: Int = 256,
    layerCount: Int = 2, embeddingSize: Int = 64, dropoutRate: Float = 0.3, keyHiddenSize: Int? = nil,
    keyDropoutRate: Float? = nil
  ) {
    self.representation = representation
    (self.cell, cellOptions, precision) = (cell.cell, cell.options, cell.precision)
    (self.hiddenSize, self.layerCount) = (hiddenSize, layerCount)
    (self.embeddingSize, self.dropoutRate) = (embeddingSize, dropoutRate)
    (self.keyHiddenSize, self.keyDropoutRate) = (keyHiddenSize, keyDropoutRate)
  }

  /// The cell of the recurrent layers.
  var cellChoice: CellChoice { CellChoice(cell, cellOptions, precision) }

  /// The language model of the tokens.
  var language: LanguageModelConfiguration {
    LanguageModelConfiguration(
      unit: .word, minimumCount: 1, cell: cell, cellOptions: cellOptions, hiddenSize: hiddenSize,
      layerCount: layerCount, embeddingSize: embeddingSize, tiesEmbeddings: false, dropoutRate: dropoutRate,
      isDropoutVariational: false, initialization: .uniform, precision: precision, sequenceLength: 1,
      isSequenceLengthRandom: false)
  }

  /// A network with fresh parameters for pieces of so many keys, tokens and styles.
  func makeModel(_ tokens: MusicTokens, styleCount: Int, key: RandomKey) -> MusicModel {
    var model = MusicModel()
    switch representation {
    case .events: model.events = LanguageModel(language, vocabularySize: tokens.count, key: key)
    case .roll: model.roll = PianoRollNetwork(self, keyCount: tokens.keyCount, key: key)
    }
    if styleCount > 0 {
      model.styles = Embedding(
        vocabularySize: styleCount, size: inputSize(tokens), initializer: .normal(deviation: 0.1),
        key: key.child(7))
    }
    return model
  }

  /// W: the width of what the layers read.
  private func inputSize(_ tokens: MusicTokens) -> Int {
    representation == .roll ? tokens.keyCount + 1 : embeddingSize
  }

  /// The number of parameters, by the sizes alone. Asked where nothing is impossible.
  func parameterCount(_ tokens: MusicTokens, styleCount: Int) -> Int {
    parameterCount(tokens) + styleCount * inputSize(tokens)
  }

  private func parameterCount(_ tokens: MusicTokens) -> Int {
    guard representation == .roll else { return language.parameterCount(vocabularySize: tokens.count) }
    let options = cellOptions ?? CellOptions()
    let width = cell.outputSize(hiddenSize: hiddenSize, options: options)
    let layers = (0..<layerCount).reduce(0) { sum, layer in
      sum
        + cell.parameterCount(
          inputSize: layer == 0 ? tokens.keyCount + 1 : width, hiddenSize: hiddenSize, options: options)
    }
    let own = (keyHiddenSize ?? 0) == 0 ? 0 : keyParameterCount(keyHiddenSize ?? 0, options)
    return layers + tokens.keyCount * (width + 1) + own
  }

  private func keyParameterCount(_ size: Int, _ options: CellOptions) -> Int {
    cell.parameterCount(inputSize: KeyView.size, hiddenSize: size, options: options)
      + cell.outputSize(hiddenSize: size, options: options)
  }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("configuration.hiddenSize", hiddenSize, in: 1...1 << 16)
    try ValueIssue.check("configuration.layerCount", layerCount, in: 1...64)
    try ValueIssue.check("configuration.embeddingSize", embeddingSize, in: 1...1 << 16)
    try ValueIssue.check("configuration.dropoutRate", dropoutRate, in: 0...Float(1).nextDown)
    try ValueIssue.check("configuration.keyHiddenSize", keyHiddenSize ?? 0, in: 0...1 << 12)
    try ValueIssue.check("configuration.keyDropoutRate", keyDropoutRate ?? 0, in: 0...Float(1).nextDown)
    if let size = keyHiddenSize, size > 0 { try ValueIssue.pass(cellChoice.issue(hiddenSize: size)) }
    try ValueIssue.check(
      precision != .int8, "configuration.precision is int8, in which no model is trained")
    try ValueIssue.pass(cellChoice.issue(hiddenSize: hiddenSize))
  }
}
