import Recurrent

/// What we do for a problem: one run, and the values that every side is compared by.
struct Work {
  /// The ways to do it, the fastest of which counts.
  var variants: [String: Variant]

  struct Variant {
    /// Runs once and returns the milliseconds that count.
    let run: () -> Double
    /// Computes what is compared.
    let check: () -> [String: Double]
  }

  /// The work of a problem.
  init(_ problem: Problem, mode: ProblemKind.Mode) {
    switch problem.kind {
    case .layer, .ragged: self = mode == .training ? .layerTraining(problem) : .layerForward(problem)
    case .graph: self = .graph(problem)
    case .step: self = .steps(problem)
    case .languageModel: self = .languageModel(problem)
    case .generate: self = .generation(problem)
    case .product: self = .product(problem)
    case .ctc: self = .ctc(problem)
    case .search: self = .search(problem)
    }
  }

  init(variants: [String: Variant]) { self.variants = variants }

  /// The only way to do it.
  init(run: @escaping () -> Double, check: @escaping () -> [String: Double]) {
    variants = ["recurrent": Variant(run: run, check: check)]
  }
}

extension Tensor {
  /// The Euclidean norm, in double precision.
  var norm: Double { scalars.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
}

extension Module {
  /// The same module with the parameters that everybody has.
  func filled(bound: (String) -> Float) -> Self {
    mappingParameters { name, value in
      SharedNumbers.tensor(name, shape: value.shape, bound: bound(name))
    }
  }
}
