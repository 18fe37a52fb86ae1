import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// A brush that comes point by point.
@Suite struct BrushStreamTests {
  @Test func linesHaveTheirBrush() throws {
    let wanted = [
      PenStep(0, 0, .down, brush: BrushValue(pressure: 0.5, width: 2, colour: BrushColour(255, 0, 0))),
      PenStep(2, 1, .lifted, brush: BrushValue(pressure: 0.25)), PenStep(-1, 0, .lifted),
    ]
    let first = "{\"x\":1,\"y\":1,\"pressure\":0.5,\"width\":2,\"color\":\"red\"}"
    #expect(
      try restoringRead([first, "{\"x\":3,\"y\":2,\"pressure\":0.25,\"lifted\":1}", "[2,2]"]) == wanted)
    #expect(
      try restoringRead([
        "[\(first),{\"x\":3,\"y\":2,\"pressure\":0.25}]", "null", "{\"x\":2,\"y\":2,\"lifted\":true}",
      ]) == wanted)
    for (line, expected) in [
      ("{\"x\":1}", "\"x\" and \"y\""), ("{\"x\":1,\"y\":2,\"pressure\":\"hard\"}", "a pressure, a number"),
      ("{\"x\":1,\"y\":2,\"color\":\"bluish\"}", "a colour"), ("{\"x\":1,\"y\":2,\"color\":3}", "a colour"),
      ("{\"x\":1,\"y\":2,\"lifted\":5}", "whether the pen is lifted"),
      ("{\"x\":1,\"y\":\"a\"}", "a coordinate"),
    ] {
      let error = #expect(throws: DataError.self, "\(line)") { try restoringRead([line]) }
      #expect("\(try #require(error))".contains(expected))
    }
    var reader = PenStepReader()
    for stored in [
      [0, 0, 0, 0, 1], [0, 0, 0, 0, -2, -1, -1], [0, 0, -1, -1, 0, 0, 0], [0, 0, 0, 0, 1 << 40, 0, 0],
    ] as [[Int64]] {
      let isRestored = reader.restore(stored)
      #expect(!isRestored, "\(stored)")
    }
  }

  @Test func sessionsSayWhatComes() throws {
    let task = SketchBrushTests.task(SketchBrushTests.all)
    let model = task.makeModel(key: RandomKey(seed: 7))
    var session = try #require(task.session(model))
    session.read(SketchBrushTests.drawing(3).penSteps[0])
    let fields = try #require(task.rows(of: session, at: .step).first)
    #expect(fields.map(\.name) == task.streamColumns)
    // the colour and the width of a stroke are those of its first point
    #expect(fields.last?.value == .text(SketchBrushTests.drawing(3).brush?.colours?[0].hex ?? ""))
    #expect(SketchBrushTests.task(nil).streamColumns?.count == 6)
  }
}
