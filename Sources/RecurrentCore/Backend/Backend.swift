/// Maps of one element to one element.
public enum UnaryOperation: Int, Sendable, CaseIterable {
  case negate, exp, log, sqrt, square, abs, sign, reciprocal, sigmoid, tanh, relu, softplus
}

/// Maps of two elements to one, with broadcasting.
public enum BinaryOperation: Int, Sendable, CaseIterable {
  case add, subtract, multiply, divide, maximum, minimum
  /// 1 where the first is greater, else 0.
  case greater
  /// The first times 1 - y², where the second is y = tanh x.
  case tanhGradient
  /// The first times y (1 - y), where the second is y = sigmoid x.
  case sigmoidGradient
  /// The first where the second, y = max(x, 0), is positive.
  case reluGradient
}

/// A device, its memory and its arithmetic: the only door to numeric work.
///
/// All tensors that go in are off the tape and live with this backend; those that come out do too. Derivatives are the
/// business of the operations built on top. A backend must give results that do not depend on how many threads it uses.
///
/// A backend has every primitive. Of the fused operations it has those that it does better in one piece: the others give
/// nil, and the caller composes them of primitives. Whatever takes a result of a fused operation (its backward pass, a
/// product with prepared weights) is called only by whom the backend has given such a result.
public protocol Backend: Sendable {
  /// A short name for reports: `cpu (avx512, 2 threads)`.
  var name: String { get }

  /// Does independent work for each of 0 ..< `count`, all at the same time where that is sooner than to share out each
  /// of them. The work must not touch a tape of another thread.
  func concurrently(_ count: Int, _ body: (Int) -> Void)

  // MARK: Memory

  /// Memory of the device for `bytes`, at least one, not cleared; an address that only this backend reads and writes at.
  func allocate(bytes: Int) -> UnsafeMutableRawPointer
  /// Takes back memory that `allocate(bytes:)` gave for as many bytes.
  func deallocate(_ memory: UnsafeMutableRawPointer, bytes: Int)
  /// A tensor of `shape` that holds `scalars`.
  func tensor(_ scalars: [Float], shape: [Int]) -> Tensor
  /// A tensor of `shape` that holds what `scalars` gives, row-major; it is asked only where numbers are kept.
  func tensor(shape: [Int], _ scalars: () -> [Float]) -> Tensor
  /// A tensor of `shape` with `value` everywhere.
  func filled(_ value: Float, shape: [Int]) -> Tensor
  /// The elements, row-major.
  func scalars(of x: Tensor) -> [Float]

  // MARK: Primitives

