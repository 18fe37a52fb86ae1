/// No operation in one piece: a backend that has some overrides these.
extension Backend {
  /// No form of its own.
  public func prepare(
    _ kind: RecurrentKind, _ weights: RecurrentWeights, options: RecurrentOptions
  ) -> PreparedWeights? { nil }
  /// To be composed.
  public func recurrentForward(_ call: RecurrentCall, isTraining: Bool) -> RecurrentResult? { nil }
  /// Traps: there was no forward pass.
  public func recurrentBackward(
    _ call: RecurrentCall, result: RecurrentResult, gradient: RecurrentOutputGradient, wantsInput: Bool
  ) -> RecurrentGradient { notFused() }
  /// To be composed.
  public func scanForward(_ call: ScanCall, isTraining: Bool) -> ScanResult? { nil }
  /// Traps: there was no forward pass.
  public func scanBackward(
    _ call: ScanCall, result: ScanResult, output: Tensor?, states: [Tensor?]
  ) -> ScanGradient { notFused() }
  /// No form of its own.
  public func prepareRight(_ b: Tensor, transposed: Bool) -> PreparedWeights? { nil }
  /// Traps: nothing was prepared.
  public func matmul(_ a: Tensor, prepared b: PreparedWeights, columns: Int, bias: Tensor?) -> Tensor {
    notFused()
  }
  /// To be stepped by tensors.
  public func stepEngine(_ stages: [StepStage], batchSize: Int) -> (any StepEngine)? { nil }
  /// To be composed.
  public func crossEntropy(_ call: CrossEntropyCall) -> (losses: Tensor, saved: Tensor)? { nil }
  /// Traps: there was no forward pass.
  public func crossEntropyGradient(_ call: CrossEntropyCall, saved: Tensor, scale: Float) -> Tensor {
    notFused()
  }
  /// To be composed.
  public func linearCrossEntropy(
    _ call: LinearCrossEntropyCall, wantsGradient: Bool
  ) -> LinearCrossEntropyResult? { nil }
  /// To be composed.
  public func likeliest(_ call: LikeliestCall) -> LikeliestResult? { nil }
  /// To be composed.
  public func ctc(_ call: CTCCall, wantsOccupancies: Bool) -> CTCResult? { nil }
  /// Traps: there was no forward pass.
  public func ctcGradient(_ call: CTCCall, result: CTCResult, weights: Tensor) -> Tensor { notFused() }
  /// To be composed.
  public func attentionScan(_ call: AttentionScanCall, isTraining: Bool) -> AttentionScanResult? { nil }
  /// Traps: there was no forward pass.
  public func attentionScanBackward(
    _ call: AttentionScanCall, result: AttentionScanResult, output: Tensor?, state: Tensor?
  ) -> AttentionScanGradient { notFused() }
  /// No form of its own.
  public func prepare(_ weights: AttentionScanWeights) -> PreparedWeights? { nil }
  /// To be composed.
  public func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float) -> LayerNormResult? { nil }
  /// To be composed.
  public func layerNorm(
    row x: UnsafeBufferPointer<Float>, weight: Tensor, bias: Tensor, epsilon: Float,
    into y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) -> Void? { nil }
  /// Traps: there was no forward pass.
  public func layerNormGradient(_ upstream: Tensor, weight: Tensor, result: LayerNormResult) -> Tensor {
    notFused()
  }
  /// To be composed.
  public func dropout(_ x: Tensor, rate: Float, key: RandomKey, from start: Int) -> Tensor? { nil }
  /// To be held as a whole.
  public func sparseRows(_ rows: Tensor, _ numbers: Indices, rowCount: Int) -> Tensor? { nil }

  private func notFused(_ function: StaticString = #function) -> Never {
    fatalError("\(name) has no \(function) in one piece, and gave no result to go on from")
  }
}
