/// In which order the gates of a cell stand in the weights of other systems. The library has PyTorch's: i f g o and r z n.
enum GateOrder {
  /// Keras: i f c o, z r h.
  static func keras(_ cell: CellCatalog) -> [Int] { isGRU(cell) ? [1, 0, 2] : Array(0..<gates(cell)) }

  /// The number of gates.
  static func gates(_ cell: CellCatalog) -> Int { cell == .lstm ? 4 : isGRU(cell) ? 3 : 1 }

  private static func isGRU(_ cell: CellCatalog) -> Bool { [.gru, .gruResetBefore].contains(cell) }

  /// Blocks of `size` rows, block `order[i]` at place i.
  static func ordered(_ tensor: Tensor, _ order: [Int], size: Int) -> Tensor {
    concatenate(order.map { tensor.sliced(axis: 0, $0 * size..<($0 + 1) * size) })
  }
}
