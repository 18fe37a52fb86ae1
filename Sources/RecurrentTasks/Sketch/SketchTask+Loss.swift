#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SketchTask {
  /// Drawings side by side as the network reads them.
  struct Batch {
    /// `[T, B, 5 + C]`, with a brush its numbers behind these: before the first point the pen is down at no place, and no brush is known.
    let inputs: Tensor
    /// The points and one more, each at least 1.
    let lengths: [Int]
  }

  /// The numbers of a step beside each other: dx and dy in units of the scale, the pen, the labels, the brush.
  func write(_ step: PenStep?, label: Int?, to numbers: inout [Float], at place: Int) {
    numbers[place] = (step?.dx ?? 0) / scale
    numbers[place + 1] = (step?.dy ?? 0) / scale
    numbers[place + 2 + Int((step?.pen ?? .down).rawValue)] = 1
    if let label { numbers[place + SketchModel.stepSize + label] = 1 }
    if let step { brush?.write(step.brush, to: &numbers, at: place + SketchModel.stepSize + labels.count) }
  }

  /// What is read: the beginning and all points; of an encoder the points alone.
  func batch(_ examples: [Example], withBeginning: Bool = true) -> Batch {
    let offset = withBeginning ? 1 : 0
    let lengths = examples.map { $0.steps.count + offset }
    let (steps, count, width) = (lengths.max() ?? 1, examples.count, inputSize)
    var numbers = [Float](repeating: 0, count: steps * count * width)
    for (row, example) in examples.enumerated() {
      for step in 0..<lengths[row] {
        let own = step < offset ? nil : example.steps[step - offset]
        write(own, label: example.label, to: &numbers, at: (step * count + row) * width)
      }
    }
    return Batch(inputs: Tensor(numbers, shape: [steps, count, width]), lengths: lengths)
  }

  /// The mean negative log-likelihood of a point with what the pen and the brush do there, in nats; with a latent vector its divergence
  /// among it.
  public func loss(
    _ model: SketchModel, _ examples: [Example], mode: Mode
  ) -> (mean: Tensor, weight: Double) {
    loss(model, examples, mode: mode, latentWeight: nil)
  }

  /// The same with the divergence counted as much as after some epochs of training.
  public func loss(
    _ model: SketchModel, _ examples: [Example], mode: Mode, epoch: Double
  ) -> (mean: Tensor, weight: Double) {
    loss(model, examples, mode: mode, latentWeight: latent.weight(after: epoch))
  }

  private func loss(
    _ model: SketchModel, _ examples: [Example], mode: Mode, latentWeight: Double?
  ) -> (mean: Tensor, weight: Double) {
    let points = Double(examples.reduce(0) { $0 + $1.steps.count })
    let batch = batch(examples)
    var z: Tensor?
    var divergence: Tensor?
    if let encoder = model.encoder {
      let read = self.batch(examples, withBeginning: false)
      let (mean, logVariance) = encoder(read.inputs, lengths: read.lengths, mode: mode.child(2))
      z = mean
      if let key = mode.rowKey {
        let noise = Tensor(normalWithMean: 0, deviation: 1, shape: mean.shape, key: key.child(3))
        z = mean + exp(logVariance * 0.5) * noise
      }
      // of each drawing, `[B]`
      let own = ((square(mean) + exp(logVariance) - logVariance - 1) * 0.5).sum(axis: 1)
      divergence =
        latentWeight.map {
          maximum(own, own.backend.filled(Float(latent.tolerance), shape: own.shape)) * Float($0)
        }
        ?? own
    }
    let numbers = model(batch.inputs, lengths: batch.lengths, latent: z, mode: mode)
    var mean = pointLoss(numbers, examples) * Float(1 / points)
    if let divergence { mean = mean + divergence.sum() * Float(1 / points) }
    return (mean, points)
  }

  /// The sum of the losses of all points and ends.
  private func pointLoss(_ numbers: Tensor, _ examples: [Example]) -> Tensor {
    let (steps, count, width) = (numbers.shape[0], examples.count, 6 * network.mixtureCount)
    let rows = steps * count
    var offsets = [Float](repeating: 0, count: 2 * rows)
    var (pens, pointWeights, penWeights) = (
      [Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows),
      [Float](repeating: 0, count: rows)
    )
    for (row, example) in examples.enumerated() {
      for step in 0...example.steps.count {
        let place = step * count + row
        penWeights[place] = 1
        guard step < example.steps.count else {
          pens[place] = Float(PenState.end.rawValue)
          continue
        }
        let own = example.steps[step]
        pens[place] = Float(own.pen.rawValue)
        // where the first point is says nothing
        guard step > 0 else { continue }
        pointWeights[place] = 1
        (offsets[2 * place], offsets[2 * place + 1]) = (own.dx / scale, own.dy / scale)
      }
    }
    let flat = numbers.reshaped(to: [rows, numbers.shape[2]])
    let pen = SketchTask.pens.loss(
      flat.sliced(axis: 1, width..<width + PenState.allCases.count), Tensor(pens, shape: [rows, 1]),
      weights: Tensor(penWeights))
    var sum = pen * penWeights.reduce(0, +)
    if let brush {
      sum = sum + brush.loss(flat.sliced(axis: 1, brushNumbers), examples.map(\.steps))
    }
    let pointCount = pointWeights.reduce(0, +)
    guard pointCount > 0 else { return sum }
    let point = mixture.loss(
      flat.sliced(axis: 1, 0..<width), Tensor(offsets, shape: [rows, 2]), weights: Tensor(pointWeights))
    return sum + point * pointCount
  }
}
