import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// From drawings with a brush to a model that draws with it.
@Suite struct BrushTrainingTests {
  /// Zigzags in InkML whose pressure falls along each stroke from 1 to 0; long strokes are blue and wide, short ones red and thin.
  private static func ink(_ seed: UInt64) -> String {
    let numbers = RandomKey(seed: seed).uniforms(40)
    var text =
      "<ink><definitions><brush xml:id='long'><brushProperty name='color' value='#0000ff'/><brushProperty name='width' value='9'/></brush>"
      + "<brush xml:id='short'><brushProperty name='color' value='red'/><brushProperty name='width' value='3'/></brush></definitions>"
      + "<traceFormat><channel name='X'/><channel name='Y'/><channel name='F' min='0' max='1000'/></traceFormat>"
    for stroke in 0..<3 {
      let isLong = (Int(seed) + stroke) % 2 == 0
      let count = isLong ? 6 : 3
      let points = (0..<count).map { place in
        let x = 40 * place + Int(numbers[8 * stroke + place] * 8)
        let y = 120 * stroke + (place % 2 == 0 ? 0 : 60)
        return "\(x) \(y) \(1000 - 1000 * place / (count - 1))"
      }
      text += "<trace brushRef='#\(isLong ? "long" : "short")'>\(points.joined(separator: ", "))</trace>"
    }
    return text + "</ink>"
  }

  /// The samples follow the rules that the data have: pressure falls, colours and widths go by the strokes.
  @Test func rulesOfTheBrushAreLearnt() throws {
    let folder = try ScratchFolder()
    for index in 0..<60 { _ = try folder.file("d\(100 + index).inkml", Array(Self.ink(UInt64(index)).utf8)) }
    var settings = Settings()
    (settings[.hidden], settings[.mixtures], settings[.epochs]) = (24, 4, 120)
    settings[.learningRate] = 1e-2
    let output = try ScratchFolder()
    let path = output.path + "/x.bundle"
    _ = try TaskTraining<SketchTask>(
      TaskRequest([DataSource(folder.path)], settings: settings), output: TrainingOutput(path)
    ).run()
    let trained = try TrainedTask<SketchTask>(bundle: path)
    let brush = try #require(trained.task.brush)
    #expect(brush.names == ["pressure", "width", "colour"] && brush.width?.isOfStroke == true)
    let evaluation = try trained.evaluation([DataSource(folder.path)])
    func metric(_ key: String) throws -> Double {
      try #require(evaluation.metrics.first { $0.key == key }?.value)
    }
    #expect(try metric("brushNatsPerPoint") < metric("brushNatsPerPointWithoutMemory") - 1)
    #expect(try metric("penAccuracy") > 0.85)
    #expect(try checkedMarkup(evaluation.report).text.contains("The brush"))

    let drawn = trained.task.draw(trained.model, SketchRequest(count: 40, temperature: 0.5, seed: 3))
    var (strokes, falling, steps, down, matching) = (0, 0, 0, 0, 0)
    for drawing in drawn {
      let own = try #require(drawing.strokes.brush)
      for (index, pressures) in (own.pressures ?? []).enumerated() where pressures.count > 2 {
        strokes += 1
        if pressures[0] > 0.8, pressures[pressures.count - 1] < 0.3 { falling += 1 }
        steps += pressures.count - 1
        down += zip(pressures, pressures.dropFirst()).count { $0 > $1 }
        let isBlue = own.colours?[index] == BrushColour(0, 0, 255)
        let isLong = pressures.count > 4
        let isWide = (own.widths?[index][0] ?? 0) > brush.width?.mean ?? 0
        if isBlue == isLong, isWide == isLong { matching += 1 }
      }
    }
    #expect(strokes > 60, "\(strokes)")
    #expect(Double(falling) > 0.85 * Double(strokes), "\(falling) of \(strokes)")
    #expect(Double(down) > 0.9 * Double(steps), "\(down) of \(steps)")
    #expect(Double(matching) > 0.7 * Double(strokes), "\(matching) of \(strokes)")
  }
}
