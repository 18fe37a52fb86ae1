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
    let length = reading.batch.lengths?[0] ?? reading.batch.stepCount
    guard length > 1 else { return [] }
    let key = RandomKey(seed: seed)
    let row = SequenceBatch(
      reading.batch.values.sliced(axis: 1, 0..<1).sliced(axis: 0, 0..<length).detached)
    return cells.map { cell in
      let layer = RecurrentLayer(inputSize: first.inputSize, key: key.child(0)) {
        cell.make(inputSize: $0, hiddenSize: first.outputSize, key: $1)
      }
      let direction = Tensor(
        uniformIn: -1...1, shape: [length, 1, layer.outputSize], key: key.child(1))
      let norms = layer.stateGradientNorms(row, outputGradient: direction, at: [length - 1])
      return ("\(cell.rawValue), untrained", GradientReach(norms[0], times: [length - 1]))
    }
  }
}
