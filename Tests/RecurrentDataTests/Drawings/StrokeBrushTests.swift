import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Pressure, width and colour of strokes: as they come from files, through all that is done with drawings, and back.
@Suite struct StrokeBrushTests {
  private func records(_ text: String, _ name: String) throws -> RecordSource {
    try RecordSource.drawings([DataSource(bytes: Array(text.utf8), name: name)])
  }

  private func drawing(_ text: String, _ name: String) throws -> StrokeSequence {
    guard case .strokes(let strokes) = try records(text, name).record(0).content else {
      throw CheckFailure("no strokes")
    }
    return strokes
  }

  private func ink(_ text: String) throws -> StrokeSequence {
    try InkMLFile(DataBytes(Array("<ink>\(text)</ink>".utf8), path: "x.inkml")).strokes
  }

  private func svg(_ text: String) throws -> SVGFile {
    try SVGFile(DataBytes(Array("<svg>\(text)</svg>".utf8), path: "x.svg"))
  }

  private let sample = StrokeSequence(
    [[.init(0, 0), .init(10, 0), .init(10, 20)], [.init(5, 5)], [.init(3, 3), .init(4, 9)]], isUpward: false,
    brush: StrokeBrush(
      pressures: [[0.25, 0.5, 1], [0.125], [0, 0.75]], widths: [[2, 2, 2], [4], [1.5, 3]],
      colours: [BrushColour(255, 0, 0), .black, BrushColour(1, 2, 3)]))

  // MARK: Formats

  @Test func linesOfJSON() throws {
    let points = try drawing(
      "{\"strokes\":[[[0,0,5,0.5],[1,2,6,0.75]],[[3,3,7,1]]],\"channels\":[\"X\",\"y\",\"tilt\",\"pressure\"]}",
      "x.ndjson")
    #expect(points.brush == StrokeBrush(pressures: [[0.5, 0.75], [1]]))
    #expect(points.strokes[0] == [.init(0, 0), .init(1, -2)])
    let columns = try drawing(
      "{\"drawing\":[[[0,1],[9],[0,2],[3,4]]],\"channels\":[\"x\",\"tilt\",\"y\",\"width\"],\"colors\":[\"lime\"]}",
      "x.ndjson")
    #expect(columns.brush == StrokeBrush(widths: [[3, 4]], colours: [BrushColour(0, 255, 0)]))
    #expect(columns.strokes == [[.init(0, 0), .init(1, 2)]])
    // numbers without names are what they were: times, and not read
    #expect(try drawing("{\"drawing\":[[[0,1],[0,2],[3,4]]]}", "x.ndjson").brush == nil)
    // with times a drawing is as it came from the pen
    let raw = try drawing(
      "{\"strokes\":[[[0,0,1,0.5],[1,0,2,0.5],[2,0,3,0.25]]],\"channels\":[\"x\",\"y\",\"t\",\"pressure\"]}",
      "x.ndjson")
    #expect(raw.strokes[0].last == .init(255, 0))
    #expect(raw.brush?.pressures?[0].first == 0.5 && raw.brush?.pressures?[0].last == 0.25)
  }

  @Test func linesRoundTrip() throws {
    let back = try drawing(sample.line(word: "a"), "x.ndjson")
    #expect(back == sample)
    let plain = StrokeSequence(sample.strokes, isUpward: false)
    #expect(!plain.line().contains("channels") && !plain.line().contains("colors"))
    #expect(try drawing(plain.line(), "x.ndjson").brush == nil)
  }

  @Test func inkRoundTrips() throws {
    let text = sample.inkML(word: "a < b & \"c\"")
    let file = try InkMLFile(DataBytes(Array(text.utf8), path: "x.inkml"))
    #expect(file.strokes == sample && file.transcript == "a < b & \"c\"" && file.gaps == BrushGaps())
    try checkedMarkup(text.replacing(" xmlns=\"http://www.w3.org/2003/InkML\"", with: ""))
    // a width for each stroke is one of a brush
    var even = sample
    even.brush?.widths = [[2, 2, 2], [4], [3, 3]]
    #expect(even.inkML().contains("<brushProperty name=\"width\" value=\"4.0\"/>"))
    #expect(try InkMLFile(DataBytes(Array(even.inkML().utf8), path: "x.inkml")).strokes == even)
    let plain = StrokeSequence(sample.strokes, isUpward: false)
    #expect(try InkMLFile(DataBytes(Array(plain.inkML().utf8), path: "x.inkml")).strokes == plain)
  }

