/// How well the brush of drawings is predicted, beside what needs no memory.
public struct BrushMetrics: Sendable, Equatable, Encodable {
  /// A channel.
  public struct Channel: Sendable, Equatable, Encodable {
    /// The values that the data tell and that are predicted: of points, or of strokes.
    public var values = 0
    /// Nats for each of them, of the model and without memory; of numbers in units of their deviation.
    public var model = 0.0, memoryless = 0.0

    fileprivate mutating func add(_ nats: Double?, _ memorylessNats: Double?) {
      guard let nats, let memorylessNats else { return }
      values += 1
      model += nats
      memoryless += memorylessNats
    }

    /// With the sums divided by the values; nil without any.
    fileprivate var mean: Channel? {
      values == 0
        ? nil
        : Channel(values: values, model: model / Double(values), memoryless: memoryless / Double(values))
    }
  }

  /// The channels; nil of those that the model has not, or the data do not tell.
  public var pressure, width, colour: Channel?
  /// Nats of all channels for each point, of the model and without memory.
  public var natsPerPoint, natsPerPointWithoutMemory: Double

  /// Those of predictions.
  init(_ brush: SketchBrush, _ predictions: [SketchTask.Prediction], to examples: [SketchTask.Example]) {
    var (pressure, width, colour) = (Channel(), Channel(), Channel())
    for (prediction, example) in zip(predictions, examples) {
      for (index, own) in prediction.brushNats.enumerated() where index < example.steps.count {
        let other = brush.memorylessNats(
          example.steps[index].brush, beginsStroke: example.steps.beginsStroke(at: index))
        pressure.add(own.pressure, other.pressure)
        width.add(own.width, other.width)
        colour.add(own.colour, other.colour)
      }
    }
    let points = Double(max(examples.reduce(0) { $0 + $1.steps.count }, 1))
    natsPerPoint = (pressure.model + width.model + colour.model) / points
    natsPerPointWithoutMemory = (pressure.memoryless + width.memoryless + colour.memoryless) / points
    (self.pressure, self.width, self.colour) = (pressure.mean, width.mean, colour.mean)
  }

  /// The channels that there are with their names.
  var channels: [(name: String, channel: Channel)] {
    [("pressure", pressure), ("width", width), ("colour", colour)].compactMap { name, channel in
      channel.map { (name, $0) }
    }
  }
}
