import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentLayers
@testable import RecurrentTasks

@Suite struct SketchTaskTests {
  static func task(latent: Int = 0, labels: StyleNames = [], layerNorm: Bool = true) -> SketchTask {
    var options = CellOptions()
    options.lstm.normalizesLayers = layerNorm
    let network = SketchConfiguration(
      cellOptions: layerNorm ? options : nil, hiddenSize: 4, layerCount: latent > 0 ? 2 : 1, mixtureCount: 2,
      latentSize: latent, encoderSize: 3, dropoutRate: 0)
    return SketchTask(
      network: network, scale: 2, leastDeviation: 0.05, labels: labels,
      augmentation: SketchAugmentation(scaling: 0.1, dropRate: 0.2),
      latent: LatentLoss(tolerance: 0),
      drawings: DrawingStatistics(strokes: 2, points: 4, side: 10, longest: 8),
      baseline: MemorylessDrawing(
        points: [(0, 1), (1, 0), (-1, 0.5), (0.5, -1)], pens: [3, 2, 1], count: 2, least: 0.05,
        key: RandomKey(seed: 3)))
  }

  /// A drawing of so many points, in strokes of up to three.
  static func drawing(_ count: Int, seed: UInt64 = 1) -> StrokeSequence {
    let numbers = RandomKey(seed: seed).uniforms(2 * count).map { ($0 - 0.5) * 8 }
    let points = (0..<count).map { StrokeSequence.Point(numbers[2 * $0], numbers[2 * $0 + 1]) }
    return StrokeSequence(
      stride(from: 0, to: count, by: 3).map { Array(points[$0..<min($0 + 3, count)]) }, isUpward: false)
  }

  /// Without words, which nobody tells a session.
  private static func examples(_ task: SketchTask) -> [SketchTask.Example] {
    [4, 1, 7, 2, 5].enumerated().map { index, count in task.example(drawing(count, seed: UInt64(index))) }
  }

  @Test func wordsMatter() {
    let task = Self.task(labels: ["a", "b"])
    let model = task.makeModel(key: RandomKey(seed: 71))
    let drawing = Self.drawing(5)
    let nats = ["a", "b", "c"].map { task.predictions(model, to: [task.example(drawing, label: $0)])[0].nats }
    #expect(Set(nats).count == 3)
    // a word that is not known is none
    #expect(nats[2] == task.predictions(model, to: [task.example(drawing)])[0].nats)
  }

  @Test(arguments: [0, 1, 2]) func promisesHold(_ kind: Int) throws {
    let task = [Self.task(), Self.task(labels: ["a", "b"], layerNorm: false), Self.task(latent: 3)][kind]
    #expect(task.issue == nil)
    // weights that say something of the latent vector
    var model = task.makeModel(key: RandomKey(seed: 71))
    if let shape = model.bridge?.weight.shape {
      model.bridge?.weight = Tensor(uniformIn: -1...1, shape: shape, key: RandomKey(seed: 4))
    }
    try checkTask(task, examples: Self.examples(task), gradientsAt: kind == 2 ? model : nil)
  }

  // MARK: Steps

