/// The sizes of an autoregressive forecaster.
public struct AutoregressiveForecasterConfiguration: Sendable, Equatable, Codable {
  /// Steps that are read before the first that is predicted.
  public var context: Int
  /// H: steps that are predicted.
  public var horizon: Int
  /// How many steps before a step the values lie that it is told, besides the one right before: seasons.
  public var lags: [Int]
  /// C: targets.
  public var targetCount: Int
  /// V: numbers of a step that are known ahead.
  public var covariateCount: Int
  /// S: numbers of a series.
  public var staticCount: Int
  /// Whether the network is told which values are missing.
  public var marksMissing: Bool
  /// What is said about a step; a distribution.
  public var output: ForecastOutput
  /// The cell.
  public var cell: CellCatalog
  /// What the cells do beyond their plain equations; nil for nothing.
  public var cellOptions: CellOptions?
  /// What the operands of the products in the recurrent layers are rounded to.
  public var precision: Precision
  /// H: units of a layer.
  public var hiddenSize: Int
  /// Recurrent layers.
  public var layerCount: Int
  /// Between layers and before the output.
  public var dropoutRate: Float
  /// Paths that are drawn for a forecast.
  public var pathCount: Int

  /// Sizes.
  public init(
    context: Int, horizon: Int, lags: [Int] = [], targetCount: Int, covariateCount: Int = 0,
    staticCount: Int = 0, marksMissing: Bool = false, output: ForecastOutput = .studentT,
    cell: CellChoice = CellChoice(.lstm), hiddenSize: Int = 40, layerCount: Int = 2, dropoutRate: Float = 0.1,
    pathCount: Int = 200
  ) {
    self.context = context
    self.horizon = horizon
    self.lags = lags
    self.targetCount = targetCount
    self.covariateCount = covariateCount
    self.staticCount = staticCount
    self.marksMissing = marksMissing
    self.output = output
    (self.cell, cellOptions, precision) = (cell.cell, cell.options, cell.precision)
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.dropoutRate = dropoutRate
    self.pathCount = pathCount
  }

  /// Steps that are looked back over: the context, and the longest lag before it.
  public var lookBack: Int { context + max(1, lags.max() ?? 1) }

  /// Numbers that are read at a step.
  public var inputSize: Int {
    1 + lags.count + (marksMissing ? 1 : 0) + covariateCount + staticCount
      + (targetCount > 1 ? targetCount : 0)
  }

  /// The number of parameters, without making them.
  public var parameterCount: Int {
    let rest = cell.parameterCount(
      inputSize: hiddenSize, hiddenSize: hiddenSize, options: cellOptions ?? CellOptions())
    return cell.parameterCount(
      inputSize: inputSize, hiddenSize: hiddenSize, options: cellOptions ?? CellOptions()) + (layerCount - 1)
      * rest
      + output.size(levels: []) * (hiddenSize + 1)
  }

  /// What is impossible about the sizes; nil where nothing is.
  public var issue: String? {
    let sizes = [context, horizon, targetCount, pathCount] + lags
    guard sizes.allSatisfy({ (1...1 << 20).contains($0) }), (1...1 << 14).contains(hiddenSize),
      (1...64).contains(layerCount), (0...1 << 16).contains(covariateCount),
      (0...1 << 16).contains(staticCount)
    else { return "the sizes of the forecaster are impossible" }
    guard pathCount * horizon <= 1 << 24, context + horizon <= 1 << 18, lags.allSatisfy({ $0 <= 1 << 18 }),
      lags.count <= 1 << 10
    else { return "the paths, steps or lags of the forecaster are too many" }
    guard output.isDistribution else { return "\(output.rawValue) cannot be drawn from, step by step" }
    guard cell.outputSize(hiddenSize: hiddenSize, options: cellOptions ?? CellOptions()) == hiddenSize else {
      return "\(cell.rawValue) gives out another width than it keeps"
    }
    if let issue = CellChoice(cell, cellOptions).issue(hiddenSize: hiddenSize) { return issue }
    guard dropoutRate >= 0, dropoutRate < 1 else { return "the dropout rate is not from 0 to below 1" }
    return nil
  }
}

