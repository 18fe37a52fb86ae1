import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// From drawings to a model that draws like them.
@Suite struct SketchTrainingTests {
  /// Squares and triangles of several sizes, in one stroke each.
  static func shapes(_ count: Int, seed: UInt64 = 1) -> [Record] {
    let sizes = RandomKey(seed: seed).uniforms(count)
    return (0..<count).map { index in
      let side = (20 + 40 * sizes[index]).rounded()
      let isSquare = index % 2 == 0
      let corners: [(Float, Float)] =
        isSquare ? [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)] : [(0, 0), (1, 0), (0, 1), (0, 0)]
      return Record(
        .strokes(StrokeSequence([corners.map { .init($0.0 * side, $0.1 * side) }], isUpward: false)),
        label: isSquare ? "square" : "triangle")
    }
  }

  private func request(_ set: (inout Settings) -> Void = { _ in }) -> TaskRequest {
    var settings = Settings()
    (settings[.hidden], settings[.mixtures], settings[.epochs]) = (16, 3, 12)
    set(&settings)
    return TaskRequest([DataSource(Self.shapes(80), name: "shapes")], settings: settings)
  }

  @Test func plansSayWhatTheyFound() throws {
    let plan = try SketchTask.plan(request(), progress: { _, _ in })
    #expect(plan.task.labels == ["square", "triangle"] && plan.task.issue == nil)
    #expect(plan.training.count == 64 && plan.validation.count == 8 && plan.test.count == 8)
    #expect(
      plan.task.network.cellOptions?.lstm.normalizesLayers == true && plan.task.network.hiddenSize == 16)
    // whole numbers are known to a half
    #expect(abs(plan.task.leastDeviation * plan.task.scale - 0.2887) < 1e-3)
    #expect(
      plan.task.drawings.strokes == 1 && (4...5).contains(plan.task.drawings.points)
        && plan.task.drawings.longest == 5)
    #expect(plan.notes.contains { $0.setting == "styles" && $0.text.contains("square, triangle") })
    let plain = try SketchTask.plan(
      request {
        ($0[.styles], $0[.layerNorm], $0[.latent]) = (false, false, 4)
      }, progress: { _, _ in }
    ).task
    #expect(plain.labels.isEmpty && plain.network.cellOptions == nil && plain.network.latentSize == 4)
    let gru = try SketchTask.plan(request { $0[.cell] = .gru }, progress: { _, _ in }).task
    #expect(gru.network.cell == .gru && gru.network.cellOptions == nil)
    let short = try SketchTask.plan(request { $0[.maxPoints] = 4 }, progress: { _, _ in })
    #expect(short.training.count + short.validation.count + short.test.count == 40)
    #expect(short.notes.contains { $0.kind == .warning && $0.setting == "max-points" })
    #expect(throws: DataError.self) {
      try SketchTask.plan(request { $0[.maxPoints] = 3 }, progress: { _, _ in })
    }
    #expect(SketchTask.issue(of: request { ($0[.cell], $0[.layerNorm]) = (.gru, true) }.settings) != nil)
  }

  /// A larger network where there is enough to learn from takes four times as long, so it is said.
  @Test(arguments: [(199_999, nil, 256, false), (200_000, nil, 512, true), (200_000, 16, 16, false)])
  func manyPointsHaveALargerNetwork(_ points: Int, _ hidden: Int?, _ expected: Int, _ isSaid: Bool) {
    var settings = Settings()
    settings[.hidden] = hidden
    var notes: [DataNote] = []
    #expect(SketchTask.network(settings, pointCount: points, &notes).hiddenSize == expected)
    #expect(notes.contains { $0.setting == "hidden" } == isSaid)
  }

  /// A model of shapes beats what has no memory by far, and draws the shape that is asked for.
  @Test func shapesAreLearnt() throws {
    let output = try ScratchFolder()
    let path = output.path + "/shapes.bundle"
    let request = request { ($0[.hidden], $0[.epochs], $0[.learningRate]) = (24, 60, 1e-2) }
    _ = try TaskTraining<SketchTask>(request, output: TrainingOutput(path)).run()
    let trained = try TrainedTask<SketchTask>(bundle: path)
    let test = DataSource(Self.shapes(40, seed: 5), name: "test")
    let evaluation = try trained.evaluation([test])
    func metric(_ key: String) throws -> Double {
      try #require(evaluation.metrics.first { $0.key == key }?.value)
    }
    #expect(try metric("natsPerPoint") < metric("natsPerPointWithoutMemory") - 1)
    #expect(try metric("penAccuracy") > 0.95)
    #expect(try abs(metric("sampleStrokes") - 1) < 0.2 && abs(metric("samplePoints") - 4.5) < 0.5)
    let page = try checkedMarkup(evaluation.report)
    // grids by temperature, the next point, the order, strokes and points
    #expect(page.count("svg") == 8 && page.text.contains("The next point"))
    for (word, points) in [("square", 5), ("triangle", 4)] {
      let drawn = trained.task.draw(
        trained.model,
        SketchRequest(
          count: 20, temperature: 0.3,
          conditions: [SketchStepper.Condition(labels: try trained.task.labels.shares(word))]))
      #expect(drawn.count { $0.strokes.pointCount == points && $0.hasEnded } >= 17, "\(word)")
    }
    // half a square becomes a whole one
    let begun = [PenStep(0, 0, .down), PenStep(50, 0, .down), PenStep(0, 50, .down)]
    let whole = trained.task.draw(
      trained.model,
      SketchRequest(
        temperature: 0.1, begun: begun,
        conditions: [SketchStepper.Condition(labels: try trained.task.labels.shares("square"))]))[0]
    let (low, high) = whole.strokes.bounds
    #expect(low.x > -15 && low.y > -15 && high.x < 65 && high.y < 65 && whole.hasEnded)
  }

  /// A latent vector that says which shape it is comes back as that shape; what is not used is said.
  @Test func latentVectorsAreLearnt() throws {
    let output = try ScratchFolder()
    func trained(_ name: String, _ set: (inout Settings) -> Void) throws -> (
      TrainedTask<SketchTask>, TaskEvaluation
    ) {
      let request = request {
        ($0[.styles], $0[.latent], $0[.encoderHidden], $0[.hidden]) = (false, 4, 12, 24)
        ($0[.epochs], $0[.learningRate]) = (150, 1e-2)
        set(&$0)
      }
      let path = output.path + "/\(name).bundle"
      _ = try TaskTraining<SketchTask>(request, output: TrainingOutput(path)).run()
      let own = try TrainedTask<SketchTask>(bundle: path)
      return (own, try own.evaluation([DataSource(Self.shapes(20, seed: 5), name: "test")]))
    }
    let (used, evaluation) = try trained("used") { $0[.latentWeight] = 0.02 }
    #expect(evaluation.warnings.isEmpty)
    try #expect(#require(evaluation.metrics.first { $0.key == "latentNatsPerDrawing" }).value > 0.5)
    #expect(try checkedMarkup(evaluation.report).text.contains("Reconstructions"))
    let shapes = Self.shapes(12, seed: 8).map { record -> SketchTask.Example in
      guard case .strokes(let strokes) = record.content else { return used.task.example(StrokeSequence([])) }
      return used.task.example(strokes)
    }
    let latents = try #require(used.task.latents(used.model, of: shapes)).mean.scalars
    let drawn = used.task.draw(
      used.model,
      SketchRequest(
        count: 12, temperature: 0.1,
        conditions: (0..<12).map { .init(latent: Array(latents[4 * $0..<4 * $0 + 4])) }))
    #expect(zip(shapes, drawn).count { $0.steps.count == $1.strokes.pointCount } >= 10)
    // where the divergence costs far more than it brings nothing is kept
    let (_, other) = try trained("unused") {
      ($0[.latentWeight], $0[.latentEpochs], $0[.latentTolerance]) = (1000, 0.01, 0)
    }
    #expect(
      other.warnings.contains("the latent is not used") && other.report.contains("the latent is not used"))
  }

  /// Whatever a damaged network says of the next point, a drawing has places.
  @Test func drawingsOfNoNumbersHavePlaces() {
    let task = SketchTaskTests.task()
    var model = task.makeModel(key: RandomKey(seed: 7))
    model.output.bias = Tensor([Float](repeating: .nan, count: 12) + [2, 0, -4])
    let begun = SketchTaskTests.drawing(5).penSteps
    for drawing in task.draw(model, SketchRequest(count: 3, begun: begun)) {
      #expect(drawing.strokes.pointCount > 5)
      #expect(drawing.strokes.strokes.joined().allSatisfy { $0.x.isFinite && $0.y.isFinite })
    }
  }
}
