/// The sizes of a segment-wise forecaster.
public struct SegmentForecasterConfiguration: Sendable, Equatable, Codable {
  /// L: steps that are looked back over, a multiple of the segment.
  public var lookBack: Int
  /// W: steps that are read, or predicted, at once.
  public var segment: Int
  /// H: steps that are predicted.
  public var horizon: Int
  /// C: targets.
  public var targetCount: Int
  /// V: numbers of a step that are known ahead.
  public var covariateCount: Int
  /// S: numbers of a series.
  public var staticCount: Int
  /// Whether the network is told which values are missing.
  public var marksMissing: Bool
  /// The cell.
  public var cell: CellCatalog
  /// What the cells do beyond their plain equations; nil for nothing.
  public var cellOptions: CellOptions?
  /// What the operands of the products in the recurrent layers are rounded to.
  public var precision: Precision
  /// D: the width of everything inside.
  public var hiddenSize: Int
  /// Recurrent layers.
  public var layerCount: Int
  /// Before the output.
  public var dropoutRate: Float
  /// Whether a linear map of the look-back predicts beside the network.
  public var hasLinearSkip: Bool
  /// What is said about a step.
  public var output: ForecastOutput
  /// The levels of the quantiles, where those are said.
  public var levels: [Double]

  /// Sizes.
  public init(
    lookBack: Int, segment: Int, horizon: Int, targetCount: Int, covariateCount: Int = 0,
    staticCount: Int = 0, marksMissing: Bool = false, cell: CellChoice = CellChoice(.gru),
    hiddenSize: Int = 128,
    layerCount: Int = 1, dropoutRate: Float = 0.5, hasLinearSkip: Bool = true, output: ForecastOutput,
    levels: [Double] = Forecast.standardLevels
  ) {
    self.lookBack = lookBack
    self.segment = segment
    self.horizon = horizon
    self.targetCount = targetCount
    self.covariateCount = covariateCount
    self.staticCount = staticCount
    self.marksMissing = marksMissing
    (self.cell, cellOptions, precision) = (cell.cell, cell.options, cell.precision)
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.dropoutRate = dropoutRate
    self.hasLinearSkip = hasLinearSkip
    self.output = output
    self.levels = levels
  }

  /// O: numbers that come out for each step.
  public var outputSize: Int { output.size(levels: levels) }

  /// Which of the numbers is the middle of a forecast, and those that move with it `[O]`.
  var location: (middle: Int, moved: Tensor) {
    guard output == .quantiles else {
      return (0, Tensor((0..<outputSize).map { $0 == 0 ? 1 : 0 }))
    }
    let middle = levels.indices.min { abs(levels[$0] - 0.5) < abs(levels[$1] - 0.5) } ?? 0
    return (middle, Tensor(ones: [outputSize]))
  }

  /// Segments that are read.
  public var inputSegments: Int { lookBack / segment }
  /// Segments that are predicted; the last one may reach beyond the horizon.
  public var outputSegments: Int { (horizon + segment - 1) / segment }

  /// The number of parameters, without making them.
  public var parameterCount: Int {
    let width = hiddenSize
    var count = width * (segment * (marksMissing ? 2 : 1) + 1)
    count +=
      layerCount
      * cell.parameterCount(
        inputSize: width, hiddenSize: width, options: cellOptions ?? CellOptions())
    count += outputSegments * (width / 2) + targetCount * (width - width / 2)
    if covariateCount > 0 { count += width * (segment * covariateCount + 1) }
    if staticCount > 0 { count += width * (staticCount + 1) }
    if hasLinearSkip { count += horizon * (lookBack + 1) }
    return count + segment * outputSize * (width + 1)
  }

  /// What is impossible about the sizes; nil where nothing is.
  public var issue: String? {
    let sizes = [lookBack, segment, horizon, targetCount, outputSize, levels.count]
    guard sizes.allSatisfy({ (1...1 << 20).contains($0) }), (2...1 << 14).contains(hiddenSize),
      (1...64).contains(layerCount), (0...1 << 16).contains(covariateCount),
      (0...1 << 16).contains(staticCount)
    else { return "the sizes of the forecaster are impossible" }
    guard lookBack % segment == 0 else {
      return "\(lookBack) steps are no whole number of segments of \(segment)"
    }
    guard cell.outputSize(hiddenSize: hiddenSize, options: cellOptions ?? CellOptions()) == hiddenSize else {
      return "\(cell.rawValue) gives out another width than it keeps"
    }
    guard !hasLinearSkip || output != .negativeBinomial else {
      return "counts are not predicted by a linear map"
    }
    if let issue = CellChoice(cell, cellOptions).issue(hiddenSize: hiddenSize) { return issue }
    guard dropoutRate >= 0, dropoutRate < 1 else { return "the dropout rate is not from 0 to below 1" }
    return nil
  }
}

