/// A recommender (Hidasi et al. 2016, arXiv:1511.06939): item vectors, recurrent layers, and a score for each item that may come
/// next. The vectors of the input are those of the scores.
///
///     scores_t = E P d(h_t) + b,   h = recurrent(d(E[items]))
///
/// E are the item vectors, P a linear map where the layers are not as wide as these, b what items are sought for whatever came
/// before, and d dropout.
public struct RecommendationModel: RecurrentModel {
  /// `[V, E]`.
  public var embedding: Embedding
  /// The layers, E in and H out.
  public var recurrent: RecurrentLayer<AnyCell>
  /// H to E, where the widths differ.
  public var projection: Linear?
  /// `[V]`.
  public var bias: Tensor
  /// The dropout rate on item vectors.
  public let dropoutRate: Float
  /// The dropout rate on the output of the layers.
  public let stateDropoutRate: Float
  /// The cell of the layers.
  public let cellChoice: CellChoice

  /// The states of all layers.
  public typealias State = RecurrentLayer<AnyCell>.State

  /// A model of `itemCount` items with fresh parameters.
  public init(_ configuration: RecommendationConfiguration, itemCount: Int, key: RandomKey) {
    let (size, width) = (configuration.embeddingSize, configuration.outputSize)
    embedding = Embedding(
      vocabularySize: itemCount, size: size, initializer: .uniform(bound: 0.1), key: key.child(0))
    recurrent = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: size, dropoutRate: configuration.dropoutRate,
      key: key.child(1)
    ) { inputSize, key in
      configuration.cell.make(
        inputSize: inputSize, hiddenSize: configuration.hiddenSize,
        options: configuration.cellOptions ?? CellOptions(), initialization: .uniform, key: key)
    }
    .with(precision: configuration.precision)
    projection =
      width == size ? nil : Linear(inputSize: width, outputSize: size, hasBias: false, key: key.child(2))
    bias = Tensor(zeros: [itemCount])
    dropoutRate = configuration.dropoutRate
    stateDropoutRate = configuration.stateDropoutRate
    cellChoice = configuration.cellChoice
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("recurrent", &recurrent)
    visitor.visit("projection", &projection)
    visitor.visit("bias", &bias)
  }

  /// V.
  public var itemCount: Int { embedding.weight.shape[0] }

  /// The model with its weights packed for the kernels.
  public func packed() -> RecommendationModel {
    var copy = self
    (copy.recurrent, copy.projection) = (recurrent.packed(), projection?.packed())
    return copy
  }

  /// The model with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> RecommendationModel {
    var copy = self
    copy.recurrent = recurrent.with(precision: precision)
    return copy
  }

  /// What stands behind the layers, to the scores.
  var heads: [Linear] { (projection.map { [$0] } ?? []) + [Linear(weight: embedding.weight, bias: bias)] }

  /// Reads items as far as the scores: what these are computed from, `[T, B, E]`, and the state after the last step.
  ///
  /// - Parameters:
  ///   - items: `[T, B]`.
  ///   - lengths: `[B]`, steps of each row that are real; nil for all.
  ///   - resets: `[T * B]`, where another session begins; nil for nowhere.
  ///   - state: of B rows; nil for the beginning.
  ///   - mode: training for dropout.
  public func read(
    _ items: Indices, lengths: [Int]? = nil, resets: [Bool]? = nil, state: State? = nil,
    mode: Mode = .inference
  ) -> (hidden: Tensor, state: State) {
    let vectors = Dropout(rate: dropoutRate)(embedding(items), mode: mode.child(0))
    let (outputs, end) = recurrent(
      SequenceBatch(vectors, lengths: lengths, resets: resets), state: state, mode: mode.child(1))
    let dropped = Dropout(rate: stateDropoutRate)(outputs, mode: mode.child(2))
    return (projection?(dropped) ?? dropped, carried(end, dropped, mode))
  }

  /// The state with what dropout has left of the output, after a single step of a cell whose output is a part of its state.
  private func carried(_ state: State, _ dropped: Tensor, _ mode: Mode) -> State {
    guard case .training = mode, stateDropoutRate > 0, dropped.shape[0] == 1, var last = state.cells.last,
      let hidden = last.tensors.first, hidden.count == dropped.count,
      [.gru, .gruResetBefore, .lstm, .elman, .elmanReLU].contains(cellChoice.cell)
    else { return state }
    var own = state
    last.tensors[0] = dropped.reshaped(to: hidden.shape)
    own.cells[own.cells.count - 1] = last
    return own
  }

  /// Scores of every item, `[..., V]`, from what `read` returns.
  func scores(_ hidden: Tensor) -> Tensor {
    matmul(hidden, embedding.weight, transposeB: true, bias: bias)
  }

  /// The zero state of `batch` sessions.
  public func initialState(batch: Int) -> State { recurrent.initialState(batch: batch) }
}
