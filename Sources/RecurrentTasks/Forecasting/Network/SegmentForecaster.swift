/// Reads and predicts whole segments of a series instead of single steps (SegRNN, Lin et al. 2023, arXiv:2308.11200): a
/// look-back of 720 steps is 15 segments of 48, and all segments of the horizon come out side by side.
///
///     e_i = max(W x_i + b  (+ W_p past_i), 0)                   for each segment x_i of the look-back
///     h   = cell over e_1 ... e_n
///     p_j = [position_j | target]  (+ W_c covariates_j + W_s statics)      for each segment of the horizon
///     y_j = W_y cell(p_j, h) + b_y
///
/// The covariates of a segment are what is known ahead of it and, of the past alone, what was known last.
///
/// Beside it, where asked for, a linear map of the whole look-back predicts the middle of the forecast (a linear skip
/// connection, as in Lai et al. 2018, arXiv:1703.07015), and the two are mixed. In training each row is predicted by one of them, drawn, so that
/// each learns to predict alone: the errors of two that are so different cancel out better than those of one of any size.
///
/// Every target is a row of its own with the same weights. Windows are on the scale of their look-back; see
/// ``WindowNormalization``.
public struct SegmentForecaster: Module {
  /// From a segment of the look-back, `[..., W]`, or `[..., 2W]` with marks, to a vector `[..., D]`.
  public var embedding: Linear
  /// Over the n segments of the look-back, `[n, R, D]`; and from the state of their end over each segment of the horizon by
  /// itself.
  public var recurrent: RecurrentLayer<AnyCell>
  /// A vector of D / 2 numbers for each of the m segments of the horizon.
  public var position: Embedding
  /// A vector of the other D - D / 2 numbers for each of the C targets.
  public var target: Embedding
  /// From the covariates of a segment of the horizon, `[..., W * V]`, to `[..., D]`; nil where there are none.
  public var covariates: Linear?
  /// From what is the same throughout a series, `[..., S]`, to `[..., D]`; nil where nothing is.
  public var statics: Linear?
  /// From a segment of the horizon, `[..., D]`, to the numbers of all its steps, `[..., W * O]`.
  public var head: Linear
  /// From the look-back `[R, L]` to the horizon `[R, H]`; it begins with zeros, or with a regression. Nil for none.
  public var linearSkip: Linear?
  /// From what is known of the past alone in a segment of the look-back, `[..., W * P]`, to `[..., D]`; nil where nothing is.
  public var past: Linear?
  /// From the same over the last K steps, `[..., K * P]`, to the horizon, beside ``linearSkip``.
  public var pastSkip: Linear?
  /// The sizes, with the letters that stand for them.
  public let configuration: ForecastNetworkConfiguration

