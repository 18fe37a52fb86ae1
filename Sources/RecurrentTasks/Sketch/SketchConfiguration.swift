/// The sizes of a network that draws, and what is random in its training.
public struct SketchConfiguration: Sendable, Equatable, Codable {
  /// The cell.
  public var cell: CellCatalog
  /// What the cells do beyond their plain equations; nil for nothing.
  public var cellOptions: CellOptions?
  /// What the operands of the products in the recurrent layers are rounded to.
  public var precision: Precision
  /// H: units of a layer.
  public var hiddenSize: Int
  /// Layers that draw.
  public var layerCount: Int
  /// K: normal distributions of the next point.
  public var mixtureCount: Int
  /// Z: numbers that stand for a drawing as a whole; 0 for a model that only draws.
  public var latentSize: Int
  /// Units in each direction of what reads a drawing whole.
  public var encoderSize: Int
  /// The dropout rate between layers and before the output.
  public var dropoutRate: Float

  /// Sizes and rates.
  public init(
    cell: CellCatalog = .lstm, cellOptions: CellOptions? = nil, precision: Precision = .float32,
    hiddenSize: Int = 256, layerCount: Int = 1, mixtureCount: Int = 20, latentSize: Int = 0,
    encoderSize: Int = 128, dropoutRate: Float = 0.1
  ) {
    (self.cell, self.cellOptions, self.precision) = (cell, cellOptions, precision)
    (self.hiddenSize, self.layerCount, self.mixtureCount) = (hiddenSize, layerCount, mixtureCount)
    (self.latentSize, self.encoderSize, self.dropoutRate) = (latentSize, encoderSize, dropoutRate)
  }

  /// The cell of the layers.
  var cellChoice: CellChoice { CellChoice(cell, cellOptions, precision) }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("network.hiddenSize", hiddenSize, in: 1...1 << 16)
    try ValueIssue.check("network.layerCount", layerCount, in: 1...64)
    try ValueIssue.check("network.mixtureCount", mixtureCount, in: 1...1 << 10)
    try ValueIssue.check("network.latentSize", latentSize, in: 0...1 << 12)
    try ValueIssue.check("network.encoderSize", encoderSize, in: 1...1 << 16)
    try ValueIssue.check("network.dropoutRate", dropoutRate, in: 0...Float(1).nextDown)
    try ValueIssue.check("network.precision", precision == .int8 ? 1 : 0, in: 0...0)
    try ValueIssue.pass(cellChoice.issue(hiddenSize: hiddenSize))
  }
}