  /// An operation on every element.
  func unary(_ operation: UnaryOperation, _ x: Tensor) -> Tensor
  /// An operation on pairs of elements; extents of 1 and missing leading axes are repeated.
  func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor) -> Tensor
  /// A function of the elements of three tensors of one shape, in double on the host: for special functions.
  func hostMapped(_ a: Tensor, _ b: Tensor, _ c: Tensor, _ function: (Double, Double, Double) -> Double)
    -> Tensor
  /// The sum along an axis, which is dropped.
  func sum(_ x: Tensor, axis: Int) -> Tensor
  /// The largest element along an axis, which is dropped.
  func maximum(_ x: Tensor, axis: Int) -> Tensor
  /// op(a) op(b), plus `bias` in every row: `[M, K]` times `[K, N]`, each stored transposed on request.
  func matmul(_ a: Tensor, _ b: Tensor, transposeA: Bool, transposeB: Bool, bias: Tensor?) -> Tensor
  /// The part `start ..< start + length` of an axis.
  func slice(_ x: Tensor, axis: Int, start: Int, length: Int) -> Tensor
  /// Parts put one after the other along an axis.
  func concatenate(_ parts: [Tensor], axis: Int) -> Tensor
  /// Axes in a new order: axis `i` of the result is axis `order[i]` of `x`.
  func permute(_ x: Tensor, order: [Int]) -> Tensor
  /// Rows of a matrix `[V, F]` by number; the numbers have been checked.
  func gatherRows(_ table: Tensor, _ rows: Indices) -> Tensor
  /// A matrix `[rowCount, F]` of sums of the given rows by number, in order; negative numbers are skipped.
  func scatterAddRows(_ rows: Tensor, _ numbers: Indices, rowCount: Int) -> Tensor
  /// Adds rows by number, each of which occurs once, to rows of `table`, in place where the storage is not shared.
  func addRows(_ rows: Tensor, _ numbers: Indices, to table: inout Tensor)
  /// sum += x, in place where the storage is not shared.
  func add(_ x: Tensor, to sum: inout Tensor)
  /// Adds `x` to the part of `sum` that begins at `start` of `axis`.
  func add(_ x: Tensor, to sum: inout Tensor, axis: Int, start: Int)
  /// The sum of all squares, in higher precision.
  func sumOfSquares(_ x: Tensor) -> Double
  /// Numbers uniform in [0, 1) from the counter-based generator under `key`, from position `start` of its stream.
  func uniform(_ key: RandomKey, from start: Int, shape: [Int]) -> Tensor
  /// One step of an optimiser on one parameter.
  func optimize(_ step: OptimizerStep, parameter: inout Tensor, gradient: Tensor, statistics: inout [Tensor])
  /// One step of an optimiser on many parameters.
  func optimize(_ step: OptimizerStep, _ updates: inout [ParameterUpdate])

  // MARK: Fused operations: nil is "compose it"

  /// Weights in the form that the kernels read, made once for many calls.
  func prepare(
    _ kind: RecurrentKind, _ weights: RecurrentWeights, options: RecurrentOptions
  ) -> PreparedWeights?
  /// A cell over a sequence, with any options.
  func recurrentForward(_ call: RecurrentCall, isTraining: Bool) -> RecurrentResult?
  /// All gradients of a cell over a sequence. Uses up `result`.
  func recurrentBackward(
    _ call: RecurrentCall, result: RecurrentResult, gradient: RecurrentOutputGradient, wantsInput: Bool
  ) -> RecurrentGradient
  /// What is left of a cell when the products over its input are done, over a sequence.
  func scanForward(_ call: ScanCall, isTraining: Bool) -> ScanResult?
  /// All gradients of a scan over a sequence, from those of its output and of its final states; nil for zero.
  func scanBackward(
    _ call: ScanCall, result: ScanResult, output: Tensor?, states: [Tensor?]
  ) -> ScanGradient
  /// The right side of a matrix product in the form that the kernels read.
  func prepareRight(_ b: Tensor, transposed: Bool) -> PreparedWeights?
  /// a times a prepared right side with `columns` columns, plus `bias`.
  func matmul(_ a: Tensor, prepared b: PreparedWeights, columns: Int, bias: Tensor?) -> Tensor
  /// A stack of cells and products that is stepped in memory of its own.
  func stepEngine(_ stages: [StepStage], batchSize: Int) -> (any StepEngine)?
  /// Losses of each row and what the gradient needs.
  func crossEntropy(_ call: CrossEntropyCall) -> (losses: Tensor, saved: Tensor)?
  /// The gradient with respect to the logits, for the upstream gradient `scale` of every row's loss.
  func crossEntropyGradient(_ call: CrossEntropyCall, saved: Tensor, scale: Float) -> Tensor
  /// Losses of each row of a linear map, and all gradients of `call.scale` times their sum.
  func linearCrossEntropy(_ call: LinearCrossEntropyCall, wantsGradient: Bool) -> LinearCrossEntropyResult?
  /// The largest numbers of each row of scores.
  func likeliest(_ call: LikeliestCall) -> LikeliestResult?
  /// Losses of each row of connectionist temporal classification, and what its gradient and its alignments need where that
  /// is wanted.
  func ctc(_ call: CTCCall, wantsOccupancies: Bool) -> CTCResult?
  /// The gradient with respect to the logits, for the upstream gradients `[B]` of the losses; zero past the lengths. The
  /// result has occupancies.
  func ctcGradient(_ call: CTCCall, result: CTCResult, weights: Tensor) -> Tensor
  /// A decoder with attention over whole targets.
  func attentionScan(_ call: AttentionScanCall, isTraining: Bool) -> AttentionScanResult?
  /// All gradients of a decoder with attention, from those of its output and of its final states; nil for zero. Uses up
  /// `result`.
  func attentionScanBackward(
    _ call: AttentionScanCall, result: AttentionScanResult, output: Tensor?, state: Tensor?
  ) -> AttentionScanGradient
  /// The weights of a decoder with attention in the form that the kernels read, made once for many calls.
  func prepare(_ weights: AttentionScanWeights) -> PreparedWeights?
  /// Normalised rows scaled and shifted, and what the gradient needs.
  func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float) -> LayerNormResult?
  /// A row normalised, scaled and shifted in memory of the host; nil where the tensors do not live there.
  ///
  /// - Parameters:
  ///   - x: the row.
  ///   - y: where the result goes, not `x` itself.
  ///   - scratch: as many numbers and one more.
  func layerNorm(
    row x: UnsafeBufferPointer<Float>, weight: Tensor, bias: Tensor, epsilon: Float,
    into y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) -> Void?
  /// The gradient with respect to the input of layer normalisation.
  func layerNormGradient(_ upstream: Tensor, weight: Tensor, result: LayerNormResult) -> Tensor
  /// x / (1 - rate) where the random number of the element is at least `rate`, else zero, without a stored mask; the first
  /// element has the number at position `start` of the stream.
  func dropout(_ x: Tensor, rate: Float, key: RandomKey, from start: Int) -> Tensor?
  /// The matrix of `scatterAddRows(_:_:rowCount:)` as a tensor that keeps the rows which were used alone; also nil where
  /// these are too many to gain by it.
  func sparseRows(_ rows: Tensor, _ numbers: Indices, rowCount: Int) -> Tensor?
}