/// Reads and predicts whole segments of a series instead of single steps (SegRNN, Lin et al. 2023, arXiv:2308.11200): a
/// look-back of 720 steps is 15 segments of 48, and all segments of the horizon come out side by side.
///
///     e_i = max(W x_i + b, 0)                                   for each segment x_i of the look-back
///     h   = cell over e_1 ... e_n
///     p_j = [position_j | target]  (+ W_c covariates_j + W_s statics)      for each segment of the horizon
///     y_j = W_y cell(p_j, h) + b_y
///
/// Beside it, where asked for, a linear map of the whole look-back predicts the middle of the forecast (as the linear skip connection of
/// Lai et al. 2018, arXiv:1703.07015), and the two are mixed. In training each row is told by one of them, drawn, so that
/// each learns to predict alone: the errors of two that are so different cancel out better than those of one of any size.
///
/// Every target is a row of its own with the same weights. Windows are on the scale of their look-back; see
/// ``WindowNormalization``.
public struct SegmentForecaster: Module {
  /// Of a segment to a vector.
  public var embedding: Linear
  /// Over the segments; for the horizon too.
  public var recurrent: RecurrentLayer<AnyCell>
  /// Of a segment of the horizon by its place.
  public var position: Embedding
  /// Of a target.
  public var target: Embedding
  /// Of what is known ahead, where there is any.
  public var covariates: Linear?
  /// Of what is the same throughout a series, where there is any.
  public var statics: Linear?
  /// To the numbers of all steps of a segment.
  public var head: Linear
  /// From the look-back to the horizon, where there is such a map; it begins with zeros, or with a regression.
  public var linearSkip: Linear?
  /// The sizes.
  public let configuration: SegmentForecasterConfiguration

