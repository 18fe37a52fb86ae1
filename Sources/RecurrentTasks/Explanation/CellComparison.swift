/// The same input through cells of equal size with fresh parameters: how far back the loss at the last step reaches in each.
enum CellComparison {
  /// The cells that are compared.
  static let cells: [CellCatalog] = [.elman, .lstm, .gru]

  /// The reach of the cells over what a reading read.
  ///
  /// - Parameters:
  ///   - reading: of a network.
  ///   - seed: of the parameters, and of the direction of the gradient at the last step.
  static func reaches(
    _ reading: RecurrentReading, seed: UInt64 = 1
  ) -> [(name: String, reach: GradientReach)] {
    guard let first = reading.parts.first else { return [] }
    let length = reading.length(ofRow: 0)
    guard length > 1 else { return [] }
    let row = reading.batch.values.sliced(axis: 1, 0..<1).sliced(axis: 0, 0..<length)
    return cells.flatMap { CellVariant.all(of: $0, stepCount: length) }.map {
      ($0.name, reach(of: $0, hiddenSize: first.outputSize, over: row, key: RandomKey(seed: seed)))
    }
  }

  /// How far a random gradient at the last step reaches back in a fresh cell.
  ///
  /// - Parameters:
  ///   - variant: the cell.
  ///   - hiddenSize: units.
  ///   - input: one row `[T, 1, I]`.
  ///   - key: its first child of the parameters, its second of the gradient.
  static func reach(
    of variant: CellVariant, hiddenSize: Int, over input: Tensor, key: RandomKey
  ) -> GradientReach {
    let layer = RecurrentLayer(inputSize: input.shape[2], key: key.child(0)) {
      variant.make(inputSize: $0, hiddenSize: hiddenSize, key: $1)
    }
    let last = input.shape[0] - 1
    let direction = Tensor(
      uniformIn: -1...1, shape: [last + 1, 1, layer.outputSize], key: key.child(1))
    let norms = layer.stateGradientNorms(
      SequenceBatch(input.detached), outputGradient: direction, at: [last])
    return GradientReach(norms[0], times: [last])
  }
}
