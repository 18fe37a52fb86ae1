/// What a backend does, in parts that can be checked one by one.
public enum BackendAspect: String, Sendable, CaseIterable {
  /// Maps of one element, over all magnitudes and special values, in units in the last place.
  case unary
  /// Maps of two elements with every pattern of broadcasting.
  case binary
  /// Sums and maxima along every axis.
  case reductions
  /// Matrix products of all orientations, with bias and with a prepared right side.
  case matmul
  /// Slices, permutations, concatenation, rows by number, addition in place.
  case layout
  /// Softmax with cross-entropy in all variants, value and gradient.
  case crossEntropy
  /// Softmax with cross-entropy over a linear map, value and gradient.
  case linearCrossEntropy
  /// The largest numbers of rows, and of their log-softmax.
  case likeliest
  /// Connectionist temporal classification over ragged rows: losses, gradient and occupancies.
  case ctc
  /// Gradients of tables of which few rows were used, alone and added to others, their norm and what optimisers do.
  case sparseRows
  /// Layer normalisation, value and gradient.
  case layerNorm
  /// Random numbers and dropout.
  case random
  /// Every rule of an optimiser step.
  case optimizers
  /// The cells over ragged sequences, value and gradient.
  case recurrent
}

/// Throws unless every operation of a backend, in one piece or composed, agrees with the ``ReferenceBackend``.
///
/// - Parameters:
///   - backend: what is checked.
///   - aspects: which parts; all by default.
public func checkBackend(_ backend: any Backend, _ aspects: [BackendAspect] = BackendAspect.allCases) throws {
  let checker = BackendChecker(backend: backend)
  for aspect in aspects {
    switch aspect {
    case .unary: try checker.checkUnary()
    case .binary: try checker.checkBinary()
    case .reductions: try checker.checkReductions()
    case .matmul: try checker.checkMatmul()
    case .layout: try checker.checkLayout()
    case .crossEntropy: try checker.checkCrossEntropy()
    case .linearCrossEntropy: try checker.checkLinearCrossEntropy()
    case .likeliest: try checker.checkLikeliest()
    case .ctc: try checker.checkCTC()
    case .sparseRows: try checker.checkSparseRows()
    case .layerNorm: try checker.checkLayerNorm()
    case .random: try checker.checkRandom()
    case .optimizers: try checker.checkOptimizers()
    case .recurrent: try checker.checkRecurrent()
    }
  }
}

struct BackendChecker {
  let backend: any Backend
  let reference = ReferenceBackend()
  let key = RandomKey(seed: 31)

  /// Runs `body` on the backend and on the reference and compares what it gives.
  func compare(
    _ what: String, relative: Double = 2e-6, absolute: Double = 1e-7, _ body: () throws -> [Tensor]
  ) throws {
    let found = try Backends.$current.withValue(backend, operation: body)
    let expected = try Backends.$current.withValue(reference, operation: body)
    try require(found.count == expected.count, "\(what) on \(backend.name): \(found.count) results")
    for (index, (found, expected)) in zip(found, expected).enumerated() {
      try requireClose(
        found, expected, relative: relative, absolute: absolute, "\(what) on \(backend.name), result \(index)"
      )
    }
  }

  /// A tensor on the current backend.
  func random(_ shape: [Int], bound: Float = 1, _ number: Int = 0) -> Tensor {
    .random(shape, bound: bound, key: key.child(number))
  }

  /// Cells over ragged sequences with resets, in both directions.
  func checkRecurrent() throws {
    let shape = CellShape(6, 5, 19, 37)
    let lengths = [4, 6, 0, 1, 5]
    let resets = key.child(8).uniforms(shape.T * shape.B).map { $0 < 0.2 }
    func check<C: Cell>(_ makeCell: (Int, RandomKey) -> C) throws {
      let layer = RecurrentLayer(
        inputSize: shape.I, isBidirectional: true, initialState: .trained, key: key, makeCell: makeCell)
      var tolerance = GradientTolerance()
      tolerance.elements = 1
      try checkGradient(
        of: layer, inputs: [random([shape.T, shape.B, shape.I])], on: [backend], tolerance: tolerance
      ) { layer, inputs in
        let (outputs, final) = layer(SequenceBatch(inputs[0], lengths: lengths, resets: resets))
        return final.cells.flatMap(\.tensors).reduce((outputs * random(outputs.shape, 1)).sum()) {
          $0 + square($1).sum()
        }
      }
    }
    try check { LSTM(inputSize: $0, hiddenSize: shape.H, key: $1) }
    try check { GRU(inputSize: $0, hiddenSize: shape.H, key: $1) }
    try check { GRU(inputSize: $0, hiddenSize: shape.H, reset: .beforeProduct, key: $1) }
    try check { Elman(inputSize: $0, hiddenSize: shape.H, key: $1) }
    try check { Elman(inputSize: $0, hiddenSize: shape.H, activation: .relu, key: $1) }
  }

  /// Every rule of an optimiser over several steps.
  func checkOptimizers() throws {
    for (rule, count) in OptimizerCase.all {
      try compare("optimiser \(rule)", relative: 1e-5) {
        var parameter = random([3, 11])
        var statistics = (0..<count).map { _ in Tensor(zeros: [3, 11]) }
        for step in 1...4 {
          parameter.backend.optimize(
            OptimizerStep(
              rule: rule, step: step, learningRate: 0.05, gradientScale: 0.7, weightDecay: 0.1,
              parameterScale: 0.98),
            parameter: &parameter, gradient: random([3, 11], step), statistics: &statistics)
        }
        return [parameter] + statistics
      }
    }
    // what shares storage with a parameter keeps its numbers
    try compare("optimiser on shared storage") {
      var parameter = random([5])
      let copy = parameter
      var none: [Tensor] = []
      parameter.backend.optimize(
        OptimizerStep(rule: .sgd(momentum: 0, dampening: 0, isNesterov: false), step: 1, learningRate: 1),
        parameter: &parameter, gradient: random([5], 1), statistics: &none)
      return [copy, parameter]
    }
  }
}
