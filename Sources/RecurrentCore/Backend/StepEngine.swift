/// A stack of cells and products that reads one step of B rows after the other.
///
/// An engine is a value: a copy goes on by itself from where the original was. It works in memory of its own on weights
/// that were prepared once; a step of an engine that is not shared allocates nothing. A step gives the bits of a whole
/// sequence.
public protocol StepEngine: Sendable {
  /// The states of the cells, in their order: for each what ``RecurrentResult`` calls hidden and, where there is one,
  /// cell, `[B, H]`.
  var states: [[Tensor]] { get }

  /// Goes on from other states, of the shapes of ``states``.
  mutating func setStates(_ states: [[Tensor]])

  /// Reads one step.
  ///
  /// - Parameter input: B * I numbers, row-major.
  mutating func step(_ input: UnsafeBufferPointer<Float>)

  /// Reads one step of rows of a table on the backend of the engine.
  ///
  /// - Parameters:
  ///   - rows: B numbers in 0 ..< V, checked by the caller.
  ///   - table: `[V, I]`.
  mutating func step(rows: UnsafeBufferPointer<Int32>, of table: Tensor)

  /// Gives a row the state back that it had before the last step. Taking it back twice changes nothing.
  ///
  /// - Precondition: no state was set since that step.
  mutating func takeBack(row: Int)

  /// Calls `body` with what the last stage wrote in the last step, row-major; zeros before the first.
  func withOutput<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R

  // MARK: Rows that come and go

  /// Numbers of the state of one row; nil where rows cannot come and go, so that nothing of what follows may be called.
  var rowStateCount: Int? { get }

  /// Lets the next steps read the first `count` rows alone, 1 to B: inputs are of so many rows, outputs of the others mean
  /// nothing. A row behind them has no state after a step until ``setRowState(_:from:)`` gives it one.
  mutating func setRowCount(_ count: Int)

  /// Copies the state of a row, ``rowStateCount`` numbers: of each cell hidden and, where there is one, cell.
  func copyRowState(_ row: Int, to target: UnsafeMutablePointer<Float>)

  /// Goes on with a row from a state that was copied.
  mutating func setRowState(_ row: Int, from source: UnsafePointer<Float>)
}

extension StepEngine {
  /// Rows cannot come and go.
  public var rowStateCount: Int? { nil }

  /// Never called.
  public mutating func setRowCount(_ count: Int) { trapUnless(false, "StepEngine: rows cannot come and go") }

  /// Never called.
  public func copyRowState(_ row: Int, to target: UnsafeMutablePointer<Float>) {
    trapUnless(false, "StepEngine: rows cannot come and go")
  }

  /// Never called.
  public mutating func setRowState(_ row: Int, from source: UnsafePointer<Float>) {
    trapUnless(false, "StepEngine: rows cannot come and go")
  }
}

/// A part of a network that is stepped; it reads what the part before it wrote.
public enum StepStage: Sendable {
  /// A cell. The plan has one step, the states are those to begin with, and of the input only the shape counts.
  case cell(RecurrentCall)
  /// A matrix product.
  case product(PreparedProduct)
}

/// x W^T + b with a prepared matrix.
public struct PreparedProduct: Sendable {
  /// W, prepared by ``Backend/prepareRight(_:transposed:)``.
  public var weights: PreparedWeights
  /// I, the columns of W.
  public var inputSize: Int
  /// O, the rows of W.
  public var outputSize: Int
  /// `[O]`, or nil without bias.
  public var bias: Tensor?

  package init(weights: PreparedWeights, inputSize: Int, outputSize: Int, bias: Tensor?) {
    self.weights = weights
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.bias = bias
  }
}