  @Test func stepsComeBackAsStrokes() {
    for count in [1, 2, 3, 4, 10] {
      let drawing = Self.drawing(count)
      let steps = drawing.penSteps
      #expect(steps.count == count && (steps[0].dx, steps[0].dy) == (0, 0) && steps.last?.pen == .lifted)
      let back = StrokeSequence(steps)
      let first = drawing.strokes[0][0]
      let moved = drawing.moved(from: first, times: 1)
      #expect(back.strokes.map(\.count) == drawing.strokes.map(\.count))
      for (a, b) in zip(back.strokes.joined(), moved.strokes.joined()) {
        #expect(abs(a.x - b.x) < 1e-5 && abs(a.y - b.y) < 1e-5)
      }
    }
    #expect(
      StrokeSequence([PenStep(1, 1, .down), PenStep(1, 0, .end), PenStep(9, 9, .down)]).pointCount == 1)
    let upward = StrokeSequence([[.init(0, 0), .init(1, 2)]], isUpward: true)
    #expect(upward.penSteps[1] == PenStep(1, -2, .lifted))
  }

  @Test func augmentationKeepsTheStrokes() {
    let steps = Self.drawing(60).penSteps
    let none = SketchAugmentation(scaling: 0, dropRate: 0)
    #expect(none(steps, key: RandomKey(seed: 1)) == steps)
    var counts: Set<Int> = []
    for seed in 0..<20 as Range<UInt64> {
      let own = SketchAugmentation(scaling: 0.2, dropRate: 0.5)(steps, key: RandomKey(seed: seed))
      counts.insert(own.count)
      // the ends of strokes stay, and so does where the drawing ends, but for its scale
      #expect(own.count { $0.pen == .lifted } == steps.count { $0.pen == .lifted })
      let (before, after) = (StrokeSequence(steps), StrokeSequence(own))
      let ends = zip(before.strokes, after.strokes).map { ($0.last!, $1.last!) }
      let factor = ends[0].1.x / ends[0].0.x
      #expect((0.8...1.2).contains(factor))
      for (a, b) in ends { #expect(abs(a.x * factor - b.x) < 1e-3) }
    }
    #expect(counts.count > 2 && counts.max() ?? 60 < 60)
  }

  // MARK: Loss

  /// The loss is the mean of what the predictions say, and a model that begins is as good as the distribution without memory.
  @Test func aNewModelIsTheBaseline() throws {
    let task = Self.task()
    let examples = Self.examples(task)
    let plan = TrainingPlan(
      task: task, training: ExampleSource(examples), validation: ExampleSource([]), test: ExampleSource([]),
      suggested: TaskSettings(training: TrainerSettings(epochs: 1)), settings: Settings(),
      unitName: "drawings")
    var model = try task.initialModel(key: RandomKey(seed: 2), plan: plan)
    model.output.weight = model.output.weight * 0
    let predictions = task.predictions(model, to: examples)
    let metrics = SketchMetrics(task, predictions, to: examples)
    #expect(abs(metrics.model.position / metrics.memoryless.position - 1) < 1e-4)
    #expect(abs(metrics.model.pen - metrics.memoryless.pen) < 1e-5)
    #expect(metrics.points == 19 && metrics.drawings == 5 && metrics.natsPerPoint.isFinite)
    #expect(abs(metrics.natsPerDrawing * 5 - metrics.natsPerPoint * 19) < 1e-9)
    let loss = Double(task.loss(model, examples, mode: .inference).mean.scalar)
    #expect(abs(loss / metrics.natsPerPoint - 1) < 1e-4)
    let evaluation = task.evaluation(of: predictions, to: examples)
    #expect(evaluation.metrics.map(\.key).prefix(3) == ["natsPerPoint", "natsPerDrawing", "penAccuracy"])
    #expect(evaluation.warnings.isEmpty == (metrics.natsPerPoint < metrics.memoryless.total))
    try checkedMarkup(evaluation.report)
  }

  /// Two clouds that are far apart are found, and neither becomes a point.
  @Test func theBaselineFindsClouds() {
    let numbers = RandomKey(seed: 6).uniforms(4000)
    let points = (0..<1000).map { index -> (x: Double, y: Double) in
      let x = Double(numbers[2 * index] - 0.5)
      return index % 4 == 0 ? (x: 5 + x, y: -3 + 2 * x) : (x: x, y: Double(numbers[2 * index + 1]))
    }
    let own = MemorylessDrawing(
      points: points, pens: [700, 200, 100], count: 2, least: 0.01, key: RandomKey(seed: 1))
    #expect(own.issue == nil)
    let far = own.x[0] > own.x[1] ? 0 : 1
    #expect(abs(own.shares[far] - 0.25) < 0.01 && abs(own.x[far] - 5) < 0.05 && abs(own.y[far] + 3) < 0.1)
    #expect(own.correlations[far] > 0.95 && abs(own.correlations[1 - far]) < 0.1)
    #expect(abs(own.loss(.down) + log(701.0 / 1003)) < 1e-12)
    let same = MemorylessDrawing(
      points: Array(repeating: (x: 1, y: 1), count: 50), pens: [1, 1, 1], count: 4, least: 0.01,
      key: RandomKey(seed: 1))
    #expect(same.issue == nil && same.loss(x: 1, y: 1).isFinite && same.xDeviations.allSatisfy { $0 >= 0.01 })
    // what a network gives out for it is the same distribution
    let mixture = GaussianMixtureOutput(count: 2, leastDeviation: 0.01)
    let parameters = mixture.parameters(own.numbers(mixture).prefix(12))
    for (x, y) in [(0.1, 0.2), (5, -3), (2, 2)] {
      #expect(abs(mixture.loss(parameters, x: x, y: y) - own.loss(x: x, y: y)) < 1e-4)
    }
  }

  @Test func theDivergenceIsAnnealed() throws {
    let latent = LatentLoss(weight: 0.5, beginning: 0.02, epochs: 10)
    #expect(abs(latent.weight(after: 0) - 0.01) < 1e-9 && abs(latent.weight(after: 10) - 0.451) < 1e-6)
    #expect(latent.weight(after: 1000) <= 0.5)
    let task = Self.task(latent: 3)
    let model = task.makeModel(key: RandomKey(seed: 71))
    let examples = Self.examples(task)
    let early = task.loss(model, examples, mode: .training(RandomKey(seed: 1)), epoch: 0).mean.scalar
    let late = task.loss(model, examples, mode: .training(RandomKey(seed: 1)), epoch: 100).mean.scalar
    let divergence = task.predictions(model, to: examples).reduce(0) { $0 + $1.latentNats }
    #expect(divergence > 0 && abs(Double(late - early) - 0.49 * divergence / 19) < 1e-4)
  }

  // MARK: Drawing

  private func drawn(_ task: SketchTask, _ change: (inout SketchRequest) -> Void = { _ in })
    -> [GeneratedDrawing]
  {
    var request = SketchRequest(count: 40, temperature: 0.8, seed: 9)
    change(&request)
    return task.draw(task.makeModel(key: RandomKey(seed: 7)), request)
  }

  @Test(arguments: [0, 3]) func drawingsDependOnTheirSeedAlone(_ latent: Int) {
    let task = Self.task(latent: latent, labels: latent > 0 ? ["a", "b"] : [])
    let all = drawn(task)
    #expect(all.count == 40 && Set(all.map { "\($0.strokes)" }).count > 12)
    #expect(all.allSatisfy { (1...task.lengthLimit).contains($0.strokes.pointCount) })
    // each is the same in whatever parts they are drawn: where another has ended, and where few are left
    for first in all.indices {
      let part = drawn(task) { ($0.count, $0.first) = (1, first) }
      #expect(part == [all[first]], "\(first)")
    }
    let begun = drawn(task) { ($0.count, $0.begun) = (100, Self.drawing(3).penSteps) }
    #expect(begun.count == 100 && begun.allSatisfy { $0.begunPoints == 3 })
    for first in [0, 31, 32, 77, 99] {
      let part = drawn(task) { ($0.count, $0.first, $0.begun) = (1, first, Self.drawing(3).penSteps) }
      #expect(part == [begun[first]], "\(first)")
    }
    #expect(drawn(task) { $0.seed = 10 } != all)
    let cold = drawn(task) {
      ($0.temperature, $0.count) = (0, 3)
      $0.conditions = [
        SketchStepper.Condition(labels: latent > 0 ? [1, 0] : [], latent: latent > 0 ? [0, 1, 2] : [])
      ]
    }
    #expect(cold[0] == cold[1] && cold[1] == cold[2])
  }

  @Test func begunDrawingsStayAsTheyWere() {
    let task = Self.task()
    let begun = Self.drawing(5).penSteps
    for drawing in drawn(task, { $0.begun = begun }) {
      #expect(Array(drawing.strokes.penSteps.prefix(4)) == Array(StrokeSequence(begun).penSteps.prefix(4)))
      #expect(drawing.begunPoints == 5 && drawing.strokes.pointCount >= 5)
    }
    // a session that has read the beginning says the same of what comes as the whole network
    let model = task.makeModel(key: RandomKey(seed: 7))
    var session = task.session(model)
    for step in begun { session?.read(step) }
    #expect(session?.head.pointCount == 5)
    let batch = task.batch([SketchTask.Example(steps: begun)])
    let whole = model(batch.inputs, lengths: batch.lengths, latent: nil).scalars
    let numbers = session?.head.numbers ?? []
    #expect(numbers.count == 15)
    for (own, other) in zip(numbers, whole.suffix(numbers.count)) { #expect(abs(own - other) < 1e-5) }
  }

  @Test func whatIsBetweenDrawings() throws {
    #expect(SketchTask.between([2, 0], [0, 2], 0) == [2, 0])
    let middle = SketchTask.between([2, 0], [0, 2], 0.5)
    #expect(abs(middle[0] - 2.0.squareRoot()) < 1e-9 && abs(middle[1] - 2.0.squareRoot()) < 1e-9)
    #expect(
      SketchTask.between([1, 1], [2, 2], 0.5) == [1.5, 1.5] && SketchTask.between([0], [0], 0.5) == [0])
    let latent = Self.task(latent: 3)
    let model = latent.makeModel(key: RandomKey(seed: 1))
    let drawings = [4, 6].map { DataSource([Record(.strokes(Self.drawing($0)))], name: "d\($0)") }
    let conditions = try latent.conditions(model, from: drawings[0], to: drawings[1], count: 5)
    let ends = latent.latents(model, of: [4, 6].map { latent.example(Self.drawing($0)) })?.mean.scalars
    #expect(conditions.count == 5 && conditions[0].latent + conditions[4].latent == ends)
    let styled = Self.task(latent: 3, labels: ["a", "b"])
    let words = zip(["a", "b"], [4, 6]).map { word, count in
      DataSource([Record(.strokes(Self.drawing(count)), label: word)], name: word)
    }
    let between = try styled.conditions(
      styled.makeModel(key: RandomKey(seed: 1)), from: words[0], to: words[1], count: 3)
    #expect(between.map(\.labels) == [[1, 0], [0.5, 0.5], [0, 1]])
    #expect(throws: DataError.self) {
      try Self.task().conditions(
        Self.task().makeModel(key: RandomKey(seed: 1)), from: drawings[0], to: drawings[1], count: 2)
    }
  }

  // MARK: Lines

  @Test func linesBecomeSteps() throws {
    let wanted = [PenStep(0, 0, .down), PenStep(2, 1, .lifted), PenStep(-1, 0, .lifted)]
    #expect(try restoringRead(["[1,1]", "[3,2]", "null", "[2,2]"]) == wanted)
    #expect(try restoringRead(["[[1,1],[3,2,1]]", "[2,2,true]", "null"]) == wanted)
    #expect(try restoringRead(["[1,1,0]", "[3,2,true]", "[2,2,false]"]) == wanted)
    for line in ["3", "[1]", "[1,2,5]", "{}", "[[1,2],3]"] {
      #expect(throws: DataError.self, "\(line)") { try restoringRead([line]) }
    }
    var reader = PenStepReader()
    for stored in [[], [1, 2, 3], [-1, 5, -1, -1], [-2, -2, -1, -1], [1 << 40, 0, -1, -1]] as [[Int64]] {
      let isRestored = reader.restore(stored)
      #expect(!isRestored)
    }
  }

  @Test func damagedTasksAreRefused() throws {
    let task = Self.task(latent: 3, labels: ["a", "b"])
    let text = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
    #expect(try JSONDecoder().decode(SketchTask.self, from: Data(text.utf8)) == task)
    for (old, new) in [
      ("\"hiddenSize\":4", "\"hiddenSize\":0"), ("\"mixtureCount\":2", "\"mixtureCount\":3000000"),
      ("\"latentSize\":3", "\"latentSize\":-1"), ("\"scale\":2", "\"scale\":0"),
      ("\"longest\":8", "\"longest\":-8"), ("\"mixtureCount\":2", "\"mixtureCount\":3"),
      ("[\"a\",\"b\"]", "[\"a\",\"a\"]"), ("\"correlations\":[", "\"correlations\":[0.5,"),
    ] {
      #expect(text.contains(old), "\(old)")
      let damaged = try JSONDecoder().decode(
        SketchTask.self, from: Data(text.replacingOccurrences(of: old, with: new).utf8))
      #expect(damaged.issue != nil, "\(new)")
    }
  }
}
