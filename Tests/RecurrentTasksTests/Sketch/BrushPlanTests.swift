import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Which channels of a brush are learnt, and how they are kept.
@Suite struct BrushPlanTests {
  private func records(_ count: Int, _ brush: (Int) -> StrokeBrush?) -> [Record] {
    (0..<count).map { index in
      let strokes: [[StrokeSequence.Point]] = [
        [.init(0, 0), .init(Float(index + 1), 0)], [.init(5, 5), .init(0, 5)],
      ]
      return Record(.strokes(StrokeSequence(strokes, isUpward: false, brush: brush(index))))
    }
  }

  private func plan(_ asked: Bool? = nil, _ brush: @escaping (Int) -> StrokeBrush?) throws -> TrainingPlan<
    SketchTask
  > {
    var settings = Settings()
    (settings[.hidden], settings[.mixtures], settings[.brush]) = (4, 2, asked)
    return try SketchTask.plan(
      TaskRequest([DataSource(records(40, brush), name: "x")], settings: settings), progress: { _, _ in })
  }

  @Test func whatVariesIsLearnt() throws {
    func full(_ index: Int) -> StrokeBrush? {
      StrokeBrush(
        pressures: [[0.1, Float(index) / 40], [0.5, 0.25]], widths: [[2, 2], [4, 4]],
        colours: [.black, index % 4 == 0 ? BrushColour(255, 0, 0) : .black])
    }
    let whole = try plan(nil, full)
    let brush = try #require(whole.task.brush)
    #expect(whole.task.issue == nil && brush.names == ["pressure", "width", "colour"])
    #expect(brush.pressure?.isOfStroke == false && brush.width?.isOfStroke == true)
    #expect(
      brush.width?.mean == 3 && brush.width?.deviation == 1 && brush.width?.low == 2 && brush.width?.high == 4
    )
    // whole numbers are known to a half
    #expect(abs((brush.width?.leastDeviation ?? 0) - 0.2887) < 1e-3 && brush.pressure?.leastDeviation == 0.01)
    #expect(
      brush.palette?.colours.first == .black && abs((brush.palette?.shares.reduce(0, +) ?? 0) - 1) < 1e-9)
    #expect(
      whole.notes.contains {
        $0.setting == "brush" && $0.kind == .assumed
          && $0.text.contains("pressure, width, colour, width once")
      })
    #expect(try plan(false, full).task.brush == nil)
    #expect(try plan(true, full).task.brush == brush)
    // what some drawings lack is learnt where it is asked for
    func partial(_ index: Int) -> StrokeBrush? { index % 2 == 0 ? full(index) : nil }
    let without = try plan(nil, partial)
    #expect(
      without.task.brush == nil
        && without.notes.contains { $0.setting == "brush" && $0.text.contains("not learnt") })
    #expect(try plan(true, partial).task.brush?.names == brush.names)
    // one width in each drawing says how large the drawing was
    func even(_ index: Int) -> StrokeBrush? {
      let width = 1 + Float(index) / 7
      return StrokeBrush(widths: [[width, width], [width, width]], colours: [.black, .black])
    }
    #expect(try plan(nil, even).task.brush == nil)
    #expect(try plan(true, even).task.brush?.names == ["width"])
    #expect(try plan(nil) { _ in nil }.task.brush == nil)
    let error = #expect(throws: DataError.self) { try plan(true) { _ in nil } }
    #expect("\(try #require(error))".contains("brush must be drawings with a pressure"))
  }

  @Test func manyColoursBecomeFew() {
    var notes: [DataNote] = []
    let greys = (0..<200).map { BrushColour(UInt8($0), UInt8($0), UInt8($0)) }
    let colours = greys + Array(repeating: BrushColour(255, 0, 0), count: 50)
    let palette = SketchBrush.Palette(colours, &notes)
    #expect(palette.colours.count == 16 && palette.colours[0] == BrushColour(255, 0, 0) && notes.count == 1)
    #expect(SketchBrush(palette: palette).names == ["colour"])
    for grey in greys { #expect(palette.colours[palette.index(of: grey)].square(to: grey) < 3 * 30 * 30) }
    #expect(palette.shares.allSatisfy { $0 > 0 } && abs(palette.shares.reduce(0, +) - 1) < 1e-9)
  }

  @Test func damagedBrushesAreRefused() throws {
    let task = SketchBrushTests.task(SketchBrushTests.all)
    let text = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
    #expect(try JSONDecoder().decode(SketchTask.self, from: Data(text.utf8)) == task)
    // a task without a brush is written as before there were any
    let plain = String(decoding: try JSONEncoder().encode(SketchBrushTests.task(nil)), as: UTF8.self)
    #expect(!plain.contains("brush"))
    for (old, new) in [
      ("\"mean\":3", "\"mean\":3e30"), ("\"deviation\":2", "\"deviation\":0"), ("\"high\":6", "\"high\":0"),
      ("\"leastDeviation\":0.1", "\"leastDeviation\":-1"), ("\"#0000ff\"", "\"#ff0000\""),
      ("\"shares\":[0.5,", "\"shares\":["), ("[0.5,0.3,0.2]", "[0.5,0,0.2]"), ("\"low\":1", "\"low\":7"),
    ] {
      #expect(text.contains(old), "\(old)")
      let damaged = try JSONDecoder().decode(
        SketchTask.self, from: Data(text.replacingOccurrences(of: old, with: new).utf8))
      #expect(damaged.issue?.contains("brush") == true, "\(new)")
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        SketchTask.self, from: Data(text.replacingOccurrences(of: "#0000ff", with: "bluish").utf8))
    }
    var none = task
    none.brush = SketchBrush()
    #expect(none.issue != nil)
  }
}
