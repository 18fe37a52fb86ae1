#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SketchTask {
  /// How likely the steps of drawings are.
  public func predictions(_ model: SketchModel, to examples: [Example]) -> [Prediction] {
    let batch = batch(examples)
    let latent = latents(model, of: examples)
    let numbers = model(batch.inputs, lengths: batch.lengths, latent: latent?.mean).scalars
    let (count, width) = (examples.count, outputSize)
    return examples.enumerated().map { row, example in
      let scores = (0...example.steps.count).map { step in
        numbers.withUnsafeBufferPointer { all in
          let start = (step * count + row) * width
          return StepScore(
            step < example.steps.count ? example.steps[step] : nil,
            UnsafeBufferPointer(rebasing: all[start..<start + width]), self, isFirst: step == 0,
            beginsStroke: example.steps.beginsStroke(at: step))
        }
      }
      var prediction = prediction(of: scores)
      if let latent { prediction.latentNats = latent.divergences[row] }
      return prediction
    }
  }

  /// The means of the latent vectors of drawings `[B, Z]` and their divergences in nats; nil where the model has none.
  func latents(_ model: SketchModel, of examples: [Example]) -> (mean: Tensor, divergences: [Double])? {
    guard let encoder = model.encoder else { return nil }
    let batch = batch(examples, withBeginning: false)
    let (mean, logVariance) = encoder(batch.inputs, lengths: batch.lengths)
    let (means, logs, size) = (mean.scalars, logVariance.scalars, network.latentSize)
    let divergences = examples.indices.map { row in
      (row * size..<(row + 1) * size).reduce(0.0) { sum, place in
        let (m, l) = (Double(means[place]), Double(logs[place]))
        return sum + 0.5 * (m * m + exp(l) - l - 1)
      }
    }
    return (mean, divergences)
  }

  /// A row for each drawing: its points and how likely they are.
  public func rows(_ prediction: Prediction, to example: Example, name: String) -> [[Field]] {
    let right = prediction.isPenRight.count { $0 }
    let points = example.steps.count
    let brushNats = prediction.brushNats.reduce(0) { $0 + $1.sum }
    let brushFields = brush == nil ? [] : [Field("brush nats", .number(brushNats))]
    return [
      [
        Field("input", .text(name)), Field("points", .integer(points)),
        Field("nats", .number(prediction.nats)),
        Field("nats a point", .number(prediction.nats / Double(max(points, 1)))),
        Field("pen accuracy", .number(Double(right) / Double(max(prediction.isPenRight.count, 1)))),
      ] + brushFields
    ]
  }
}
