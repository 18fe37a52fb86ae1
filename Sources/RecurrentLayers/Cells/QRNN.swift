/// The quasi-recurrent network (Bradbury et al. 2016, arXiv:1611.01576): a causal convolution over time, then pooling.
///
///     z = tanh(W_z X + b_z),   f, o, i = sigmoid(W_{f,o,i} X + b_{f,o,i}),   X = the inputs of the last k steps
///     f-pooling     h' = f * h + (1 - f) * z
///     fo-pooling    c' = f * c + (1 - f) * z,   h = o * c'
///     ifo-pooling   c' = f * c + i * z,         h = o * c'
///
/// The convolution is one product for all steps; what is left is a recurrence for each unit, taken in order, so that
/// streaming, pieces and the whole sequence give the same bits.
///
/// Parameters: `weight_ih [G * H, k * I]`, gates z f o i as far as the pooling has them, columns from the oldest input of
/// the window to the newest; `bias_ih [G * H]`.
public struct QRNN: ScanCell {
  /// How the convolved sequence is gathered over time.
  public enum Pooling: String, Sendable, Codable, CaseIterable {
    /// Forget gate.
    case f
    /// Forget and output gate.
    case fo
    /// Input, forget and output gate.
    case ifo

    /// The number of blocks of H rows.
    public var gateCount: Int {
      switch self {
      case .f: 2
      case .fo: 3
      case .ifo: 4
      }
    }
  }

  /// The state of a QRNN.
  public struct State: RecurrentState {
    /// c, with f-pooling h, `[B, H]`.
    public var cell: Tensor
    /// The last k - 1 inputs, the oldest first, `[B, k - 1, I]`; nil for a window of one.
    public var past: Tensor?

    /// A state of c `[B, H]` and, for windows wider than one, the last inputs `[B, k - 1, I]`.
    public init(cell: Tensor, past: Tensor?) {
      self.cell = cell
      self.past = past
    }

    /// c and the last inputs.
    public var tensors: [Tensor] { [cell] + (past.map { [$0] } ?? []) }

    /// From c and the last inputs.
    public init(tensors: [Tensor]) {
      self.init(cell: tensors[0], past: tensors.count > 1 ? tensors[1] : nil)
    }
  }

  package var projection: InputProjection
  /// k: how many steps the convolution sees.
  public let window: Int
  /// How the convolved sequence is gathered over time.
  public let pooling: Pooling

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  ///
  /// - Parameters:
  ///   - inputSize: I.
  ///   - hiddenSize: H.
  ///   - window: k, at least 1.
  ///   - pooling: over time.
  ///   - hasBias: whether there are biases.
  ///   - initializer: for the weights; nil for uniform in ± 1 / sqrt(k I).
  ///   - key: of the random numbers.
  public init(
    inputSize: Int, hiddenSize: Int, window: Int = 2, pooling: Pooling = .fo, hasBias: Bool = true,
    initializer: Initializer? = nil, key: RandomKey
  ) {
    trapUnless(window > 0, "QRNN: expected a window of at least one step, received \(window)")
    projection = InputProjection(
      gates: pooling.gateCount, inputSize: clampedProduct(window, inputSize), hiddenSize: hiddenSize,
      hasBias: hasBias,
      initializer: initializer, key: key)
    self.window = window
    self.pooling = pooling
  }

  /// The width of the input.
  public var inputSize: Int { projection.inputSize / window }
  /// The width of the output.
  public var outputSize: Int { projection.outputSize / pooling.gateCount }

  /// The zero state for `batch` rows: before the first step stand zeros.
  public func initialState(batch: Int) -> State {
    State(
      cell: projection.zeros([batch, outputSize]),
      past: window > 1 ? projection.zeros([batch, window - 1, inputSize]) : nil)
  }

  package var scanKind: ScanKind {
    switch pooling {
    case .f: .qrnnF
    case .fo: .qrnnFO
    case .ifo: .qrnnIFO
    }
  }

  package func preactivations(_ x: Tensor, _ state: State, _ plan: SequencePlan) -> [Tensor] {
    guard let past = state.past else { return [projection(plan.realRows(of: x))] }
    return [projection(plan.windows(of: x, past: past))]
  }

  package func scanStates(of state: State) -> [Tensor] { [state.cell] }

