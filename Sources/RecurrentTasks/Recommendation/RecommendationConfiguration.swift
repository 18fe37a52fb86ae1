/// What a recommender learns by.
public enum RecommendationLoss: String, NamedSetting, Codable {
  /// The cross-entropy of softmax over all items.
  case crossEntropy = "cross-entropy"
  /// The same, estimated from some of the items; see ``sampledSoftmax(_:weight:bias:_:)``.
  case sampledSoftmax = "sampled-softmax"
  /// ``bprMax(_:weight:bias:_:regularization:)``.
  case bprMax = "bpr-max"

  /// The most items for which the loss is computed over all of them where nothing is set.
  static let fullLimit = 20_000
}

extension SessionWindows.Order: NamedSetting {}
extension InteractionSplit: NamedSetting {}

/// The sizes and parts of a recommender, and how it is trained.
public struct RecommendationConfiguration: Sendable, Equatable, Codable {
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
  /// E: the width of the item vectors.
  public var embeddingSize: Int
  /// The dropout rate on item vectors and between layers.
  public var dropoutRate: Float
  /// The dropout rate on the output of the layers; with windows of one step also on the state that is carried.
  public var stateDropoutRate: Float
  /// What is learnt by.
  public var loss: RecommendationLoss
  /// Items that are drawn in each step besides its targets, where not all are computed with.
  public var sampleCount: Int
  /// Items are drawn by this power of how often they occur.
  public var samplePower: Double
  /// How much the scores of other items count, of ``RecommendationLoss/bprMax``.
  public var regularization: Float
  /// T: steps of a window of truncated backpropagation through time.
  public var windowLength: Int
  /// How the sessions of an epoch follow each other.
  public var order: SessionWindows.Order

  /// Sizes and rates.
  public init(
    cell: CellChoice = CellChoice(.gru), hiddenSize: Int = 128, layerCount: Int = 1, embeddingSize: Int = 128,
    dropoutRate: Float = 0.3, stateDropoutRate: Float = 0.2, loss: RecommendationLoss = .crossEntropy,
    sampleCount: Int = 2048, samplePower: Double = 0.5, regularization: Float = 0.5, windowLength: Int = 16,
    order: SessionWindows.Order = .random
  ) {
    (self.cell, cellOptions, precision) = (cell.cell, cell.options, cell.precision)
    (self.hiddenSize, self.layerCount, self.embeddingSize) = (hiddenSize, layerCount, embeddingSize)
    (self.dropoutRate, self.stateDropoutRate) = (dropoutRate, stateDropoutRate)
    (self.loss, self.sampleCount, self.samplePower) = (loss, sampleCount, samplePower)
    (self.regularization, self.windowLength, self.order) = (regularization, windowLength, order)
  }

  /// The cell of the recurrent layers.
  var cellChoice: CellChoice { CellChoice(cell, cellOptions, precision) }

  /// The width of what the recurrent layers give out.
  var outputSize: Int { cell.outputSize(hiddenSize: hiddenSize, options: cellOptions ?? CellOptions()) }

  /// The number of parameters, by the sizes alone. Asked where nothing is impossible.
  func parameterCount(itemCount: Int) -> Int {
    let options = cellOptions ?? CellOptions()
    let layers = (0..<layerCount).reduce(0) { sum, layer in
      sum
        + cell.parameterCount(
          inputSize: layer == 0 ? embeddingSize : outputSize, hiddenSize: hiddenSize, options: options)
    }
    let projection = outputSize == embeddingSize ? 0 : outputSize * embeddingSize
    return layers + projection + itemCount * (embeddingSize + 1)
  }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    for (key, size, range) in [
      ("hiddenSize", hiddenSize, 1...1 << 16), ("layerCount", layerCount, 1...64),
      ("embeddingSize", embeddingSize, 1...1 << 16), ("sampleCount", sampleCount, 1...1 << 24),
      ("windowLength", windowLength, 1...1 << 24),
    ] {
      try ValueIssue.check("configuration.\(key)", size, in: range)
    }
    try ValueIssue.check("configuration.dropoutRate", dropoutRate, in: 0...Float(1).nextDown)
    try ValueIssue.check("configuration.stateDropoutRate", stateDropoutRate, in: 0...Float(1).nextDown)
    try ValueIssue.check("configuration.samplePower", samplePower, in: 0...4)
    try ValueIssue.check("configuration.regularization", regularization, in: 0...1e6)
    try ValueIssue.check(
      precision != .int8, "configuration.precision is int8, in which no model is trained")
    try ValueIssue.pass(cellChoice.issue(hiddenSize: hiddenSize))
  }
}
