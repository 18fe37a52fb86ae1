/// The scores of a sequence while it comes in, with the bits that the whole gives.
///
/// The mean, the largest and the last are kept up step by step. Attention keeps the last outputs; a sequence that is longer has
/// the scores of the whole but for rounding. So has a mean over more than a million steps.
public struct SequenceClassifierStream: Sendable {
  private let model: SequenceClassifier
  private var network: SequenceNetworkStream
  private var count = 0
  private var sum, inputSum, featureSum: RunningSum
  private var largest, last: Tensor
  private var attention: AttentionWindow?

  /// The beginning of a sequence; nil for a classifier that looks ahead.
  public init?(_ model: SequenceClassifier) {
    guard let network = SequenceNetworkStream(model.network) else { return nil }
    self.model = model
    self.network = network
    let width = model.configuration.network.outputSize
    sum = RunningSum(width: width)
    largest = Tensor(filled: -1e30, shape: [1, width])
    last = Tensor(zeros: [1, width])
    inputSum = RunningSum(width: model.configuration.network.inputSize)
    featureSum = RunningSum(width: model.configuration.network.featureCount)
    attention = model.attention.map { AttentionWindow($0) }
  }

  /// Reads the features of a step.
  public mutating func push(_ step: FeatureSequence) {
    if model.configuration.sumsFeatures { featureSum.add(step.values) }
    guard let (input, output) = network.push(step) else { return }
    count += 1
    sum.add(output.scalars)
    largest = maximum(largest, output)
    last = output
    if model.configuration.poolsInputs { inputSum.add(input.scalars) }
    attention?.push(output)
  }

  /// The scores after the steps so far.
  public var scores: [Float] {
    func row(_ values: [Float]) -> Tensor { Tensor(values, shape: [1, values.count]) }
    var parts = model.configuration.poolings.map { pooling -> Tensor in
      switch pooling {
      case .mean: return row(sum.mean(of: count))
      case .max: return count > 0 ? largest : last
      case .last: return last
      case .attention: return attention?.pooled ?? last
      }
    }
    if model.configuration.poolsInputs { parts.append(row(inputSum.mean(of: count))) }
    if model.configuration.sumsFeatures { parts.append(row(featureSum.values)) }
    return model.head(concatenate(parts, axis: 1)).scalars
  }

  /// The state, to be kept and gone on with.
  public var state: StreamState {
    get {
      let own = StreamState(
        tensors: [(name: "largest", value: largest), (name: "last", value: last)],
        integers: [(name: "count", values: [Int64(count)])])
      let sums = sum.state("sum") + inputSum.state("inputSum") + featureSum.state("featureSum")
      return own + sums + (attention?.state ?? StreamState()) + network.state
    }
    set {
      count = Int(newValue.integers("count")[0])
      (largest, last) = (newValue.tensor("largest"), newValue.tensor("last"))
      sum.restore(newValue, "sum")
      inputSum.restore(newValue, "inputSum")
      featureSum.restore(newValue, "featureSum")
      attention?.state = newValue
      network.state = newValue
    }
  }
}
