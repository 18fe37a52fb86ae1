/// A row-major array of 32-bit integers: token numbers, class labels, row numbers.
///
/// Indices are never differentiated; they select rows of a ``Tensor`` or name classes.
public struct Indices: Sendable, Equatable {
  /// The extent of each axis.
  public let shape: [Int]
  /// The values, row-major.
  public let values: [Int32]

  /// Wraps `values` as an array of `shape`. Traps when the number of values is not the product of the extents.
  public init(_ values: [Int32], shape: [Int]) {
    trapUnless(
      values.count == shape.reduce(1, *),
      "Indices: shape \(shape) needs \(shape.reduce(1, *)) values, received \(values.count)")
    self.values = values
    self.shape = shape
  }

  /// Wraps `values` as a one-dimensional array.
  public init(_ values: [Int32]) {
    self.init(values, shape: [values.count])
  }

  /// The number of values.
  public var count: Int { values.count }
}