  package func finalState(_ scanned: [Tensor], _ x: Tensor, _ state: State, _ plan: SequencePlan) -> State {
    State(cell: scanned[0], past: state.past.map { plan.lastInputs(of: x, past: $0) })
  }

  private func parts(_ sums: Tensor) -> (z: Tensor, f: Tensor, input: Tensor, output: Tensor?) {
    let width = outputSize
    let (z, f) = (tanh(sums.block(0, width: width)), sigmoid(sums.block(1, width: width)))
    return (
      z, f, pooling == .ifo ? sigmoid(sums.block(3, width: width)) : 1 - f,
      pooling == .f ? nil : sigmoid(sums.block(2, width: width))
    )
  }

  package func composedStep(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> (output: Tensor, states: [Tensor]) {
    let (z, f, input, output) = parts(preactivations[0])
    let next = f * states[0] + input * z
    return (output.map { $0 * next } ?? next, [next])
  }

  /// Whether the output is c: with f-pooling.
  public var outputsState: Bool { pooling == .f }

  package var shownState: Int? { pooling == .f ? nil : 0 }

  package func gates(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> [(name: String, values: Tensor)] {
    let (z, f, input, output) = parts(preactivations[0])
    return [("input", input), ("forget", f), ("candidate", z)] + (output.map { [("output", $0)] } ?? [])
  }
}

extension SequencePlan {
  /// For each real row, in the order of ``realRows(of:)``, its input and those of the steps before it, the oldest first:
  /// `[N, k * I]`. `past`, `[S, k - 1, I]`, stands before the first step of each segment.
  func windows(of x: Tensor, past: Tensor) -> Tensor {
    let (behind, count, width) = (past.shape[1], stepCount * batchSize, x.shape[2])
    if isOneStep { return extended(past, by: x).reshaped(to: [batchSize, (behind + 1) * width]) }
    var numbers = [Int32](repeating: 0, count: slotCount * (behind + 1))
    for step in alive.indices {
      for segment in 0..<Int(alive[step]) {
        let row = Int(first[segment] + Int64(step) * stride)
        let place = (isFull ? row : Int(offset[step]) + segment) * (behind + 1)
        for index in 0...behind {
          let back = behind - index
          numbers[place + index] = Int32(
            back > step
              ? count + segment * behind + behind + step - back : row - back * Int(stride))
        }
      }
    }
    let table = concatenate([
      x.reshaped(to: [count, width]), past.reshaped(to: [segmentCount * behind, width]),
    ])
    return gather(table, rows: Indices(numbers)).reshaped(to: [slotCount, (behind + 1) * width])
  }

  /// Whether each row is read for one step, in order.
  private var isOneStep: Bool { stepCount == 1 && isFull && isIdentity }

  /// The inputs of one step, `[1, B, I]`, behind those before it: `[B, k, I]`.
  private func extended(_ past: Tensor, by x: Tensor) -> Tensor {
    concatenate([past, x.reshaped(to: [batchSize, 1, x.shape[2]])], axis: 1)
  }

  /// The last inputs of each segment, the oldest first, `[S, k - 1, I]`; those of `past` where there are not enough.
  func lastInputs(of x: Tensor, past: Tensor) -> Tensor {
    guard slotCount > 0 else { return past }
    if isOneStep { return extended(past, by: x).sliced(axis: 1, 1..<past.shape[1] + 1) }
    let (behind, width) = (past.shape[1], x.shape[2])
    var lengths = [Int](repeating: 0, count: segmentCount)
    for step in alive.indices { for segment in 0..<Int(alive[step]) { lengths[segment] = step + 1 } }
    var (rows, choice) = ([Int32](), [Int32]())
    for (segment, length) in lengths.enumerated() {
      for index in 0..<behind {
        let step = length - behind + index
        rows.append(Int32(first[segment] + Int64(max(0, step)) * stride))
        let place = step >= 0 ? segment * behind + index : (segmentCount + segment) * behind + behind + step
        choice.append(Int32(place))
      }
    }
    let recent = gather(x.reshaped(to: [stepCount * batchSize, width]), rows: Indices(rows))
    let table = concatenate([recent, past.reshaped(to: [segmentCount * behind, width])])
    return gather(table, rows: Indices(choice)).reshaped(to: past.shape)
  }
}
