import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentLayers
@testable import RecurrentTasks

/// What a network reads of a brush and says of it.
@Suite struct SketchBrushTests {
  static let pressure = SketchBrush.Channel(
    mean: 0.5, deviation: 0.25, low: 0, high: 1, leastDeviation: 0.01, isOfStroke: false)
  static let width = SketchBrush.Channel(
    mean: 3, deviation: 2, low: 1, high: 6, leastDeviation: 0.1, isOfStroke: true)
  static let palette = SketchBrush.Palette(
    colours: [BrushColour(255, 0, 0), BrushColour(0, 0, 255), .black], shares: [0.5, 0.3, 0.2])
  static let all = SketchBrush(pressure: pressure, width: width, palette: palette)

  static func task(_ brush: SketchBrush?, latent: Int = 0, labels: StyleNames = []) -> SketchTask {
    var task = SketchTaskTests.task(latent: latent, labels: labels)
    task.brush = brush
    return task
  }

  /// A drawing of so many points with all channels, in strokes of up to three.
  static func drawing(_ count: Int, seed: UInt64 = 1) -> StrokeSequence {
    var own = SketchTaskTests.drawing(count, seed: seed)
    let key = RandomKey(seed: seed).child(9)
    let numbers = own.strokes.enumerated().map { key.child($0.offset).uniforms($0.element.count) }
    own.brush = StrokeBrush(
      pressures: numbers, widths: numbers.map { own in own.map { _ in 1 + 5 * (own.first ?? 0) } },
      colours: numbers.indices.map { palette.colours[(Int(seed) + $0) % 3] })
    return own
  }

  private static func examples(_ task: SketchTask) -> [SketchTask.Example] {
    [4, 1, 7, 2, 5].enumerated().map { index, count in
      // one that tells no brush
      var drawing = drawing(count, seed: UInt64(index))
      if index == 3 { drawing.brush = nil }
      return task.example(drawing)
    }
  }

