/// How well drawings are predicted, beside what needs no memory.
public struct SketchMetrics: Sendable, Equatable, Encodable {
  /// Nats of points and of what the pen does, for each point.
  public struct Nats: Sendable, Equatable, Encodable {
    /// Of where points are.
    public var position: Double
    /// Of what the pen does, the end among it.
    public var pen: Double
    /// Both.
    public var total: Double { position + pen }

    private enum Keys: CodingKey { case position, pen, total }

    /// Writes both and their sum.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(position, forKey: .position)
      try container.encode(pen, forKey: .pen)
      try container.encode(total, forKey: .total)
    }
  }

  /// Drawings and their points.
  public var drawings, points: Int
  /// Of the model, for each point.
  public var model: Nats
  /// Of the distribution without memory.
  public var memoryless: Nats
  /// How often what the pen does was the likeliest.
  public var penAccuracy: Double
  /// How often the likeliest without memory, that it goes on, is right.
  public var memorylessPenAccuracy: Double
  /// Of the brush, apart from these; nil where the model has none.
  public var brush: BrushMetrics?
  /// Nats of the latent vector, for each drawing; nil where the model has none.
  public var latentNatsPerDrawing: Double?
  /// The points of the longest drawing of the training part.
  public var longest: Int
  /// What drawings of the model are like; nil where none were drawn.
  public var samples: DrawingStatistics?
  /// How many were drawn.
  public var sampleCount = 0
  /// How many of them ended by themselves.
  public var endedCount = 0

  /// Those of predictions.
  init(_ task: SketchTask, _ predictions: [SketchTask.Prediction], to examples: [SketchTask.Example]) {
    drawings = examples.count
    points = examples.reduce(0) { $0 + $1.steps.count }
    longest = task.drawings.longest
    let count = Double(max(points, 1))
    let scale = Double(task.scale)
    var (position, pen) = (0.0, 0.0)
    for step in examples.lazy.flatMap({ $0.steps.dropFirst() }) {
      position += task.baseline.loss(x: Double(step.dx) / scale, y: Double(step.dy) / scale)
    }
    var goesOn = 0
    for example in examples {
      for step in example.steps { pen += task.baseline.loss(step.pen) }
      pen += task.baseline.loss(.end)
      goesOn += example.steps.count { $0.pen == .down }
    }
    memoryless = Nats(position: position / count, pen: pen / count)
    model = Nats(
      position: predictions.reduce(0) { $0 + $1.pointNats.reduce(0, +) } / count,
      pen: predictions.reduce(0) { $0 + $1.penNats.reduce(0, +) } / count)
    let pens = Double(max(points + drawings, 1))
    penAccuracy = Double(predictions.reduce(0) { $0 + $1.isPenRight.count { $0 } }) / pens
    memorylessPenAccuracy = Double(goesOn) / pens
    brush = task.brush.map { BrushMetrics($0, predictions, to: examples) }
    if task.network.latentSize > 0 {
      latentNatsPerDrawing =
        predictions.reduce(0) { $0 + $1.latentNats } / Double(max(drawings, 1))
    }
  }

  /// Of the whole, the latent vector among it, for each drawing.
  public var natsPerDrawing: Double {
    model.total * Double(points) / Double(max(drawings, 1)) + (latentNatsPerDrawing ?? 0)
  }

  /// The same for each point.
  public var natsPerPoint: Double { natsPerDrawing * Double(drawings) / Double(max(points, 1)) }

  /// As sketch-rnn has it: the nats of a drawing without the latent vector, divided by the points of the longest one.
  public var sketchRNNLoss: Double {
    model.total * Double(points) / Double(max(drawings, 1)) / Double(max(longest, 1))
  }

  /// Less is as good as nothing: the model draws without its latent vector.
  static let usedLatent = 0.1
}
