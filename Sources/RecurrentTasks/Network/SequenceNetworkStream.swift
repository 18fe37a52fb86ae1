/// A causal network that reads one step of one sequence after the other, with the bits that the whole sequence gives.
///
/// Each convolution keeps the last steps that it sees; with a stride it gives something out at every so manieth step alone.
public struct SequenceNetworkStream: Sendable {
  private let network: SequenceNetwork
  /// For each convolution the steps before the next one, `[K - 1, W]`.
  private var windows: [Tensor]
  /// For each convolution how many steps it has read since it last gave something out.
  private var phases: [Int]
  private var cells: RecurrentLayer<AnyCell>.State
  /// Of pictures those so far.
  private var history: PictureHistory

  /// The beginning of a sequence; nil for a network that looks ahead.
  public init?(_ network: SequenceNetwork) {
    guard network.configuration.isCausal else { return nil }
    self.network = network.packed()
    windows = network.convolutions.map { convolution in
      Tensor(zeros: [convolution.width - 1, convolution.weight.shape[1] / convolution.width])
    }
    phases = network.convolutions.map { _ in 0 }
    cells = network.recurrent.initialState(batch: 1)
    history = PictureHistory(network.configuration.pictureScale)
  }

  /// Reads a step.
  ///
  /// - Returns: what the recurrent layers have read `[1, W]` and their output `[1, H]`; nil at a step that a stride passes
  ///   over.
  public mutating func push(_ step: FeatureSequence) -> (input: Tensor, output: Tensor)? {
    var values = vector(step)
    for index in network.convolutions.indices {
      let convolution = network.convolutions[index]
      let rows = concatenate([windows[index], values])
      windows[index] = rows.sliced(axis: 0, 1..<convolution.width)
      let phase = phases[index]
      phases[index] = (phase + 1) % convolution.stride
      guard phase == 0 else { return nil }
      let window = rows.reshaped(to: [1, convolution.weight.shape[1]])
      let sums = matmul(window, convolution.weight, transposeB: true, bias: convolution.bias)
      values = relu(network.norms[index](sums))
    }
    let (output, next) = network.recurrent.step(values, cells)
    cells = next
    return (values, output)
  }

  private mutating func vector(_ step: FeatureSequence) -> Tensor {
    var parts: [Tensor] = []
    if let embedding = network.embedding { parts.append(embedding(Indices(step.tokens))) }
    if step.featureCount > 0 {
      if let picture = network.picture {
        var channels: [Float] = []
        history.append(step.values[...], to: &channels)
        parts.append(
          picture(Tensor(channels, shape: [1, PictureHistory.channelCount, step.featureCount])))
      } else {
        parts.append(Tensor(step.values, shape: [1, step.featureCount]))
      }
    }
    return concatenate(parts, axis: 1)
  }

  /// The state, to be kept and gone on with.
  public var state: StreamState {
    get {
      let own = StreamState(
        tensors: windows.enumerated().map { (name: "network.window.\($0.offset)", value: $0.element) }
          + cells.tensors.enumerated().map { (name: "network.cell.\($0.offset)", value: $0.element) },
        integers: [(name: "network.phases", values: phases.map { Int64($0) })])
      return network.picture == nil ? own : own + history.state
    }
    set {
      windows = windows.indices.map { newValue.tensor("network.window.\($0)") }
      cells = cells.replacing(cells.tensors.indices.map { newValue.tensor("network.cell.\($0)") })
      phases = newValue.integers("network.phases").map { Int($0) }
      if network.picture != nil { history.state = newValue }
    }
  }
}
