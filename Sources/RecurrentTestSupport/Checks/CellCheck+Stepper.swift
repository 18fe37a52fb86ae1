extension CellChecker {
  /// A stepper gives the bits of the whole sequence, its state can be taken out and put back at any time, and a copy goes
  /// on by itself.
  func checkStepper() throws {
    let layer = RecurrentLayer(inputSize: shape.I, key: key) { _, _ in cell }
    let state = RecurrentLayer<C>.State(cells: [randomState(rows: shape.B)])
    let (outputs, end) = layer(SequenceBatch(input), state: state)
    var stepper = RecurrentStepper(layer, batchSize: shape.B, state: state)
    var copy = stepper
    let steps = (0..<shape.T).map { input[$0].scalars }
    for (step, values) in steps.enumerated() {
      if step == shape.T / 2 {
        copy = stepper
        // as if it were saved and read again
        let saved = stepper.state
        stepper = RecurrentStepper(layer, batchSize: shape.B)
        stepper.state = saved
      }
      stepper.step(values)
      try requireSameBits(
        Tensor(stepper.output, shape: outputs[step].shape), outputs[step],
        "\(C.self) \(shape): stepper at \(step)")
    }
    try requireSameBits(
      stepper.state.cells[0].tensors, end.cells[0].tensors, "\(C.self) \(shape): state of a stepper")
    for values in steps.dropFirst(shape.T / 2) { copy.step(values) }
    try requireSameBits(
      copy.state.cells[0].tensors, end.cells[0].tensors, "\(C.self) \(shape): copy of a stepper")
  }
}
