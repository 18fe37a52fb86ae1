/// A row-major array of 32-bit floating-point numbers.
///
/// A tensor is a value: assigning copies it, writing to one never shows in another. Its numbers live with the backend
/// that was current when it was made (see ``Backends``); operations run where their operands live. A tensor that was
/// computed from the parameters inside ``valueAndGradient(of:_:)->(_,_)`` also remembers its place on the
/// tape.
///
///     let x = Tensor([1, 2, 3, 4], shape: [2, 2])
///     let y = tanh(matmul(x, x) + 1)   // [2, 2]
public struct Tensor: Sendable {
  package var storage: TensorStorage
  package let offset: Int
  /// The extent of each axis; empty for a single number.
  public let shape: [Int]
  /// The number of elements: the product of the extents.
  public let count: Int
  package let node: TapeNode?

  package init(storage: TensorStorage, offset: Int = 0, shape: [Int], node: TapeNode? = nil) {
    self.storage = storage
    self.offset = offset
    self.shape = shape
    count = elementCount(of: shape)
    self.node = node
  }

  /// The tensor of `shape` that holds `scalars`, row-major. Traps when their number does not fit the shape.
  public init(_ scalars: [Float], shape: [Int]) {
    checkCount(of: scalars, shape)
    self = Backends.current.tensor(scalars, shape: shape)
  }

  /// The tensor of `shape` that holds what `scalars` gives, row-major; a backend that only follows shapes does not ask for
  /// it, as when parameters are counted. Traps when their number does not fit the shape.
  public init(shape: [Int], _ scalars: () -> [Float]) {
    self = Backends.current.tensor(shape: shape) {
      let scalars = scalars()
      checkCount(of: scalars, shape)
      return scalars
    }
  }

  /// The tensor of `shape` that holds `scalars`, row-major, where `other` lives. Traps when their number does not fit the
  /// shape.
  public init(_ scalars: [Float], shape: [Int], like other: Tensor) {
    checkCount(of: scalars, shape)
    self = other.backend.tensor(scalars, shape: shape)
  }

  /// A one-dimensional tensor.
  public init(_ scalars: [Float]) { self.init(scalars, shape: [scalars.count]) }

  /// A single number, of shape [].
  public init(_ scalar: Float) { self.init([scalar], shape: []) }

  /// A tensor of `shape` with zero everywhere.
  public init(zeros shape: [Int]) { self.init(filled: 0, shape: shape) }

  /// A tensor of `shape` with one everywhere.
  public init(ones shape: [Int]) { self.init(filled: 1, shape: shape) }

  /// A tensor of `shape` with `value` everywhere.
  public init(filled value: Float, shape: [Int]) {
    self = Backends.current.filled(value, shape: shape)
  }

  /// The number of axes.
  public var rank: Int { shape.count }

  /// All elements, row-major.
  public var scalars: [Float] { backend.scalars(of: self) }

  /// The element of a tensor that has exactly one. Traps otherwise.
  public var scalar: Float {
    trapUnless(count == 1, "Tensor.scalar: expected one element, received shape \(shape)")
    return scalars[0]
  }

  /// The same numbers without a place on the tape: gradients do not flow through the result.
  ///
  /// Detaching the state that is carried from one window to the next is truncated backpropagation through time.
  public var detached: Tensor {
    node == nil ? self : Tensor(storage: storage, offset: offset, shape: shape)
  }

  package var backend: any Backend { storage.backend }

  package func with(node: TapeNode?) -> Tensor {
    Tensor(storage: storage, offset: offset, shape: shape, node: node)
  }

  /// The same numbers under another shape, sharing storage, off the tape.
  package func viewed(as shape: [Int], from start: Int = 0) -> Tensor {
    Tensor(storage: storage, offset: offset + start, shape: shape)
  }

  /// Shape as rows and columns: all axes but the last, and the last.
  package var matrixShape: (rows: Int, columns: Int) {
    guard let columns = shape.last else { return (1, 1) }
    return (columns == 0 ? shape.dropLast().reduce(1, *) : count / columns, columns)
  }
}

/// The product of extents; `Int.max` where it is larger than that.
package func elementCount(of shape: [Int]) -> Int { shape.reduce(1, clampedProduct) }

private func checkCount(of scalars: [Float], _ shape: [Int]) {
  let expected = elementCount(of: shape)
  trapUnless(
    scalars.count == expected, "Tensor: shape \(shape) needs \(expected) numbers, received \(scalars.count)")
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first elements.
  public var description: String {
    let shown = scalars.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor\(shape)[\(shown)\(count > 8 ? ", ..." : "")]"
  }
}
