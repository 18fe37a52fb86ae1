/// What a computation over time carries from one part of a sequence to the next: tensors in a fixed order.
public protocol CarriedState: Sendable {
  /// The parts, in a fixed order.
  var tensors: [Tensor] { get }
  /// The same kind of state with other parts.
  func replacing(_ tensors: [Tensor]) -> Self
}

extension RecurrentState {
  /// The same kind of state with other parts.
  public func replacing(_ tensors: [Tensor]) -> Self { Self(tensors: tensors) }
}

extension RecurrentLayer.State: CarriedState {
  /// The parts of the states of all cells, one cell after the other.
  public var tensors: [Tensor] { cells.flatMap(\.tensors) }

  /// The states of the same cells with other parts.
  public func replacing(_ tensors: [Tensor]) -> Self {
    var rest = tensors[...]
    return Self(
      cells: cells.map { cell in
        let count = cell.tensors.count
        defer { rest = rest.dropFirst(count) }
        return C.State(tensors: Array(rest.prefix(count)))
      })
  }
}