  /// A forecaster with fresh parameters.
  public init(_ configuration: SegmentForecasterConfiguration, key: RandomKey) {
    self.configuration = configuration
    let (width, segment) = (configuration.hiddenSize, configuration.segment)
    embedding = Linear(
      inputSize: segment * (configuration.marksMissing ? 2 : 1), outputSize: width, key: key.child(0))
    recurrent = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: width, key: key.child(1)
    ) { inputSize, key in
      configuration.cell.make(inputSize: inputSize, hiddenSize: width, key: key)
    }
    position = Embedding(vocabularySize: configuration.outputSegments, size: width / 2, key: key.child(2))
    target = Embedding(vocabularySize: configuration.targetCount, size: width - width / 2, key: key.child(3))
    covariates =
      configuration.covariateCount > 0
      ? Linear(inputSize: segment * configuration.covariateCount, outputSize: width, key: key.child(4)) : nil
    statics =
      configuration.staticCount > 0
      ? Linear(inputSize: configuration.staticCount, outputSize: width, key: key.child(5)) : nil
    head = Linear(inputSize: width, outputSize: segment * configuration.outputSize, key: key.child(6))
    linearSkip =
      configuration.hasLinearSkip
      ? Linear(
        inputSize: configuration.lookBack, outputSize: configuration.horizon,
        initializer: .constant(0), key: key.child(7)) : nil
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("recurrent", &recurrent)
    visitor.visit("position", &position)
    visitor.visit("target", &target)
    visitor.visit("covariates", &covariates)
    visitor.visit("statics", &statics)
    visitor.visit("head", &head)
    visitor.visit("highway", &linearSkip)
  }

  /// The same forecaster with its weights in the form that kernels read.
  public func packed() -> SegmentForecaster {
    var copy = self
    copy.recurrent = recurrent.packed()
    return copy
  }

  /// Lets the linear map begin with one that was fitted in closed form.
  mutating func begin(with linear: LinearForecast) {
    guard linearSkip != nil, linear.horizon == configuration.horizon else { return }
    let (weight, bias) = linear.shared(lookBack: configuration.lookBack)
    let scale = 1 / SegmentForecaster.linearSkipScale
    linearSkip?.weight = Tensor(weight, shape: [configuration.horizon, configuration.lookBack]) * scale
    linearSkip?.bias = Tensor(bias) * scale
  }

  /// Numbers for each row and step, `[R, H, O]`.
  ///
  /// - Parameters:
  ///   - batch: windows.
  ///   - mode: in training each row is told by one of the network and the linear map.
  ///   - lineShare: how much the linear map counts elsewhere, from 0 to 1.
  func callAsFunction(
    _ batch: ForecastBatch, mode: Mode = .inference, lineShare: Float = 0.5
  ) -> Tensor {
    let (rows, width) = (batch.rowCount, configuration.hiddenSize)
    let encoded = relu(embedding(segments(batch)))
    let lengths = lengths(batch)
    let (_, state) = recurrent(SequenceBatch(encoded, lengths: lengths), mode: mode.child(0))
    // all segments of the horizon of all rows side by side, each a sequence of one step from the state of its row
    let count = configuration.outputSegments
    let owners = (0..<rows * count).map { $0 / count }
    let begin = RecurrentLayer<AnyCell>.State(cells: state.cells.map { $0.rows(owners) })
    let queries = queries(batch, owners).reshaped(to: [1, rows * count, width])
    let (outputs, _) = recurrent(SequenceBatch(queries), state: begin, mode: mode.child(1))
    let kept = Dropout(rate: configuration.dropoutRate)(outputs, mode: mode.child(2))
    let numbers = head(kept.reshaped(to: [rows * count, width]))
      .reshaped(to: [rows, count * configuration.segment, configuration.outputSize])
      .sliced(axis: 1, 0..<configuration.horizon)
    guard let linearSkip else { return numbers }
    let line = linearSkip(Tensor(batch.history, shape: [rows, configuration.lookBack]))
      .reshaped(to: [rows, configuration.horizon, 1])
    let (middle, mask) = configuration.location
    let distance = (line * SegmentForecaster.linearSkipScale - numbers.sliced(axis: 2, middle..<middle + 1))
    guard case .training(let key, _) = mode else { return numbers + distance * mask * lineShare }
    // each row learns from one of the two
    let choice = key.child(3).uniforms(rows).map { $0 < 0.5 ? Float(1) : 0 }
    return numbers + distance * mask * Tensor(choice, shape: [rows, 1, 1])
  }

  /// Makes the many correlated weights of the linear skip connection learn more slowly than the others.
  static let linearSkipScale: Float = 0.3

  /// Segments that a row has, at least one.
  private func lengths(_ batch: ForecastBatch) -> [Int] {
    let segment = configuration.segment
    return batch.windowNumbers.map { max(1, (batch.lengths[Int($0)] + segment - 1) / segment) }
  }

  /// The segments of each row `[n, R, W]`, or `[n, R, 2W]` with marks; those of a shorter history begin where it does.
  private func segments(_ batch: ForecastBatch) -> Tensor {
    let (rows, segment, count) = (batch.rowCount, configuration.segment, configuration.inputSegments)
    let width = segment * (configuration.marksMissing ? 2 : 1)
    let lengths = lengths(batch)
    let numbers = [Float](unsafeUninitializedCapacity: count * rows * width) { buffer, initialized in
      buffer.initialize(repeating: 0)
      initialized = buffer.count
      for row in 0..<rows {
        for index in 0..<lengths[row] {
          let from = row * batch.lookBack + (count - lengths[row] + index) * segment
          let to = (index * rows + row) * width
          for step in 0..<segment { buffer[to + step] = batch.history[from + step] }
          guard configuration.marksMissing else { continue }
          for step in 0..<segment { buffer[to + segment + step] = batch.mask[from + step] }
        }
      }
    }
    return Tensor(numbers, shape: [count, rows, width])
  }

  /// What is asked for: places, targets, and what is known about the segments of the horizon, `[R * m, D]`.
  private func queries(_ batch: ForecastBatch, _ owners: [Int]) -> Tensor {
    let count = configuration.outputSegments
    let (targets, windows) = (batch.targetNumbers, batch.windowNumbers)
    let places = owners.indices.map { Int32($0 % count) }
    var queries = concatenate(
      [position(Indices(places)), target(Indices(owners.map { targets[$0] }))], axis: 1)
    let own = owners.map { windows[$0] }
    if let covariates {
      let width = configuration.segment * configuration.covariateCount
      let values = batch.covariates(from: 0, count: count * configuration.segment)
      let mapped = covariates(Tensor(values, shape: [batch.windows.count * count, width]))
      queries = queries + gather(mapped, rows: Indices(zip(own, places).map { $0 * Int32(count) + $1 }))
    }
    if let statics {
      let values = Tensor(batch.statics, shape: [batch.windows.count, configuration.staticCount])
      queries = queries + gather(statics(values), rows: Indices(own))
    }
    return queries
  }
}