  @Test func inkHasBrushes() throws {
    let brushes =
      "<definitions><brush xml:id=\"a\"><brushProperty name=\"color\" value=\"#00F\"/><brushProperty name=\"width\" value=\"3\"/></brush>"
      + "<brush xml:id=\"b\" brushRef=\"#a\"><brushProperty name=\"color\" value=\"red\"/></brush>"
      + "<context xml:id=\"c\"><brush><brushProperty name=\"width\" value=\"5\"/><brushProperty name=\"color\" value=\"lime\"/></brush></context>"
      + "</definitions>"
    let traces =
      "<trace brushRef=\"#a\">0 0, 1 1</trace><traceGroup brushRef=\"#b\"><trace>0 1</trace><trace brushRef=\"#a\">1 2</trace></traceGroup>"
      + "<trace contextRef=\"#c\">2 2</trace><context brushRef=\"#b\"/><trace>3 3</trace>"
    let read = try ink(brushes + traces)
    #expect(
      read.brush?.colours?.map(\.hex) == ["#0000ff", "#ff0000", "#0000ff", "#00ff00", "#ff0000"])
    #expect(read.brush?.widths == [[3, 3], [3], [3], [5], [3]] && read.brush?.pressures == nil)
    // a unit of the width and one of the points
    let units = try ink(
      "<definitions><brush xml:id=\"a\"><brushProperty name=\"width\" value=\"0.5\" units=\"mm\"/></brush></definitions>"
        + "<traceFormat><channel name=\"X\" units=\"himetric\"/><channel name=\"Y\" units=\"himetric\"/></traceFormat>"
        + "<trace brushRef=\"#a\">0 0</trace>")
    #expect(units.brush?.widths == [[50]])
  }

  @Test func inkHasPressure() throws {
    let format =
      "<traceFormat><channel name=\"X\"/><channel name=\"Y\"/><channel name=\"F\" min=\"100\" max=\"300\"/></traceFormat>"
    #expect(try ink("\(format)<trace>0 0 100, 1 1 200,'1'1'50</trace>").brush?.pressures == [[0, 0.5, 0.75]])
    let raw = format.replacing(" min=\"100\" max=\"300\"", with: "")
    #expect(
      try ink("\(raw)<trace>0 0 100, 1 1 200</trace><trace>2 2 *</trace>").brush?.pressures == [
        [100, 200], [0],
      ])
    #expect(
      try ink("\(raw)<trace continuation=\"begin\">0 0 7</trace><trace continuation=\"end\">1 1 8</trace>")
        .brush?
        .pressures == [[7, 8]])
    // the width across the stroke
    let wide = raw.replacing("\"F\"", with: "\"W\"")
    #expect(try ink("\(wide)<trace>0 0 4, 1 1 5</trace>").brush == StrokeBrush(widths: [[4, 5]]))
  }

  @Test func svgHasBrushes() throws {
    func colours(_ text: String) throws -> [String]? { try svg(text).strokes.brush?.colours?.map(\.hex) }
    let line = "<path d='M0 0h1'/>"
    #expect(
      try colours("<g stroke='#123'><path d='M0 0h1' stroke='RED'/>\(line)</g>") == ["#ff0000", "#112233"])
    // a style comes before an attribute
    #expect(
      try colours("<path d='M0 0h1' stroke='red' style=' stroke : blue !important; fill:none'/>") == [
        "#0000ff"
      ])
    #expect(try svg(line).strokes.brush == nil)
    let widths = try svg(
      "<g transform='scale(2)' stroke-width='3'>\(line)<path d='M0 0h1' style='stroke-width:1.5pt'/></g>\(line)"
    )
    #expect(widths.strokes.brush == StrokeBrush(widths: [[6, 6], [4, 4], [1, 1]]))
    #expect(widths.gaps == BrushGaps())
    // what is larger on one side alone is wider by the root of it
    #expect(
      try svg("<g transform='scale(4 1)' stroke-width='3'>\(line)</g>").strokes.brush?.widths == [[6, 6]])
  }

  /// A stroke whose width changes is a group of lines, and one stroke again.
  @Test func groupsAreStrokes() throws {
    let group =
      "<g stroke='red' data-brush-pressure='0.1 0.5 0.9'><path d='M0 0L1 0' stroke-width='1'/><path d='M1 0L1 2' stroke-width='3'/></g>"
    let read = try svg(group).strokes
    #expect(read.strokes == [[.init(0, 0), .init(1, 0), .init(1, 2)]])
    #expect(read.brush == StrokeBrush(pressures: [[0.1, 0.5, 0.9]], colours: [BrushColour(255, 0, 0)]))
    let two = try svg(
      group + group.replacing("data-brush-pressure", with: "data-brush-width='1 2 4' data-brush-pressure"))
    #expect(two.strokes.strokes.count == 2 && two.strokes.brush?.widths == nil)
    #expect(two.strokes.brush?.pressures?.count == 2 && two.gaps.examples.keys.contains(.partialWidth))
    for (body, expected) in [
      (group.replacing("M1 0", with: "M2 0"), "where the last one of its group ends"),
      (group.replacing("0.5 ", with: ""), "3 numbers in \"data-brush-pressure\""),
      (group.replacing("0.5 ", with: "x "), "a number for each point"),
    ] {
      let error = #expect(throws: DataError.self) { try svg(body) }
      #expect("\(try #require(error))".contains(expected), "\(body)")
    }
  }

  // MARK: What cannot be read

  @Test(arguments: [
    ("{\"strokes\":[[[0,0,\"a\"],[1,1,2]]],\"channels\":[\"x\",\"y\",\"pressure\"]}", "a pressure, a number"),
    ("{\"strokes\":[[[0,0,1],[1,1]]],\"channels\":[\"x\",\"y\",\"pressure\"]}", "a point of 3 channels"),
    ("{\"drawing\":[[[0,1],[0,1]]],\"channels\":[\"x\",\"y\",\"width\"]}", "a stroke of 3 channels"),
    (
      "{\"drawing\":[[[0,1],[0,1],[3]]],\"channels\":[\"x\",\"y\",\"width\"]}",
      "a list of 2 numbers for \"width\""
    ),
    ("{\"drawing\":[[[0,1],[0,1],[3,null]]],\"channels\":[\"x\",\"y\",\"width\"]}", "a width, a number"),
    ("{\"drawing\":[[[0,1],[0,1]]],\"channels\":[\"y\",\"width\"]}", "with \"x\" and \"y\""),
    ("{\"drawing\":[[[0,1],[0,1]]],\"channels\":[\"x\",\"y\",\"x\"]}", "each once"),
    ("{\"drawing\":[[[0,1],[0,1]]],\"channels\":3}", "a list \"channels\""),
    ("{\"drawing\":[[[0,1],[0,1]]],\"channels\":[\"x\",1]}", "a name of a channel"),
    ("{\"drawing\":[[[0,1],[0,1]]],\"colors\":[]}", "a list \"colors\" of 1 colours"),
    ("{\"drawing\":[[[0,1],[0,1]]],\"colors\":[3]}", "a colour"),
  ])
  func badLinesAreNamed(_ text: String, _ expected: String) throws {
    let error = #expect(throws: DataError.self) { try records(text, "x.ndjson") }
    let found = "\(try #require(error))"
    #expect(found.contains("x.ndjson") && found.contains(expected) && !found.contains("\n"), "\(found)")
  }

  @Test(arguments: [
    ("0 0 1, 1 1 x", "3 numbers for each point"), ("0 0 1, 1 1 T", "a number for the channel F"),
    ("0 0 1, 1 1 2 3", "3 numbers for each point"), ("0 0 1, 1 1 1e30", "values of F within"),
  ])
  func badPressuresAreNamed(_ trace: String, _ expected: String) throws {
    let format = "<traceFormat><channel name=\"X\"/><channel name=\"Y\"/><channel name=\"F\"/></traceFormat>"
    let error = #expect(throws: DataError.self) { try ink("\(format)<trace>\(trace)</trace>") }
    #expect("\(try #require(error))".contains(expected))
    let width = #expect(throws: DataError.self) {
      try ink("<brush xml:id='a'><brushProperty name='width' value='thin'/></brush><trace>0 0</trace>")
    }
    #expect("\(try #require(width))".contains("width of a brush"))
  }

  @Test func whatIsAssumedIsSaid() throws {
    func notes(_ text: String, _ name: String) throws -> [String] {
      try records(text, name).notes.filter { $0.kind == .assumed }.map(\.text)
    }
    let format = "<traceFormat><channel name=\"X\"/><channel name=\"Y\"/><channel name=\"F\"/></traceFormat>"
    for (text, name, expected) in [
      (
        "{\"drawing\":[[[0,1],[0,1]]],\"colors\":[\"mauve-ish\"]}", "x.ndjson",
        "\"mauve-ish\" is not known and counts as black"
      ),
      ("<svg><path d='M0 0h1' stroke='url(#a)'/></svg>", "x.svg", "\"url(#a)\" is not known"),
      ("<svg><path d='M0 0h1' stroke-width='2%'/></svg>", "x.svg", "\"2%\" is not in a unit"),
      ("<svg><path d='M0 0h1' stroke='red'/><path d='M0 0h1'/></svg>", "x.svg", "without a colour"),
      ("<ink><trace brushRef=\"#z\">0 0, 1 1</trace></ink>", "x.inkml", "no brush \"#z\""),
      ("<ink>\(format)<trace>0 0 1, 1 1</trace></ink>", "x.inkml", "that of the point before"),
      (
        "<ink><trace>1 1</trace>\(format)<trace>0 0 1, 1 1 2</trace></ink>", "x.inkml",
        "others none: it is not read"
      ),
    ] {
      let found = try notes(text, name)
      #expect(found.contains { $0.contains(expected) && $0.contains("in 1 drawings") }, "\(found)")
    }
    #expect(
      try drawing("<ink>\(format)<trace>0 0 1, 1 1</trace></ink>", "x.inkml").brush?.pressures == [[1, 1]])
    #expect(try notes("<svg><path d='M0 0h1' stroke='red'/></svg>", "x.svg").count == 1)
  }

  // MARK: Changes

  @Test func whatIsDoneWithStrokesKeepsTheBrush() {
    let moved = sample.moved(from: .init(1, 1), times: 3)
    #expect(moved.brush?.widths == [[6, 6, 6], [12], [4.5, 9]])
    #expect(
      moved.brush?.pressures == sample.brush?.pressures && moved.brush?.colours == sample.brush?.colours)
    var upward = sample
    upward.isUpward = true
    #expect(upward.downward.brush == sample.brush)
    // a pressure between two points is between theirs; widths grow with the drawing
    let line = StrokeSequence(
      [[.init(0, 0), .init(10, 0)]], isUpward: false,
      brush: StrokeBrush(pressures: [[0, 1]], widths: [[2, 2]]))
    #expect(line.simplified.brush == StrokeBrush(pressures: [[0, 1]], widths: [[51, 51]]))
    let fine = StrokeLine(points: line.strokes[0], columns: [[0, 1]]).resampled(every: 2.5)
    #expect(fine.points.map(\.x) == [0, 2.5, 5, 7.5, 10] && fine.columns == [[0, 0.25, 0.5, 0.75, 1]])
  }

  /// On a straight line the points stay where the pressure turns, and without a brush they go.
  @Test func thinningSeesThePressure() throws {
    let points = (0...20).map { StrokeSequence.Point(Float($0), 0) }
    let pressures = (0...20).map { Float(10 - abs($0 - 10)) }
    let pressed = StrokeSequence([points], isUpward: false, brush: StrokeBrush(pressures: [pressures]))
    let simple = pressed.simplified
    #expect(simple.strokes[0].count == 3 && abs(simple.strokes[0][1].x - 127.5) < 1)
    #expect(simple.brush?.pressures.map { $0[0].max() ?? 0 > 9.9 } == true)
    #expect(StrokeSequence([points], isUpward: false).simplified.strokes == [[.init(0, 0), .init(255, 0)]])
  }

  @Test func damagedBrushesAreRead() throws {
    let body =
      "<ink><definitions><brush xml:id='a'><brushProperty name='width' value='3'/><brushProperty name='color' value='#00F'/></brush>"
      + "</definitions><traceFormat><channel name='X'/><channel name='Y'/><channel name='F' max='9'/></traceFormat>"
      + "<trace brushRef='#a'>0 0 1,'1'2'3</trace></ink>"
    try checkStructure(damagedNumerals(Array(body.utf8)), naming: "x.inkml") {
      _ = try InkMLFile(DataBytes($0, path: "x.inkml")).strokes.simplified
    }
    let picture =
      "<svg><g stroke='rgb(1,2,3)' data-brush-pressure='1 2 3' data-brush-width='1 2 3'><path d='M0 0L1 1' stroke-width='2px'/>"
      + "<path d='M1 1L2 1'/></g></svg>"
    try checkStructure(damagedNumerals(Array(picture.utf8)), naming: "x.svg") {
      _ = try SVGFile(DataBytes($0, path: "x.svg")).strokes.simplified
    }
    let line =
      "{\"drawing\":[[[0,1],[0,1],[3,4]]],\"channels\":[\"x\",\"y\",\"width\"],\"colors\":[\"#0f0\"]}"
    try checkStructure(damagedNumerals(Array(line.utf8)), naming: "x.ndjson") {
      _ = try RecordSource.drawings([DataSource(bytes: $0, name: "x.ndjson")])
    }
  }
}
