/// The sizes and parts of the networks of control.
public struct ControlConfiguration: Sendable, Equatable, Codable {
  /// The cell.
  public var cell: CellCatalog
  /// What the cells do beyond their plain equations; nil for nothing.
  public var cellOptions: CellOptions?
  /// What the operands of the products in the recurrent layers are rounded to.
  public var precision: Precision
  /// Units of the layers that read each step by itself, before the recurrent ones; empty for none.
  public var denseSizes: [Int]
  /// H: units of a layer.
  public var hiddenSize: Int
  /// Recurrent layers.
  public var layerCount: Int
  /// The dropout rate between layers and before the output.
  public var dropoutRate: Float
  /// Networks that are trained side by side, each from a beginning of its own.
  public var restartCount: Int
  /// How many of them are kept: those with the least error on the validation part.
  public var ensembleSize: Int

  /// Sizes and rates.
  public init(
    cell: CellChoice = CellChoice(.gru), denseSizes: [Int] = [], hiddenSize: Int = 32, layerCount: Int = 1,
    dropoutRate: Float = 0,
    restartCount: Int = 5, ensembleSize: Int = 3
  ) {
    (self.cell, cellOptions, precision) = (cell.cell, cell.options, cell.precision)
    self.denseSizes = denseSizes
    (self.hiddenSize, self.layerCount, self.dropoutRate) = (hiddenSize, layerCount, dropoutRate)
    (self.restartCount, self.ensembleSize) = (restartCount, ensembleSize)
  }

  /// The cell of the recurrent layers.
  var cellChoice: CellChoice { CellChoice(cell, cellOptions, precision) }

  /// The number of parameters, by the sizes alone. Asked where nothing is impossible.
  func parameterCount(inputSize: Int, outputSize: Int) -> Int {
    let options = cellOptions ?? CellOptions()
    let width = cell.outputSize(hiddenSize: hiddenSize, options: options)
    let dense = zip([inputSize] + denseSizes, denseSizes).reduce(0) { $0 + $1.1 * ($1.0 + 3) }
    let layers = (0..<layerCount).reduce(dense) { sum, layer in
      sum
        + cell.parameterCount(
          inputSize: layer == 0 ? denseSizes.last ?? inputSize : width, hiddenSize: hiddenSize,
          options: options)
    }
    return restartCount * (layers + outputSize * (width + 1))
  }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("configuration.hiddenSize", hiddenSize, in: 1...1 << 16)
    try ValueIssue.check("the count of configuration.denseSizes", denseSizes.count, in: 0...16)
    try ValueIssue.check("configuration.denseSizes", each: denseSizes, in: 1...1 << 16)
    try ValueIssue.check("configuration.layerCount", layerCount, in: 1...64)
    try ValueIssue.check("configuration.dropoutRate", dropoutRate, in: 0...Float(1).nextDown)
    try ValueIssue.check(
      "configuration.restartCount", restartCount, in: 1...ControlConfiguration.mostRestarts)
    try ValueIssue.check("configuration.ensembleSize", ensembleSize, in: 1...restartCount)
    try ValueIssue.check(
      precision != .int8, "configuration.precision is int8, in which no model is trained")
    try ValueIssue.pass(cellChoice.issue(hiddenSize: hiddenSize))
  }

  /// The most networks of a training.
  static let mostRestarts = 64
}
