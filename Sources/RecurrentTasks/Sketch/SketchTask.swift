import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Drawings: a model that predicts each next point of a pen, and so draws.
public struct SketchTask: BatchedTask, Equatable {
  /// The name in bundles and on the command line.
  public static let name = "sketch"

  /// The network.
  public var network: SketchConfiguration
  /// What the offsets are divided by: their standard deviation in the training part, without their mean.
  public var scale: Float
  /// What standard deviations stay above, in these units.
  public var leastDeviation: Float
  /// What may be asked for.
  public var labels: StyleNames
  /// How training changes drawings.
  public var augmentation: SketchAugmentation
  /// How a latent vector is learnt.
  public var latent: LatentLoss
  /// What is learnt of a brush; nil for nothing.
  public var brush: SketchBrush?
  /// The drawings of the training part, on the mean.
  public var drawings: DrawingStatistics
  /// The offsets without any memory: what the model is compared with.
  public var baseline: MemorylessDrawing

  /// A task.
  public init(
    network: SketchConfiguration, scale: Float, leastDeviation: Float, labels: StyleNames = StyleNames(),
    augmentation: SketchAugmentation = SketchAugmentation(), latent: LatentLoss = LatentLoss(),
    brush: SketchBrush? = nil, drawings: DrawingStatistics, baseline: MemorylessDrawing
  ) {
    (self.network, self.scale, self.leastDeviation, self.labels) = (network, scale, leastDeviation, labels)
    (self.augmentation, self.latent, self.brush, self.drawings, self.baseline) = (
      augmentation, latent, brush, drawings, baseline
    )
  }

  /// A drawing.
  public struct Example: Sendable, Equatable {
    /// Its points, at least one.
    public var steps: [PenStep]
    /// What it shows, by its number among the labels; nil where that is not told or not known.
    public var label: Int?

    /// A drawing.
    public init(steps: [PenStep], label: Int? = nil) { (self.steps, self.label) = (steps, label) }
  }

  /// How likely the steps of a drawing are, each after those before it.
  public struct Prediction: Sendable, Equatable {
    /// Of each point but the first the negative logarithm of its density, in nats.
    public var pointNats: [Double]
    /// Of what the pen does at each point, and of the end, the negative logarithm of the probability.
    public var penNats: [Double]
    /// For each of these whether it was the likeliest.
    public var isPenRight: [Bool]
    /// Of what the brush does at each point; empty where the model has none.
    public var brushNats: [BrushNats] = []
    /// The Kullback-Leibler divergence of the latent vector from what is expected before anything is seen; 0 without one.
    public var latentNats: Double

    /// Of the whole drawing without its brush.
    public var nats: Double { latentNats + pointNats.reduce(0, +) + penNats.reduce(0, +) }
  }

  /// The distribution of the next point.
  var mixture: GaussianMixtureOutput {
    GaussianMixtureOutput(count: network.mixtureCount, leastDeviation: leastDeviation)
  }

  /// The distribution of what the pen does.
  static let pens = CategoricalOutput(count: PenState.allCases.count)

  // MARK: Model

  /// A network with fresh parameters.
  public func makeModel(key: RandomKey) -> SketchModel {
    SketchModel(network, conditionSize: labels.count, brush: brush, key: key)
  }

  /// A network that begins with the distribution without memory.
  public func initialModel(key: RandomKey, plan: TrainingPlan<SketchTask>) throws -> SketchModel {
    var model = makeModel(key: key)
    model.output.bias = Tensor(baseline.numbers(mixture) + (brush?.memorylessNumbers ?? []))
    model.output.weight = model.output.weight * 0.1
    return model
  }

  /// The number of parameters, by their sizes alone.
  public var parameterCount: Int { countParameters { makeModel(key: RandomKey(seed: 0)) } }

  /// The numbers that the network reads of a step: dx, dy, the pen, the labels, the brush.
  var inputSize: Int { SketchModel.stepSize + labels.count + (brush?.inputSize ?? 0) }

  /// The numbers that it gives for a step: those of the mixture, of the pen, of the brush.
  var outputSize: Int { 6 * network.mixtureCount + PenState.allCases.count + (brush?.outputSize ?? 0) }

  /// Where the brush stands among the numbers that the network gives for a step.
  var brushNumbers: Range<Int> { 6 * network.mixtureCount + PenState.allCases.count..<outputSize }

  /// Strokes.
  public var modality: Modality { .strokes }

  /// Points and the end.
  public func cost(of example: Example) -> Int { example.steps.count + 1 }

  /// The bytes of the steps.
  public func memory(of example: Example) -> Int { example.steps.count * MemoryLayout<PenStep>.stride }

  /// A negative loss is none to wonder about.
  public func terms(of loss: Double) -> String? {
    "\(rounded(loss, 3)) nats a point\(brush == nil ? "" : " with its brush")"
  }

  /// Nothing is fitted behind the parameters.
  public mutating func calibrate(_ model: SketchModel, on examples: ExampleSource<Example>) {}

  /// The drawing, scaled and thinned at random; now and then without its label.
  public func augmented(_ example: Example, key: RandomKey) -> Example {
    let isForgotten = example.label != nil && key.child(9).uniform(at: 0) < StyleNames.forgetRate
    return Example(
      steps: augmentation(example.steps, key: key), label: isForgotten ? nil : example.label)
  }

  /// A latent vector is made of the whole drawing.
  public var isCausal: Bool { network.latentSize == 0 }

  /// The points.
  public func steps(of example: Example) -> [PenStep] { example.steps }
}

/// What drawings are like on the mean.
public struct DrawingStatistics: Sendable, Equatable, Codable {
  /// Strokes and points of a drawing.
  public var strokes, points: Double
  /// The larger side, in units of the data.
  public var side: Double
  /// The most points.
  public var longest: Int

  /// Numbers of drawings.
  public init(strokes: Double, points: Double, side: Double, longest: Int) {
    (self.strokes, self.points, self.side, self.longest) = (strokes, points, side, longest)
  }

  /// Those of drawings; zeros where there is none.
  public init(_ drawings: some Collection<StrokeSequence>) {
    var (strokes, points, side, longest) = (0, 0, 0.0, 0)
    for drawing in drawings {
      (strokes, points) = (strokes + drawing.strokes.count, points + drawing.pointCount)
      (side, longest) = (side + Double(drawing.side), max(longest, drawing.pointCount))
    }
    let count = Double(max(drawings.count, 1))
    self.init(
      strokes: Double(strokes) / count, points: Double(points) / count, side: side / count, longest: longest)
  }
}

/// How the divergence of a latent vector counts in training.
public struct LatentLoss: Sendable, Equatable, Codable {
  /// Its weight after annealing.
  public var weight: Double
  /// Its weight at the beginning, as a share of that.
  public var beginning: Double
  /// The epochs after which nine tenths of the way are gone.
  public var epochs: Double
  /// Nats of a drawing that cost nothing.
  public var tolerance: Double

  /// Weights.
  public init(weight: Double = 0.5, beginning: Double = 0.02, epochs: Double = 10, tolerance: Double = 0.2) {
    (self.weight, self.beginning) = (weight, beginning)
    (self.epochs, self.tolerance) = (epochs, tolerance)
  }

  /// The weight after so many epochs: it rises towards ``weight`` exponentially.
  public func weight(after epochs: Double) -> Double {
    weight * (1 - (1 - beginning) * pow(0.1, epochs / self.epochs))
  }
}
