/// The scores of a sequence while it comes in, with the bits that the whole gives, as predictions.
///
/// The mean, the largest and the last are kept up step by step. Attention keeps the last outputs; a sequence that is longer has
/// the scores of the whole but for rounding. So has a mean over more than a million steps.
public struct PooledHead<Prediction: Sendable>: SessionHead {
  private let model: PooledNetwork
  private let predict: @Sendable ([Float]) -> Prediction
  private var count = 0
  private var sum, inputSum, featureSum: RunningSum
  private var largest, last: [Float]
  private var attention: AttentionWindow?
  private var linear: LinearWindow?

  /// - Parameters:
  ///   - model: the network.
  ///   - predict: what scores say.
  init(_ model: PooledNetwork, predict: @escaping @Sendable ([Float]) -> Prediction) {
    (self.model, self.predict) = (model, predict)
    let network = model.configuration.network
    let width = network.outputSize
    sum = RunningSum(width: width)
    largest = [Float](repeating: -1e30, count: width)
    last = [Float](repeating: 0, count: width)
    inputSum = RunningSum(width: model.configuration.poolsInputs ? network.inputSize : 0)
    featureSum = RunningSum(width: model.configuration.sumsFeatures ? network.featureCount : 0)
    attention = model.attention.map { AttentionWindow($0) }
    linear = model.configuration.linear.map { LinearWindow($0) }
  }

  /// Adds a step.
  public mutating func read(_ step: FeatureSequence, _ stepper: SequenceNetworkStepper, row: Int) {
    if model.configuration.sumsFeatures { featureSum.add(step.values) }
    if linear != nil { step.values.withUnsafeBufferPointer { linear?.add($0) } }
    guard stepper.hasOutput(row: row) else { return }
    count += 1
    if model.configuration.poolsInputs { stepper.withInput(row: row) { inputSum.add($0) } }
    stepper.withOutput(row: row) { output in
      sum.add(output)
      for place in output.indices {
        let value = output[place]
        // what is not a number stays so
        if value > largest[place] || value.isNaN { largest[place] = value }
        last[place] = value
      }
      attention?.push(output)
    }
  }

  /// The prediction for a sequence that ends here.
  public var prediction: Prediction { predict(scores) }

  /// The prediction.
  public var outputs: [Prediction] { [prediction] }

  /// The scores after the steps so far, with the number of the linear map behind them where there is one.
  var scores: [Float] {
    func row(_ values: [Float]) -> Tensor {
      Tensor(values, shape: [1, values.count], like: model.head.weight)
    }
    var parts = model.configuration.poolings.map { pooling -> Tensor in
      switch pooling {
      case .mean: return row(sum.mean(of: count))
      case .max: return row(count > 0 ? largest : last)
      case .last: return row(last)
      case .attention: return attention?.pooled ?? row(last)
      }
    }
    if model.configuration.poolsInputs { parts.append(row(inputSum.mean(of: count))) }
    if model.configuration.sumsFeatures { parts.append(row(featureSum.values)) }
    let scores = model.head(concatenate(parts, axis: 1)).scalars
    return linear.map { scores + [$0.value] } ?? scores
  }

  /// What is kept.
  public var state: SessionState {
    let own = SessionState(
      tensors: [(name: "largest", value: Tensor(largest)), (name: "last", value: Tensor(last))],
      integers: [(name: "count", values: [Int64(count)])])
    let sums = sum.state("sum") + inputSum.state("inputSum") + featureSum.state("featureSum")
    return own + sums + (attention?.state ?? SessionState()) + (linear?.state ?? SessionState())
  }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another network, or damaged.
  public mutating func restore(_ state: SessionState) throws {
    count = try state.integers("count", count: 1)[0]
    largest = try state.tensor("largest", [largest.count]).scalars
    last = try state.tensor("last", [last.count]).scalars
    try sum.restore(state, "sum")
    try inputSum.restore(state, "inputSum")
    try featureSum.restore(state, "featureSum")
    try attention?.restore(state)
    try linear?.restore(state)
  }
}

extension SteppedSession {
  /// A session of a network with pooling, whose weights the stepper packs; nil where that looks ahead.
  public static func pooled<Prediction>(
    _ model: PooledNetwork, predict: @escaping @Sendable ([Float]) -> Prediction
  ) -> SteppedSession? where Head == PooledHead<Prediction> {
    SequenceNetworkStepper(model.network).map { SteppedSession($0, PooledHead(model, predict: predict)) }
  }
}
