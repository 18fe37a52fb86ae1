/// Classifies a sequence while it comes in, with the bits that the whole gives.
///
/// The mean, the largest and the last are kept up step by step; attention needs all outputs, which then stay in memory.
public struct ClassificationStream: SequenceStream {
  /// The task whose answers these are.
  public typealias Task = ClassificationTask

  private let task: ClassificationTask
  private let model: SequenceClassifier
  private var network: SequenceNetworkStream
  private var count = 0
  private var sum, largest, last, inputSum, featureSum: Tensor
  private var outputs: [Tensor] = []

  init?(task: ClassificationTask, model: SequenceClassifier) {
    guard let network = SequenceNetworkStream(model.network) else { return nil }
    self.task = task
    self.model = model
    self.network = network
    let width = model.configuration.network.outputSize
    sum = Tensor(zeros: [1, width])
    largest = Tensor(filled: -1e30, shape: [1, width])
    last = Tensor(zeros: [1, width])
    inputSum = Tensor(zeros: [1, model.configuration.network.inputSize])
    featureSum = Tensor(zeros: [1, model.configuration.network.featureCount])
  }

  /// Reads the features of a step.
  public mutating func push(_ step: FeatureSequence) {
    if model.configuration.sumsFeatures {
      featureSum = featureSum + Tensor(step.values, shape: [1, step.featureCount])
    }
    guard let (input, output) = network.push(step) else { return }
    count += 1
    sum = sum + output
    largest = maximum(largest, output)
    last = output
    if model.configuration.poolsInputs { inputSum = inputSum + input }
    if model.attention != nil { outputs.append(output) }
  }

  /// The scores and probabilities after the steps so far.
  public var answer: ClassificationTask.Answer {
    let share = Tensor([1 / Float(max(count, 1))], shape: [1, 1])
    var parts = model.configuration.poolings.map { pooling -> Tensor in
      switch pooling {
      case .mean: return sum * share
      case .max: return count > 0 ? largest : last
      case .last: return last
      case .attention:
        guard let attention = model.attention, !outputs.isEmpty else { return last }
        return attention(stack(outputs), lengths: [outputs.count]).pooled
      }
    }
    if model.configuration.poolsInputs { parts.append(inputSum * share) }
    if model.configuration.sumsFeatures { parts.append(featureSum) }
    return task.answer(model.head(concatenate(parts, axis: 1)).scalars)
  }

  /// The state, to be kept and gone on with.
  public var tensors: [Tensor] {
    get {
      let own = [Tensor([Float(count)]), sum, largest, last, inputSum, featureSum]
      return own + [Tensor([Float(outputs.count)])] + outputs + network.tensors
    }
    set {
      count = Int(newValue[0].scalar)
      (sum, largest, last, inputSum, featureSum) = (
        newValue[1], newValue[2], newValue[3], newValue[4], newValue[5]
      )
      let kept = Int(newValue[6].scalar)
      outputs = Array(newValue[7..<7 + kept])
      network.tensors = Array(newValue[(7 + kept)...])
    }
  }
}
