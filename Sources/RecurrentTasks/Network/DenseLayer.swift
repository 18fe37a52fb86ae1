/// A layer that reads each step by itself: max(norm(W x + b), 0).
public struct DenseLayer: Module {
  /// W and b.
  public var linear: Linear
  /// Behind it.
  public var norm: LayerNorm

  /// A layer with fresh parameters.
  public init(inputSize: Int, outputSize: Int, key: RandomKey) {
    linear = Linear(inputSize: inputSize, outputSize: outputSize, key: key)
    norm = LayerNorm(size: outputSize)
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("linear", &linear)
    visitor.visit("norm", &norm)
  }

  func packed() -> DenseLayer {
    var copy = self
    copy.linear = linear.packed()
    return copy
  }

  /// `[..., I]` to `[..., O]`.
  public func callAsFunction(_ x: Tensor) -> Tensor { relu(norm(linear(x))) }
}

/// A ``DenseLayer`` that reads one step of B rows after the other, in memory of its own.
struct DenseStepper: Sendable {
  private var product: LinearStepper
  private let norm: LayerNorm
  private let rowCount: Int
  /// `[B, O]`.
  private(set) var output: [Float]
  private var scratch: [Float]

  init(_ layer: DenseLayer, rowCount: Int) {
    let width = layer.linear.weight.shape[0]
    product = LinearStepper(
      weight: layer.linear.weight, bias: layer.linear.bias ?? Tensor(zeros: [width]), batchSize: rowCount)
    (norm, self.rowCount) = (layer.norm, rowCount)
    output = [Float](repeating: 0, count: rowCount * width)
    scratch = [Float](repeating: 0, count: width + 1)
  }

  /// Reads a step, `[B, I]`.
  mutating func step(_ input: [Float]) {
    input.withUnsafeBufferPointer { product.step($0) }
    let (norm, rows) = (norm, rowCount)
    output.withUnsafeMutableBufferPointer { output in
      scratch.withUnsafeMutableBufferPointer { scratch in
        product.withOutput { sums in
          guard let target = output.baseAddress, let scratch = scratch.baseAddress else { return }
          for row in 0..<rows {
            let own = sums.row(row, of: rows)
            let y = target + row * own.count
            norm(row: own, into: y, scratch: scratch)
            for place in 0..<own.count where y[place] < 0 { y[place] = 0 }
          }
        }
      }
    }
  }
}