  /// Gradients, the same bits, resumed trainings, rows alone, bundles, sessions and graphs.
  @Test(arguments: [0, 1, 2, 3]) func promisesHold(_ kind: Int) throws {
    let brush = [
      Self.all, SketchBrush(pressure: Self.pressure), SketchBrush(palette: Self.palette),
      SketchBrush(pressure: Self.width, width: Self.pressure),
    ][kind]
    let task = Self.task(brush, latent: kind == 3 ? 2 : 0, labels: kind == 0 ? ["a", "b"] : [])
    #expect(task.issue == nil)
    var model = task.makeModel(key: RandomKey(seed: 71))
    if let shape = model.bridge?.weight.shape {
      model.bridge?.weight = Tensor(uniformIn: -1...1, shape: shape, key: RandomKey(seed: 4))
    }
    #expect(
      model.output.weight.shape[0] == task.outputSize
        && model.recurrent.inputSize == task.inputSize + task.network.latentSize)
    try checkTask(task, examples: Self.examples(task), gradientsAt: kind == 3 ? model : nil)
  }

  @Test func stepsKeepTheBrush() {
    let drawing = Self.drawing(7)
    let back = StrokeSequence(drawing.penSteps)
    #expect(back.brush == drawing.brush)
    // a channel that one point lacks is none
    var steps = drawing.penSteps
    steps[4].brush.pressure = nil
    #expect(
      StrokeSequence(steps).brush?.pressures == nil
        && StrokeSequence(steps).brush?.widths == drawing.brush?.widths)
    #expect(StrokeSequence([PenStep(0, 0, .down)]).brush == nil)
    for step in steps { #expect(PenStep(stored: step.stored) == step) }
    for stored in [
      [], [0, 0, 0, -1, -1], [0, 0, 3, -1, -1, -1], [-2, 0, 0, -1, -1, -1], [0, 0, 0, 1 << 40, -1, -1],
      [0, 0, 0, -1, -1, 1 << 24],
    ]
      as [[Int64]]
    {
      #expect(PenStep(stored: stored) == nil, "\(stored)")
    }
    // points that stay have the brush that they had
    let known = Set((drawing.brush?.pressures ?? []).flatMap { $0 })
    let many = Self.drawing(60).penSteps
    for seed in 0..<5 as Range<UInt64> {
      let own = SketchAugmentation(scaling: 0.2, dropRate: 0.5)(many, key: RandomKey(seed: seed))
      let pressures = own.compactMap(\.brush.pressure)
      #expect(own.count < 60 && pressures.count == own.count)
      #expect(pressures.allSatisfy { pressure in many.contains { $0.brush.pressure == pressure } })
    }
    #expect(known.count == 7)
    // a model that knows none drops it
    #expect(Self.task(nil).example(drawing).steps.allSatisfy { $0.brush == BrushValue() })
    #expect(
      Self.task(SketchBrush(width: Self.width)).example(drawing).steps.allSatisfy {
        $0.brush.pressure == nil && $0.brush.width != nil && $0.brush.colour == nil
      })
  }

  @Test func numbersOfANetwork() {
    var numbers = [Float](repeating: 9, count: 7)
    let brush = Self.all
    #expect(brush.inputSize == 5 && brush.outputSize == 7 && brush.names == ["pressure", "width", "colour"])
    brush.write(BrushValue(pressure: 0.75, width: 5, colour: BrushColour(10, 0, 240)), to: &numbers, at: 1)
    #expect(numbers == [9, 1, 1, 0, 1, 0, 9])
    brush.write(BrushValue(), to: &numbers, at: 1)
    #expect(numbers == [9, 0, 0, 0, 0, 0, 9])
    // what is said by hand: one deviation above the mean, and one of three colours
    let value = BrushValue(pressure: 0.75, width: 1, colour: .black)
    let memoryless = brush.memorylessNats(value, beginsStroke: true)
    #expect(
      abs((memoryless.pressure ?? 0) - 1.418_938_5) < 1e-6 && abs((memoryless.colour ?? 0) + log(0.2)) < 1e-9)
    let same = brush.nats(value, brush.memorylessNumbers, beginsStroke: true)
    #expect(abs(same.sum - memoryless.sum) < 1e-5)
    // behind the first point of a stroke its width and its colour are known
    let later = brush.nats(value, brush.memorylessNumbers, beginsStroke: false)
    #expect(later.width == nil && later.colour == nil && later.pressure == same.pressure)
    #expect(brush.nats(BrushValue(), brush.memorylessNumbers, beginsStroke: true) == BrushNats())
  }

  /// A model that begins says of the brush what is said without memory, and the loss is that of the predictions.
  @Test func aNewModelIsTheBaseline() throws {
    let task = Self.task(Self.all)
    let examples = Self.examples(task)
    let plan = TrainingPlan(
      task: task, training: ExampleSource(examples), validation: ExampleSource([]), test: ExampleSource([]),
      suggested: TaskSettings(training: TrainerSettings(epochs: 1)), settings: Settings(),
      unitName: "drawings")
    var model = try task.initialModel(key: RandomKey(seed: 2), plan: plan)
    model.output.weight = model.output.weight * 0
    let predictions = task.predictions(model, to: examples)
    let metrics = SketchMetrics(task, predictions, to: examples)
    let brush = try #require(metrics.brush)
    #expect(abs(brush.natsPerPoint - brush.natsPerPointWithoutMemory) < 1e-4)
    // 17 points and 8 strokes tell it
    #expect(brush.pressure?.values == 17 && brush.width?.values == 8 && brush.colour?.values == 8)
    // the nats of points are those of a model without a brush
    let plain = Self.task(nil)
    let plainModel = try plain.initialModel(
      key: RandomKey(seed: 2),
      plan: TrainingPlan(
        task: plain, training: ExampleSource([]), validation: ExampleSource([]), test: ExampleSource([]),
        suggested: TaskSettings(training: TrainerSettings(epochs: 1)), settings: Settings(),
        unitName: "drawings"))
    var silent = plainModel
    silent.output.weight = silent.output.weight * 0
    let plainMetrics = SketchMetrics(
      plain, plain.predictions(silent, to: Self.examples(plain)), to: Self.examples(plain))
    #expect(metrics.natsPerPoint == plainMetrics.natsPerPoint && plainMetrics.brush == nil)
    let loss = Double(task.loss(model, examples, mode: .inference).mean.scalar)
    #expect(abs(loss / (metrics.natsPerPoint + brush.natsPerPoint) - 1) < 1e-4)
    let evaluation = task.evaluation(of: predictions, to: examples)
    #expect(evaluation.metrics.contains { $0.key == "brushNatsPerPoint" })
    #expect(try checkedMarkup(evaluation.report).text.contains("The brush"))
    #expect(
      evaluation.warnings.contains("the brush is predicted no better than without memory")
        == (brush.natsPerPoint >= brush.natsPerPointWithoutMemory))
  }

  // MARK: Drawing

  @Test func drawingsHaveTheirBrush() throws {
    let task = Self.task(Self.all)
    let model = task.makeModel(key: RandomKey(seed: 7))
    let request = SketchRequest(count: 40, temperature: 0.9, seed: 9)
    let drawn = task.draw(model, request)
    for drawing in drawn {
      let brush = try #require(drawing.strokes.brush)
      #expect(brush.pressures?.joined().allSatisfy { (0...1).contains($0) } == true)
      // one width and one colour for each stroke
      #expect(
        brush.widths?.allSatisfy { stroke in stroke.allSatisfy { $0 == stroke[0] && (1...6).contains($0) } }
          == true)
      #expect(brush.colours?.allSatisfy { Self.palette.colours.contains($0) } == true)
    }
    #expect(Set(drawn.flatMap { $0.strokes.brush?.colours ?? [] }).count == 3)
    #expect(Set(drawn.flatMap { $0.strokes.brush?.pressures?.joined().map { $0 } ?? [] }).count > 40)
    // each is the same in whatever parts they are drawn
    var part = request
    (part.first, part.count) = (13, 1)
    #expect(task.draw(model, part) == [drawn[13]])
    // what is given stays, and goes on in its stroke
    var begun = request
    begun.begun = Array(Self.drawing(5).penSteps.prefix(2))
    for drawing in task.draw(model, begun) {
      let brush = try #require(drawing.strokes.brush)
      #expect(Array((brush.pressures ?? [[]])[0].prefix(2)) == begun.begun.compactMap(\.brush.pressure))
      #expect(
        brush.colours?[0] == begun.begun[0].brush.colour
          && brush.widths?[0].last == begun.begun[0].brush.width)
    }
    // whatever a damaged network says, a brush has numbers
    var damaged = model
    damaged.output.bias = Tensor(
      [Float](repeating: .nan, count: 12) + [2, 0, -4] + [Float](repeating: .nan, count: 7))
    for drawing in task.draw(damaged, SketchRequest(count: 3)) {
      #expect(drawing.strokes.brush?.pressures?.joined().allSatisfy { $0 == 0.5 } == true)
    }
  }

  @Test func linesAreAsWideAsTheyArePressed() throws {
    let task = Self.task(Self.all)
    let strokes = StrokeSequence(
      [[.init(0, 0), .init(4, 0)], [.init(1, 1)]], isUpward: false,
      brush: StrokeBrush(
        pressures: [[0, 1], [0.5]], widths: [[2, 2], [4]], colours: [BrushColour(255, 0, 0), .black]))
    let brushes = task.penBrushes(of: strokes)
    #expect(brushes.map(\.widths) == [[0.5, 3.5], [4]] && brushes.map(\.colour) == ["#ff0000", "#000000"])
    #expect(Self.task(nil).penBrushes(of: strokes).isEmpty)
    let narrow = Self.task(SketchBrush(pressure: Self.pressure)).penBrushes(of: strokes)
    #expect(
      narrow.allSatisfy { $0.colour == nil } && abs(narrow[0].widths[1] - 1.75 * task.paperSide / 90) < 1e-9)
    // a file of it is the drawing again
    let svg = PenDrawing(strokes.chartStrokes, brushes: brushes, side: 10).svg
    try checkedMarkup(svg)
    let back = try SVGFile(DataBytes(Array(svg.utf8), path: "x.svg")).strokes
    #expect(
      back.brush
        == StrokeBrush(
          pressures: [[0, 1], [0.5, 0.5]], widths: [[2, 2], [4, 4]], colours: strokes.brush?.colours))
    #expect(
      back.moved(from: back.strokes[0][0], times: 1).strokes == [
        [.init(0, 0), .init(4, 0)], [.init(1, 1), .init(1, 1)],
      ])
  }
}
