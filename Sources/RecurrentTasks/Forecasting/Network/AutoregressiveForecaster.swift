/// Reads a series step by step and predicts a distribution of the next one; draws from it, reads the draw, and so on
/// (DeepAR, Salinas et al. 2020, arXiv:1704.04110).
///
///     x_t = [y_{t-1} | y_{t-lag} ... | known_t, past_{t-1} | statics | target]
///     h_t = cells(x_t, h_{t-1})
///     distribution of y_t = output(W h_t + b)
///
/// In training every step reads the true value before it. Every target is a row of its own with the same weights; windows
/// are on the scale of their look-back.
public struct AutoregressiveForecaster: Module {
  /// Over the steps: what they read, `[T, R, I]`, to `[T, R, D]`.
  public var recurrent: RecurrentLayer<AnyCell>
  /// From `[..., D]` to the numbers of the distribution of a step, `[..., O]`.
  public var head: Linear
  /// The sizes, with the letters that stand for them.
  public let configuration: ForecastNetworkConfiguration

  /// A forecaster with fresh parameters.
  public init(_ configuration: ForecastNetworkConfiguration, key: RandomKey) {
    self.configuration = configuration
    recurrent = configuration.recurrentLayers(
      inputSize: configuration.inputSize, dropoutRate: configuration.dropoutRate,
      initialization: .orthogonal, key: key.child(0))
    head = Linear(
      inputSize: configuration.hiddenSize, outputSize: configuration.outputSize, key: key.child(1))
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("recurrent", &recurrent)
    visitor.visit("head", &head)
  }

  /// Steps of the context and the horizon.
  private var stepCount: Int { configuration.context + configuration.horizon }

  /// Numbers of the distribution of each step of context and horizon, `[T, R, O]`, with the true values read.
  func callAsFunction(_ batch: ForecastBatch, mode: Mode = .inference) -> Tensor {
    let inputs = StepInputs(batch, configuration).tensor(count: stepCount)
    let (outputs, _) = recurrent(SequenceBatch(inputs), mode: mode.child(0))
    return head(Dropout(rate: configuration.dropoutRate)(outputs, mode: mode.child(1)))
  }

  /// The truths and weights of each step of context and horizon `[T, R]`.
  func truths(_ batch: ForecastBatch) -> (values: [Float], weights: [Float]) {
    let first = batch.lookBack - configuration.context
    let all = (first..<first + stepCount).flatMap { step in
      (0..<batch.rowCount).map { batch.value(row: $0, step: step) }
    }
    return (all.map(\.value), all.map(\.mask))
  }

  /// Paths of the horizon on the scale of the window, `[R, P, H]`: ancestral sampling.
  ///
  /// A row gets the same paths whatever stands beside it: its random numbers come from `key` and its target alone.
  func paths(_ batch: ForecastBatch, key: RandomKey) -> [Float] {
    let (rows, count, horizon) = (batch.rowCount, configuration.pathCount, configuration.horizon)
    let (width, output) = (configuration.inputSize, configuration.output)
    let inputs = StepInputs(batch, configuration)
    // the context, and the first step of the horizon, which knows the last true value
    let (outputs, end) = recurrent(SequenceBatch(inputs.tensor(count: configuration.context + 1)))
    let owners = (0..<rows * count).map { $0 / count }
    var state = RecurrentLayer<AnyCell>.State(cells: end.cells.map { $0.rows(owners) })
    var hidden = gather(outputs[configuration.context], rows: Indices(owners.map { Int32($0) }))
    var paths = [Float](repeating: 0, count: rows * count * horizon)
    for step in 0..<horizon {
      if step > 0 {
        let numbers = [Float](unsafeUninitializedCapacity: rows * count * width) { buffer, initialized in
          initialized = buffer.count
          for (path, row) in owners.enumerated() {
            let part = UnsafeMutableBufferPointer(rebasing: buffer[path * width..<(path + 1) * width])
            inputs.fill(part, row: row, step: configuration.context + step) { index in
              index < batch.lookBack
                ? batch.value(row: row, step: index) : (paths[path * horizon + index - batch.lookBack], 1)
            }
          }
        }
        (hidden, state) = recurrent.step(Tensor(numbers, shape: [rows * count, width]), state)
      }
      let numbers = head(hidden).scalars
      let size = configuration.outputSize
      for (path, row) in owners.enumerated() {
        paths[path * horizon + step] = output.sample(
          numbers[path * size..<(path + 1) * size], size: batch.scales[row].size,
          key: key.child(row % batch.targetCount).child(step), index: path % count)
      }
    }
    return paths
  }
}

/// What an autoregressive forecaster reads at the steps of windows.
private struct StepInputs {
  private let batch: ForecastBatch
  private let configuration: ForecastNetworkConfiguration
  /// What is known ahead, and of the past alone what was known the step before: `[B, T, V]`.
  private let known: [Float]
  /// `[B, S]`.
  private let statics: [Float]

  init(_ batch: ForecastBatch, _ configuration: ForecastNetworkConfiguration) {
    (self.batch, self.configuration) = (batch, configuration)
    known = batch.covariates(
      from: -configuration.context, count: configuration.context + configuration.horizon)
    statics = batch.statics
  }

  /// Inputs `[count, R, I]` of the first steps of context and horizon, each with the true value before it.
  func tensor(count: Int) -> Tensor {
    let (rows, width) = (batch.rowCount, configuration.inputSize)
    let numbers = [Float](unsafeUninitializedCapacity: count * rows * width) { buffer, initialized in
      initialized = buffer.count
      for place in 0..<count * rows {
        let part = UnsafeMutableBufferPointer(rebasing: buffer[place * width..<(place + 1) * width])
        let row = place % rows
        fill(part, row: row, step: place / rows) { batch.value(row: row, step: $0) }
      }
    }
    return Tensor(numbers, shape: [count, rows, width])
  }

  /// What a step of a row reads.
  ///
  /// - Parameters:
  ///   - step: of the context and the horizon, from 0.
  ///   - value: of a step of the row, from the first of the look-back, and 1 where it is known, else 0.
  func fill(
    _ to: UnsafeMutableBufferPointer<Float>, row: Int, step: Int,
    _ value: (Int) -> (value: Float, mask: Float)
  ) {
    let place = batch.lookBack - configuration.context + step
    let window = row / batch.targetCount
    let last = value(place - 1)
    var next = 0
    func put(_ number: Float) {
      to[next] = number
      next += 1
    }
    put(last.value)
    for lag in configuration.lags { put(value(place - lag).value) }
    if configuration.marksMissing { put(last.mask) }
    let width = configuration.covariateCount
    let from = (window * (configuration.context + configuration.horizon) + step) * width
    for index in from..<from + width { put(known[index]) }
    let count = configuration.staticCount
    for index in window * count..<(window + 1) * count { put(statics[index]) }
    guard configuration.targetCount > 1 else { return }
    for index in 0..<configuration.targetCount { put(index == row % batch.targetCount ? 1 : 0) }
  }
}
