extension ControlTask {
  /// An example as the linear model reads it: of moves one of each step is 1.
  func linearSteps(_ example: Example) -> LinearMemory.Steps {
    LinearMemory.Steps(
      inputs: example.inputs,
      outputs: ControlTask.linearOutputs(example.outputs, moves: moves.count, scaler: scaler),
      first: max(firstStep, example.contextCount), count: example.stepCount)
  }

  /// Outputs on the scale of the training part; of moves one of each step is 1.
  static func linearOutputs(_ outputs: [Float], moves: Int, scaler: ChannelScaler) -> [Double] {
    guard moves > 0 else {
      let width = scaler.centers.count
      return outputs.enumerated().map {
        (Double($1) - scaler.centers[$0 % width]) / scaler.scales[$0 % width]
      }
    }
    return outputs.flatMap { value in
      (0..<moves).map { value.isFinite ? (Float($0) == value ? 1 : 0) : .nan }
    }
  }

  /// What the linear model says of an example from its first step that counts on, in the units of the data; of moves their numbers.
  ///
  /// - Parameter isFree: whether a system runs free, and not from one measured output to the next.
  func linearValues(_ example: Example, isFree: Bool) -> [Double] {
    let steps = linearSteps(example)
    let own = linear.outputs(of: steps, from: steps.first, isFree: isFree)
    guard moves.isEmpty else {
      return stride(from: 0, to: own.count, by: moves.count).map { start in
        let scores = own[start..<start + moves.count]
        return Double((scores.indices.max { scores[$0] < scores[$1] } ?? start) - start)
      }
    }
    return own.enumerated().map {
      $1 * scaler.scales[$0 % outputSize] + scaler.centers[$0 % outputSize]
    }
  }
}
