/// A linear map of B rows in memory of its own: a call allocates nothing, and gives the bits of a ``Linear`` map.
package struct LinearStepper: Sendable {
  private let map: Linear
  private let batchSize: Int
  private var engine: (any StepEngine)?
  /// Where the backend has no engine.
  private var composed: [Float] = []

  /// - Parameters:
  ///   - weight: `[O, I]`.
  ///   - bias: `[O]`.
  ///   - batchSize: B.
  package init(weight: Tensor, bias: Tensor, batchSize: Int) {
    map = Linear(weight: weight, bias: bias)
    self.batchSize = batchSize
    engine = map.stepStage.flatMap { weight.backend.stepEngine([$0], batchSize: batchSize) }
  }

  /// Whether calls may be of the first rows alone.
  package var hasSlots: Bool { engine?.rowStateCount != nil }

  /// Lets the next calls map the first `count` rows alone. Asked only where there are slots.
  package mutating func setRowCount(_ count: Int) { engine?.setRowCount(count) }

  /// Maps B * I numbers, row-major.
  package mutating func step(_ input: UnsafeBufferPointer<Float>) {
    guard engine == nil else {
      engine?.step(input)
      return
    }
    let x = Tensor(Array(input), shape: [batchSize, map.weight.shape[1]], like: map.weight)
    composed = map(x).scalars
  }

  /// Calls `body` with the B * O numbers of the last call, row-major.
  package func withOutput<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try engine.map { try $0.withOutput(body) } ?? composed.withUnsafeBufferPointer(body)
  }
}

extension Embedding {
  /// Writes the vector of a symbol in 0 ..< V into memory of the host; without allocation where the table lives there.
  package func copy(_ id: Int32, to target: UnsafeMutablePointer<Float>) {
    let (count, width) = (weight.shape[0], weight.shape[1])
    trapUnless((0..<count).contains(Int(id)), "Embedding: symbol \(id) is outside 0 ..< \(count)")
    if weight.backend is CPUBackend {
      target.update(from: weight.floats + Int(id) * width, count: width)
    } else {
      for (place, number) in self(Indices([id])).scalars.enumerated() { target[place] = number }
    }
  }
}

extension LayerNorm {
  /// Normalises a row in memory of the host, with the bits of the same row of a tensor; without allocation where the parameters
  /// live there.
  ///
  /// - Parameters:
  ///   - x: the row, of F numbers.
  ///   - y: where the result goes, not `x` itself.
  ///   - scratch: F + 1 numbers.
  package func callAsFunction(
    row x: UnsafeBufferPointer<Float>, into y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let isDone: Void? = weight.backend.layerNorm(
      row: x, weight: weight, bias: bias, epsilon: epsilon, into: y, scratch: scratch)
    guard isDone == nil else { return }
    let rows = Tensor(Array(x), shape: [1, x.count], like: weight)
    for (place, number) in self(rows).scalars.enumerated() { y[place] = number }
  }
}
