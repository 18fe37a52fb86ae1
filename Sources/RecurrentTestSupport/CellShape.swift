/// The extents of a recurrent computation: T steps, B rows, I inputs, H hidden units.
public struct CellShape: Sendable, CustomStringConvertible {
  /// Steps.
  public let T: Int
  /// Rows of the batch.
  public let B: Int
  /// Inputs.
  public let I: Int
  /// Hidden units.
  public let H: Int

  /// A shape.
  public init(_ T: Int, _ B: Int, _ I: Int, _ H: Int) {
    self.T = T
    self.B = B
    self.I = I
    self.H = H
  }

  /// `T5 B3 I2 H4`.
  public var description: String { "T\(T) B\(B) I\(I) H\(H)" }

  /// Sizes around which kernels break: ones, odd tails, one below, at and above a vector and a panel, more steps and
  /// more rows than a block of a product over time holds.
  public static let awkward = [
    CellShape(1, 1, 1, 1), CellShape(5, 3, 2, 4), CellShape(7, 2, 17, 33), CellShape(3, 8, 16, 15),
    CellShape(4, 13, 5, 70), CellShape(6, 1, 20, 130), CellShape(2, 5, 65, 64),
    CellShape(37, 9, 3, 6), CellShape(2, 270, 3, 5),
  ]
}
