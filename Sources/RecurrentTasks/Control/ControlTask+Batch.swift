/// Steps of an example that are read at once.
struct ControlWindow: Sendable {
  var example: ControlTask.Example
  /// Which of its steps.
  var steps: Range<Int>
}

/// Windows side by side as the networks read them.
struct ControlBatch {
  /// `[T, B, F]`.
  let inputs: SequenceBatch
  /// `[T * B, D]`; zeros where nothing is known or counts.
  let targets: Tensor
  /// `[T * B]`.
  let weights: Tensor
  /// Steps that count.
  let weight: Double
}

extension ControlTask {
  /// Windows as the networks read them.
  ///
  /// - Parameters:
  ///   - windows: each with at least one step; that of a system begins with its warm-up.
  ///   - key: of noise, and of what is hidden; nil for neither.
  func batch(_ windows: [ControlWindow], key: RandomKey? = nil) -> ControlBatch {
    let lengths = windows.map(\.steps.count)
    let (steps, rows) = (lengths.max() ?? 1, windows.count)
    let (width, own, size) = (inputSize, featurizer.featureCount, outputSize)
    var inputs = [Float](repeating: 0, count: steps * rows * width)
    var targets = [Float](repeating: 0, count: steps * rows * size)
    var weights = [Float](repeating: 0, count: steps * rows)
    let hidden = key.map { $0.child(1).uniforms(steps * rows) }
    inputs.withUnsafeMutableBufferPointer { inputs in
      guard let base = inputs.baseAddress else { return }
      for (row, window) in windows.enumerated() {
        for step in 0..<lengths[row] {
          let (place, source) = (step * rows + row, window.steps.lowerBound + step)
          window.example.features.copyStep(source, to: base + place * width)
          let feedback = UnsafeMutableBufferPointer(start: base + place * width + own, count: width - own)
          switch kind {
          case .simulation where step < warmUp:
            write(measured: window.example.outputs[source * size..<(source + 1) * size], to: feedback)
          case .imitation where readsPreviousAction && source > 0:
            if (hidden?[place] ?? 1) >= previousActionDropout {
              write(action: window.example.outputs[(source - 1) * size..<source * size], to: feedback)
            }
          default: break
          }
          guard step >= firstStep, source >= window.example.contextCount else { continue }
          let known = window.example.outputs[source * size..<(source + 1) * size]
          guard known.allSatisfy(\.isFinite) else { continue }
          weights[place] = 1
          for (channel, value) in known.enumerated() {
            targets[place * size + channel] =
              moves.isEmpty ? scaler.scaled(value, channel: channel) : value
          }
        }
      }
    }
    if let key, noise > 0 {
      let draws = Tensor(normalWithMean: 0, deviation: noise, shape: [steps * rows, own], key: key.child(2))
        .scalars
      for place in 0..<steps * rows {
        for feature in 0..<own { inputs[place * width + feature] += draws[place * own + feature] }
      }
    }
    return ControlBatch(
      inputs: SequenceBatch(Tensor(inputs, shape: [steps, rows, width]), lengths: lengths),
      targets: Tensor(targets, shape: [steps * rows, size]), weights: Tensor(weights),
      weight: Double(weights.reduce(0, +)))
  }

  /// Writes outputs that were measured, and that they are there. Zeros where one is not.
  func write(measured outputs: ArraySlice<Float>, to feedback: UnsafeMutableBufferPointer<Float>) {
    for value in outputs where !value.isFinite { return }
    for channel in 0..<outputSize {
      feedback[channel] = scaler.scaled(outputs[outputs.startIndex + channel], channel: channel)
    }
    feedback[outputSize] = 1
  }

  /// Writes the last action, and that it is there. Zeros where it is not known.
  func write(action outputs: ArraySlice<Float>, to feedback: UnsafeMutableBufferPointer<Float>) {
    guard !moves.isEmpty else { return write(measured: outputs, to: feedback) }
    let value = outputs[outputs.startIndex]
    guard value >= 0, value < Float(moves.count) else { return }
    feedback[Int(value)] = 1
    feedback[moves.count] = 1
  }

  /// An example as one window.
  func whole(_ example: Example) -> ControlWindow {
    ControlWindow(example: example, steps: 0..<example.stepCount)
  }

  /// The mean loss over networks and steps: squared errors on the scale of the training part of a system, nats of an action.
  public func loss(
    _ model: ControlModel, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    loss(model, examples.map(whole), states: nil, mode: mode)
  }

  /// The same of windows.
  ///
  /// - Parameter states: of each network, of the rows; nil for the beginning.
  func loss(
    _ model: ControlModel, _ windows: [ControlWindow], states: [ControlNetwork.State]?, mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    let batch = batch(windows, key: mode.rowKey?.child(1 << 20))
    let output = output
    var sum = Tensor(0)
    for (index, member) in model.members.enumerated() {
      let (numbers, _) = member(batch.inputs, state: states?[index], mode: mode.child(index))
      sum =
        sum
        + output.loss(
          numbers.reshaped(to: [batch.weights.count, output.parameterCount]), batch.targets,
          weights: batch.weights)
    }
    return (sum * (1 / Float(model.members.count)), batch.weight)
  }

  /// The mean loss of networks over examples of any length, without noise.
  func loss(_ members: [ControlNetwork], _ examples: [Example]) -> Double {
    let output = output
    var (total, weight) = (0.0, 0.0)
    for numbers in BatchedExamples.batches(of: examples.map(\.stepCount)) {
      let batch = batch(numbers.map { whole(examples[$0]) })
      for member in members {
        let found = member(batch.inputs).numbers
        let own = output.loss(
          found.reshaped(to: [batch.weights.count, output.parameterCount]), batch.targets,
          weights: batch.weights)
        total += Double(own.scalar) * batch.weight
        weight += batch.weight
      }
    }
    return weight > 0 ? total / weight : 0
  }
}
