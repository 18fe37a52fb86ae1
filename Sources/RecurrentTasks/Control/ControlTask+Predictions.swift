import RecurrentReports

extension ControlTask {
  /// What comes out of systems behind their warm-up, or what drivers do.
  public func predictions(_ model: ControlModel, to examples: [Example]) -> [Prediction] {
    // what was done last must be known before the next step is read
    guard !readsPreviousAction || feedsRecordedActions else { return examples.map { stepped(model, $0) } }
    let batch = batch(examples.map(whole))
    let output = output
    let (rows, width) = (examples.count, output.parameterCount)
    let said = members.map { model.members[$0](batch.inputs).numbers.scalars }
    var sums = [Double](repeating: 0, count: output.sumCount)
    return examples.enumerated().map { row, example in
      var prediction = Prediction()
      for step in firstStep..<max(firstStep, example.stepCount) {
        sums.withUnsafeMutableBufferPointer { sums in
          for place in sums.indices { sums[place] = 0 }
          for numbers in said {
            numbers.withUnsafeBufferPointer {
              let start = (step * rows + row) * width
              output.add(UnsafeBufferPointer(rebasing: $0[start..<start + width]), to: sums)
            }
          }
          output.finish(sums, count: members.count, scaler) { place, value in
            if place < outputSize {
              prediction.values.append(value)
            } else {
              prediction.spreads.append(value)
            }
          }
        }
      }
      return prediction
    }
  }

  private func stepped(_ model: ControlModel, _ example: Example) -> Prediction {
    guard var session = session(model) else { return Prediction() }
    return prediction(of: steps(of: example).flatMap { session.push($0) })
  }

  /// For each step what comes out; of moves their names and probabilities.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    let count = prediction.values.count / outputSize
    let spread = output.spreadCount
    return (0..<count).map { step in
      [Field("input", .text(name)), Field("step", .integer(firstStep + step + 1))]
        + fields(
          prediction.values[step * outputSize..<(step + 1) * outputSize],
          prediction.spreads[step * spread..<(step + 1) * spread])
    }
  }

  /// What comes out at a step.
  func fields(_ values: ArraySlice<Double>, _ spreads: ArraySlice<Double>) -> [Field] {
    guard moves.isEmpty else {
      let best = Int(values[values.startIndex])
      return [
        Field(outputs[0], .text(moves[best])),
        Field("probability", .number(spreads[spreads.startIndex + best])),
      ]
    }
    return zip(outputs, values).map { Field($0, .number($1)) }
      + zip(outputs, spreads).map { Field($0 + " deviation", .number($1)) }
  }

  /// What comes out, step by step.
  public func text(of prediction: Prediction, to example: Example) -> String {
    (0..<prediction.values.count / outputSize).map { step in
      prediction.values[step * outputSize..<(step + 1) * outputSize].map {
        moves.isEmpty ? rounded($0, 6) : moves[Int($0)]
      }.joined(separator: " ")
    }.joined(separator: "; ")
  }

  /// A prediction for each step.
  public static var hasManyRows: Bool { true }

  /// Whether it is one of the inputs or outputs, or numbers episodes.
  public func reads(column: String) -> Bool {
    if case .series(let own) = featurizer, own.channels.contains(column) { return true }
    return columns.knownEpisode == column || outputs.contains(column)
  }
}