/// Reads a series step by step and predicts a distribution of the next one; draws from it, reads the draw, and so on
/// (DeepAR, Salinas et al. 2020, arXiv:1704.04110).
///
///     x_t = [y_{t-1} | y_{t-lag} ... | covariates_t | statics | target]
///     h_t = cells(x_t, h_{t-1})
///     distribution of y_t = output(W h_t + b)
///
/// In training every step is told the true value before it. Every target is a row of its own with the same weights; windows
/// are on the scale of their look-back.
public struct AutoregressiveForecaster: Module {
  /// Over the steps.
  public var recurrent: RecurrentLayer<AnyCell>
  /// To the numbers of a step.
  public var head: Linear
  /// The sizes.
  public let configuration: AutoregressiveForecasterConfiguration

  /// A forecaster with fresh parameters.
  public init(_ configuration: AutoregressiveForecasterConfiguration, key: RandomKey) {
    self.configuration = configuration
    recurrent = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: configuration.inputSize,
      dropoutRate: configuration.dropoutRate, key: key.child(0)
    ) { inputSize, key in
      configuration.cell.make(
        inputSize: inputSize, hiddenSize: configuration.hiddenSize,
        options: configuration.cellOptions ?? CellOptions(),
        initialization: .orthogonal, key: key)
    }
    .with(precision: configuration.precision)
    head = Linear(
      inputSize: configuration.hiddenSize, outputSize: configuration.output.size(levels: []),
      key: key.child(1))
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("recurrent", &recurrent)
    visitor.visit("head", &head)
  }

  /// The same forecaster with its weights in the form that kernels read.
  public func packed() -> AutoregressiveForecaster {
    var copy = self
    copy.recurrent = recurrent.packed()
    return copy
  }

  /// What a step of a row reads.
  ///
  /// - Parameters:
  ///   - step: of the context and the horizon, from 0.
  ///   - value: of a row's step, from the first of the look-back, and whether it is there.
  ///   - known: of all windows `[B, T, V]`.
  private func fill(
    _ to: UnsafeMutableBufferPointer<Float>, _ batch: ForecastBatch, row: Int, step: Int, known: [Float],
    statics: [Float], _ value: (Int) -> (Float, Float)
  ) {
    let steps = configuration.context + configuration.horizon
    let place = batch.lookBack - configuration.context + step
    let window = row / batch.targetCount
    let (last, mask) = value(place - 1)
    to[0] = last
    var next = 1
    for lag in configuration.lags {
      to[next] = value(place - lag).0
      next += 1
    }
    if configuration.marksMissing {
      to[next] = mask
      next += 1
    }
    let width = configuration.covariateCount
    for index in 0..<width { to[next + index] = known[(window * steps + step) * width + index] }
    next += width
    for index in 0..<configuration.staticCount {
      to[next + index] = statics[window * configuration.staticCount + index]
    }
    next += configuration.staticCount
    guard configuration.targetCount > 1 else { return }
    for index in 0..<configuration.targetCount {
      to[next + index] = index == row % batch.targetCount ? 1 : 0
    }
  }

  /// Inputs `[count, R, I]` of the first steps of the context and the horizon, each told the true value before it.
  private func inputs(_ batch: ForecastBatch, count: Int) -> Tensor {
    let (rows, width) = (batch.rowCount, configuration.inputSize)
    let known = batch.covariates(
      from: -configuration.context, count: configuration.context + configuration.horizon)
    let statics = batch.statics
    let numbers = [Float](unsafeUninitializedCapacity: count * rows * width) { buffer, initialized in
      initialized = buffer.count
      for step in 0..<count {
        for row in 0..<rows {
          let place = (step * rows + row) * width
          let part = UnsafeMutableBufferPointer(rebasing: buffer[place..<place + width])
          fill(part, batch, row: row, step: step, known: known, statics: statics) { index in
            if index < batch.lookBack {
              let from = row * batch.lookBack + index
              return (batch.history[from], batch.mask[from])
            }
            let from = row * batch.horizon + index - batch.lookBack
            return (batch.truths[from], batch.weights[from])
          }
        }
      }
    }
    return Tensor(numbers, shape: [count, rows, width])
  }

  /// Numbers of the distribution of each step of context and horizon, `[T, R, O]`, with the true values read.
  func callAsFunction(_ batch: ForecastBatch, mode: Mode = .inference) -> Tensor {
    let steps = configuration.context + configuration.horizon
    let (outputs, _) = recurrent(SequenceBatch(inputs(batch, count: steps)), mode: mode.child(0))
    return head(Dropout(rate: configuration.dropoutRate)(outputs, mode: mode.child(1)))
  }

  /// The truths and weights of each step of context and horizon `[T, R]`.
  func truths(_ batch: ForecastBatch) -> (values: [Float], weights: [Float]) {
    let (context, rows) = (configuration.context, batch.rowCount)
    var (values, weights) = ([Float](), [Float]())
    for step in 0..<context + configuration.horizon {
      for row in 0..<rows {
        if step < context {
          let from = (row + 1) * batch.lookBack - context + step
          values.append(batch.history[from])
          weights.append(batch.mask[from])
        } else {
          values.append(batch.truths[row * batch.horizon + step - context])
          weights.append(batch.weights[row * batch.horizon + step - context])
        }
      }
    }
    return (values, weights)
  }

  /// Paths of the horizon on the scale of the window, `[R, P, H]`: ancestral sampling.
  ///
  /// A row gets the same paths whatever stands beside it: its random numbers come from `key` and its target alone.
  func paths(_ batch: ForecastBatch, key: RandomKey) -> [Float] {
    let (rows, count, horizon) = (batch.rowCount, configuration.pathCount, configuration.horizon)
    let (width, output) = (configuration.inputSize, configuration.output)
    let known = batch.covariates(from: -configuration.context, count: configuration.context + horizon)
    let statics = batch.statics
    // the context, and the first step of the horizon, which knows the last true value
    let (outputs, end) = recurrent(SequenceBatch(inputs(batch, count: configuration.context + 1)))
    let owners = (0..<rows * count).map { $0 / count }
    var state = RecurrentLayer<AnyCell>.State(cells: end.cells.map { $0.rows(owners) })
    var hidden = gather(outputs[configuration.context], rows: Indices(owners.map { Int32($0) }))
    var paths = [Float](repeating: 0, count: rows * count * horizon)
    for step in 0..<horizon {
      if step > 0 {
        let numbers = [Float](unsafeUninitializedCapacity: rows * count * width) { buffer, initialized in
          initialized = buffer.count
          for path in 0..<rows * count {
            let row = path / count
            let part = UnsafeMutableBufferPointer(rebasing: buffer[path * width..<(path + 1) * width])
            fill(
              part, batch, row: row, step: configuration.context + step, known: known, statics: statics
            ) { index in
              if index >= batch.lookBack { return (paths[path * horizon + index - batch.lookBack], 1) }
              let from = row * batch.lookBack + index
              return (batch.history[from], batch.mask[from])
            }
          }
        }
        (hidden, state) = recurrent.step(Tensor(numbers, shape: [rows * count, width]), state)
      }
      let numbers = head(hidden).scalars
      let size = output.size(levels: [])
      for path in 0..<rows * count {
        let row = path / count
        paths[path * horizon + step] = output.sample(
          numbers[path * size..<(path + 1) * size], size: batch.scales[row].size,
          key: key.child(row % batch.targetCount).child(step), index: path % count)
      }
    }
    return paths
  }
}