  /// A forecaster with fresh parameters.
  public init(_ configuration: ForecastNetworkConfiguration, key: RandomKey) {
    self.configuration = configuration
    let (width, segment) = (configuration.hiddenSize, configuration.segment)
    embedding = Linear(
      inputSize: segment * (configuration.marksMissing ? 2 : 1), outputSize: width, key: key.child(0))
    recurrent = configuration.recurrentLayers(inputSize: width, key: key.child(1))
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
        inputSize: configuration.context, outputSize: configuration.horizon,
        initializer: .constant(0), key: key.child(7)) : nil
    guard configuration.pastCount > 0 else { return }
    past = Linear(
      inputSize: segment * configuration.pastCount, outputSize: width, hasBias: false, key: key.child(8))
    if configuration.hasLinearSkip {
      pastSkip = Linear(
        inputSize: configuration.pastLookBack * configuration.pastCount, outputSize: configuration.horizon,
        hasBias: false, initializer: .constant(0), key: key.child(9))
    }
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
    visitor.visit("past", &past)
    visitor.visit("pastSkip", &pastSkip)
  }

  /// Lets the linear map begin with one that was fitted in closed form.
  mutating func begin(with linear: LinearForecast) {
    guard linearSkip != nil, linear.horizon == configuration.horizon else { return }
    let (weight, past, bias) = linear.shared(
      lookBack: configuration.context, past: configuration.pastLookBack * configuration.pastCount)
    let scale = 1 / SegmentForecaster.linearScale
    linearSkip?.weight = Tensor(weight, shape: [configuration.horizon, configuration.context]) * scale
    linearSkip?.bias = Tensor(bias) * scale
    if let own = pastSkip { pastSkip?.weight = Tensor(past, shape: own.weight.shape) * scale }
  }

  /// Numbers for each row and step, `[R, H, O]`.
  ///
  /// - Parameters:
  ///   - batch: windows.
  ///   - mode: in training each row is predicted by one of the network and the linear map.
  ///   - mixingWeight: how much the linear map counts elsewhere, from 0 to 1.
  func callAsFunction(
    _ batch: ForecastBatch, mode: Mode = .inference, mixingWeight: Float = 0.5
  ) -> Tensor {
    let (rows, width) = (batch.rowCount, configuration.hiddenSize)
    let lengths = lengths(batch)
    var embedded = embedding(segments(batch, lengths))
    if let past {
      let mapped = past(pastSegments(batch, lengths))
      embedded = embedded + mapped
    }
    let encoded = relu(embedded)
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
    var linear = linearSkip(Tensor(batch.history, shape: [rows, configuration.context]))
    if let pastSkip {
      let windows = batch.windows.count
      let values = Tensor(
        batch.past(count: configuration.pastLookBack), shape: [windows, pastSkip.weight.shape[1]])
      let owners = Indices((0..<rows).map { Int32($0 / batch.targetCount) })
      linear = linear + gather(pastSkip(values), rows: owners)
    }
    linear = linear.reshaped(to: [rows, configuration.horizon, 1])
    let (middle, mask) = configuration.location
    let distance = (linear * SegmentForecaster.linearScale - numbers.sliced(axis: 2, middle..<middle + 1))
    guard let key = mode.rowKey else { return numbers + distance * mask * mixingWeight }
    // each row learns from one of the two
    let choice = key.child(3).uniforms(rows).map { $0 < 0.5 ? Float(1) : 0 }
    return numbers + distance * mask * Tensor(choice, shape: [rows, 1, 1])
  }

  /// Makes the many correlated weights of the linear map learn more slowly than the others.
  static let linearScale: Float = 0.3

  /// Segments that a row has, at least one.
  private func lengths(_ batch: ForecastBatch) -> [Int] {
    let segment = configuration.segment
    return (0..<batch.rowCount).map { row in
      max(1, (batch.lengths[row / batch.targetCount] + segment - 1) / segment)
    }
  }

  /// The segments of each row `[n, R, W]`, or `[n, R, 2W]` with marks; those of a shorter history begin where it does.
  private func segments(_ batch: ForecastBatch, _ lengths: [Int]) -> Tensor {
    let (rows, segment, count) = (batch.rowCount, configuration.segment, configuration.inputSegments)
    let sources = configuration.marksMissing ? [batch.history, batch.mask] : [batch.history]
    let width = segment * sources.count
    let numbers = [Float](unsafeUninitializedCapacity: count * rows * width) { buffer, initialized in
      buffer.initialize(repeating: 0)
      initialized = buffer.count
      for row in 0..<rows {
        for index in 0..<lengths[row] {
          let from = row * batch.lookBack + (count - lengths[row] + index) * segment
          for (place, source) in sources.enumerated() {
            let to = (index * rows + row) * width + place * segment
            for step in 0..<segment { buffer[to + step] = source[from + step] }
          }
        }
      }
    }
    return Tensor(numbers, shape: [count, rows, width])
  }

  /// What is known of the past alone in the segments of each row `[n, R, W * P]`, in the places of those of the row.
  private func pastSegments(_ batch: ForecastBatch, _ lengths: [Int]) -> Tensor {
    let (rows, count) = (batch.rowCount, configuration.inputSegments)
    let width = configuration.segment * configuration.pastCount
    let source = batch.past(count: configuration.context)
    let numbers = [Float](unsafeUninitializedCapacity: count * rows * width) { buffer, initialized in
      buffer.initialize(repeating: 0)
      initialized = buffer.count
      for row in 0..<rows {
        let window = row / batch.targetCount
        for index in 0..<lengths[row] {
          let from = (window * count + count - lengths[row] + index) * width
          let to = (index * rows + row) * width
          for place in 0..<width { buffer[to + place] = source[from + place] }
        }
      }
    }
    return Tensor(numbers, shape: [count, rows, width])
  }

  /// What is asked for: places, targets, and what is known about the segments of the horizon, `[R * m, D]`.
  private func queries(_ batch: ForecastBatch, _ owners: [Int]) -> Tensor {
    let count = configuration.outputSegments
    let places = owners.indices.map { Int32($0 % count) }
    let windows = owners.map { Int32($0 / batch.targetCount) }
    var queries = concatenate(
      [position(Indices(places)), target(Indices(owners.map { Int32($0 % batch.targetCount) }))], axis: 1)
    if let covariates {
      let width = configuration.segment * configuration.covariateCount
      let values = batch.covariates(from: 0, count: count * configuration.segment)
      let mapped = covariates(Tensor(values, shape: [batch.windows.count * count, width]))
      queries =
        queries + gather(mapped, rows: Indices(zip(windows, places).map { $0 * Int32(count) + $1 }))
    }
    if let statics {
      let values = Tensor(batch.statics, shape: [batch.windows.count, configuration.staticCount])
      queries = queries + gather(statics(values), rows: Indices(windows))
    }
    return queries
  }
}
