/// How closely gradients must agree.
public struct GradientTolerance: Sendable {
  /// Of the tape against central differences, both in double, relative to the largest element.
  public var differences = 1e-6
  /// Of float32 against double, relative to the largest element of each tensor.
  public var float = 1e-4
  /// Added to the tolerance for float32.
  public var absolute = 1e-6
  /// Elements of a tensor that are moved alone; in larger tensors also all of them at once in a random direction.
  public var elements = 3
  /// Tensors up to this size have every element moved alone.
  public var smallTensor = 12

  /// The tolerances that a correct gradient of a well-scaled function meets.
  public init() {}
}

/// Throws unless the gradient of `loss` is right for every parameter of `model` and every one of `inputs`.
///
/// The gradient by the tape on the ``ReferenceBackend`` is compared with central differences in double, and that of
/// every backend in `backends` with the reference. Inside `loss`, new tensors live on the backend under test.
///
/// - Parameters:
///   - model: the point at which to differentiate.
///   - inputs: tensors that are differentiated like parameters.
///   - backends: what else must give the same gradient.
///   - tolerance: how closely.
///   - loss: a smooth function around the point, of shape [].
public func checkGradient<M: Module>(
  of model: M, inputs: [Tensor] = [], on backends: [any Backend] = [CPUBackend.shared],
  tolerance: GradientTolerance = GradientTolerance(), _ loss: (M, [Tensor]) throws -> Tensor
) throws {
  let reference = ReferenceBackend()
  let point = ModelWithInputs(model: model, inputs: inputs).moved(to: reference)
  let names = point.parameters.map(\.name)
  try require(Set(names).count == names.count, "checkGradient: walk uses a name twice in \(names)")
  func lossAt(_ point: ModelWithInputs<M>) throws -> Tensor { try loss(point.model, point.inputs) }
  let (expectedValue, expected) = try Backends.$current.withValue(reference) {
    let (value, gradient) = try valueAndGradient(of: point, lossAt)
    try checkDifferences(of: point, gradient: gradient, tolerance, lossAt)
    return (value, gradient)
  }
  for backend in backends {
    let (found, gradient) = try Backends.$current.withValue(backend) {
      try valueAndGradient(of: ModelWithInputs(model: model, inputs: inputs).moved(to: backend), lossAt)
    }
    try requireClose(
      found, expectedValue, relative: tolerance.float, absolute: tolerance.absolute, "loss on \(backend.name)"
    )
    for (actual, expected) in zip(gradient.parameters, expected.parameters) {
      try requireClose(
        actual.value, expected.value, relative: tolerance.float, absolute: tolerance.absolute,
        "gradient of \(actual.name) on \(backend.name)")
    }
  }
}

/// A model together with tensors that are differentiated as if they were parameters of it.
package struct ModelWithInputs<M: Module>: Module {
  package var model: M
  package var inputs: [Tensor]

  package init(model: M, inputs: [Tensor]) {
    self.model = model
    self.inputs = inputs
  }

  package mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("model", &model)
    for index in inputs.indices { visitor.visit("input_\(index)", &inputs[index]) }
  }
}

/// Compares the gradient at `point`, on the reference backend, with central differences of `value`.
private func checkDifferences<M: Module>(
  of point: M, gradient: M, _ tolerance: GradientTolerance, _ value: (M) throws -> Tensor
) throws {
  let reference = ReferenceBackend()
  for (number, ((name, parameter), (_, gradient))) in zip(point.parameters, gradient.parameters).enumerated()
  {
    let (center, slope) = (parameter.doubles, gradient.doubles)
    let largest = slope.reduce(0) { max($0, abs($1)) }
    /// The slope of the loss along `direction`.
    func difference(_ direction: [Double]) throws -> Double {
      let width = 0x1p-18
      let ends = try [width, -width].map { distance in
        let moved = zip(center, direction).map { $0 + distance * $1 }
        let there = point.mappingParameters {
          $0 == name ? reference.tensor(moved, shape: parameter.shape) : $1
        }
        return try value(there).doubles[0]
      }
      return (ends[0] - ends[1]) / (2 * width)
    }
    func compare(_ direction: [Double], scale: Double, _ what: String) throws {
      let (found, expected) = (
        zip(slope, direction).reduce(0) { $0 + $1.0 * $1.1 }, try difference(direction)
      )
      let allowed = tolerance.differences * scale + 1e-9
      try require(
        abs(found - expected) <= allowed,
        """
        gradient of \(name) \(parameter.shape), \(what): the tape gives \(found), central differences give \
        \(expected); the difference exceeds \(allowed)
        """)
    }
    let key = RandomKey(seed: 42).child(number)
    let isSmall = center.count <= tolerance.smallTensor
    for index in isSmall ? Array(center.indices) : key.integers(tolerance.elements, below: center.count) {
      var direction = [Double](repeating: 0, count: center.count)
      direction[index] = 1
      try compare(direction, scale: largest, "element \(index)")
    }
    if !isSmall {
      let signs = key.child(1).uniforms(center.count).map { $0 < 0.5 ? -1.0 : 1.0 }
      let norm = slope.reduce(0) { $0 + $1 * $1 }.squareRoot()
      try compare(signs, scale: norm, "all elements in a random direction")
    }
  }
}