extension Backend {
  /// One after the other.
  public func concurrently(_ count: Int, _ body: (Int) -> Void) {
    for index in 0..<count { body(index) }
  }

  /// Memory of the host, from the pool of the process.
  public func allocate(bytes: Int) -> UnsafeMutableRawPointer { StoragePool.shared.take(bytes: bytes) }
  /// Back to the pool of the process.
  public func deallocate(_ memory: UnsafeMutableRawPointer, bytes: Int) {
    StoragePool.shared.give(memory, bytes: bytes)
  }
  /// Of the numbers at once.
  public func tensor(shape: [Int], _ scalars: () -> [Float]) -> Tensor { tensor(scalars(), shape: shape) }

  /// By way of the whole table.
  public func addRows(_ rows: Tensor, _ numbers: Indices, to table: inout Tensor) {
    add(scatterAddRows(rows, numbers, rowCount: table.shape[0]).viewed(as: table.shape), to: &table)
  }

  /// One after the other.
  public func optimize(_ step: OptimizerStep, _ updates: inout [ParameterUpdate]) {
    for (index, update) in updates.enumerated() {
      var (parameter, statistics) = (update.parameter, update.statistics)
      optimize(step, parameter: &parameter, gradient: update.gradient, statistics: &statistics)
      updates[index].parameter = parameter
      updates[index].statistics = statistics
    }
  }
}

/// Where new tensors live.
public enum Backends {
  /// The backend of tensors that are made from numbers. The CPU with all processors unless set for a scope:
  ///
  ///     Backends.$current.withValue(CPUBackend(threadCount: 1)) { train() }
  @TaskLocal public static var current: any Backend = CPUBackend.shared
}
