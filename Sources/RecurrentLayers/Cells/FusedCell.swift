/// What the cells with PyTorch's parameters share: names, checks, preparation, and the way to the backend.
///
/// `package` because a cell outside the package cannot be fused.
package protocol FusedCell: Cell {
  var kind: RecurrentKind { get }
  var weightInputHidden: Tensor { get set }
  var weightHiddenHidden: Tensor { get set }
  var biasInputHidden: Tensor? { get set }
  var biasHiddenHidden: Tensor? { get set }
  var preparedWeights: PreparedWeights? { get set }
  var precision: Precision { get set }
  static func state(hidden: Tensor, cell: Tensor?) -> State
  static func parts(of state: State) -> (hidden: Tensor, cell: Tensor?)
}

extension FusedCell {
  /// The parameters for the backend.
  var weights: RecurrentWeights {
    RecurrentWeights(
      inputHidden: weightInputHidden, hiddenHidden: weightHiddenHidden, inputBias: biasInputHidden,
      hiddenBias: biasHiddenHidden)
  }

  mutating func walkParameters(_ visitor: inout some ParameterVisitor) {
    preparedWeights = nil  // a visitor may change the weights
    visitor.visit("weight_ih", &weightInputHidden)
    visitor.visit("weight_hh", &weightHiddenHidden)
    visitor.visit("bias_ih", &biasInputHidden)
    visitor.visit("bias_hh", &biasHiddenHidden)
  }

  func preparedCopy() -> Self {
    var copy = self
    copy.preparedWeights = weightInputHidden.backend.prepare(kind, weights, precision: precision)
    return copy
  }

  func copy(with precision: Precision) -> Self {
    var copy = self
    copy.precision = precision
    copy.preparedWeights = nil
    return copy
  }

  /// In one piece where the backend can, else unrolled.
  func fusedScan(_ x: Tensor, from state: State, plan: SequencePlan) -> (outputs: Tensor, state: State) {
    trapUnless(
      x.rank == 3 && x.shape[2] == inputSize,
      "\(Self.self): expected input [T, B, \(inputSize)], received shape \(x.shape)")
    guard x.backend.fuses(.recurrent(kind)) else { return unrolledScan(x, from: state, plan: plan) }
    let (hidden, cell) = Self.parts(of: state)
    let result = recurrentScan(
      RecurrentCall(
        kind: kind, weights: weights, prepared: preparedWeights, precision: precision, input: x,
        hidden: hidden, cell: cell, plan: plan))
    return (result.output, Self.state(hidden: result.hidden, cell: result.cell))
  }

  /// One step in one piece; nil where the backend cannot. The bits are those of a whole sequence.
  func fusedStep(_ x: Tensor, _ state: State) -> (output: Tensor, state: State)? {
    guard x.backend.fuses(.recurrent(kind)) else { return nil }
    let plan = SequencePlan(stepCount: 1, batchSize: x.shape[0])
    let (outputs, next) = fusedScan(x.reshaped(to: [1] + x.shape), from: state, plan: plan)
    return (outputs.reshaped(to: [x.shape[0], outputSize]), next)
  }

  /// The sums of inputs and of states before the gates are applied, `[B, G * H]` each.
  func preactivations(_ x: Tensor, _ hidden: Tensor) -> (input: Tensor, hidden: Tensor) {
    (
      matmul(x, weightInputHidden, transposeB: true, bias: biasInputHidden),
      matmul(hidden, weightHiddenHidden, transposeB: true, bias: biasHiddenHidden)
    )
  }

  /// Gate number `index` of `[B, G * H]`.
  func gate(_ index: Int, of sums: Tensor) -> Tensor {
    let size = weightHiddenHidden.shape[1]
    return sums.sliced(axis: 1, index * size..<(index + 1) * size)
  }
}

extension FusedCell where State == Tensor {
  package static func state(hidden: Tensor, cell: Tensor?) -> Tensor { hidden }
  package static func parts(of state: Tensor) -> (hidden: Tensor, cell: Tensor?) { (state, nil) }
}
