import RecurrentTestSupport
import Testing

@testable import RecurrentReports

@Suite struct DrawingSheetTests {
  private let square: [[DrawingSheet.Point]] = [
    [(0, 0), (10, 0), (10, 10)], [(10, 10), (0, 10), (0, 0)], [(5, 5)],
  ]

  @Test func cellsStandInRows() throws {
    let sheet = DrawingSheet(
      title: "T <1>", cells: (0..<7).map { .init(square, caption: $0 == 2 ? "two & more" : "") }, columns: 3)
    let check = try checkedMarkup(sheet.svg)
    #expect(check.count("path") == 14 && check.count("circle") == 7 && check.text.contains("two & more"))
    #expect(sheet.width == 270 && DrawingSheet(cells: (0..<5).map { _ in .init(square) }).columns == 3)
    // one scale for all: a drawing of half the size is drawn half as large
    let half = square.map { $0.map { (x: $0.x / 2, y: $0.y / 2) } }
    let two = try checkedMarkup(DrawingSheet(cells: [.init(square), .init(half)]).svg)
    let first = two.elements.filter { $0.name == "path" }.map { $0.attributes["d"] ?? "" }
    #expect(first[0] == "M8 8L82 8L82 82" && first[2] == "M116.5 26.5L153.5 26.5L153.5 63.5")
  }

  @Test func whatIsGivenStandsOut() throws {
    let check = try checkedMarkup(DrawingSheet(cells: [.init(square, begunPoints: 5)]).svg)
    let classes = check.elements.filter { $0.name == "path" }.map { $0.attributes["class"] ?? "" }
    #expect(classes == ["s-c0", "s-c0", "s-text"])
    let ordered = try checkedMarkup(DrawingSheet(cells: [.init(square, isOrdered: true)]).svg)
    #expect(ordered.elements.filter { $0.name == "path" }.map { $0.attributes["class"] } == ["s-c0", "s-c1"])
    let shaded = DrawingSheet.Cell(square, shades: [.init(x: 0, y: 0, width: 5, height: 5, opacity: 0.5)])
    #expect(try checkedMarkup(DrawingSheet(cells: [shaded]).svg).count("rect") == 2)
  }

  @Test func strokesAppearInTheirOrder() throws {
    for svg in [
      DrawingSheet(cells: [.init(square)], isAnimated: true).svg, PenDrawing(square, isAnimated: true).svg,
    ] {
      let check = try checkedMarkup(svg)
      let paths = check.elements.filter { $0.name == "path" }
      #expect(
        paths.allSatisfy {
          $0.attributes["pathLength"] == "1" && $0.attributes["class"]?.hasPrefix("stroke") ?? false
        })
      let delays = paths.compactMap { $0.attributes["style"]?.split(separator: "delay:").last }
      #expect(delays.count >= 2 && delays[0] == "0.00s" && delays[1] != "0.00s")
      #expect(check.text.contains("prefers-reduced-motion") && check.text.contains("@keyframes stroke"))
    }
    #expect(!DrawingSheet(cells: [.init(square)]).svg.contains("keyframes"))
  }

  /// Nothing, and what is no number, makes a picture all the same.
  @Test func emptyDrawings() throws {
    try checkedMarkup(
      DrawingSheet(cells: [.init([]), .init([[]]), .init([[(.nan, 1), (.infinity, 2)]])]).svg)
    try checkedMarkup(PenDrawing([]).svg)
    try checkedMarkup(PenDrawing([[(3, 3)]]).svg)
  }

  @Test func aDrawingStandsInTheMiddleOfItsPaper() throws {
    let check = try checkedMarkup(PenDrawing(square, side: 20).svg)
    #expect(check.elements[0].attributes["viewBox"] == "0 0 20.00 20.00")
    let paths = check.elements.filter { $0.name == "path" }.map { $0.attributes["d"] ?? "" }
    #expect(paths[0] == "M5.00 5.00L15.00 5.00L15.00 15.00" && paths[2] == "M10.00 10.00L10.00 10.00")
    // a paper that is too small grows
    #expect(
      try checkedMarkup(PenDrawing(square, side: 4).svg).elements[0].attributes["viewBox"]
        == "0 0 10.00 10.00")
  }

  /// A stroke whose width changes is drawn from point to point, in a file and on a sheet, at one moment after the other.
  @Test func brushesAreDrawn() throws {
    let brushes = [
      PenBrush(
        widths: [1, 3, 1], colour: "#ff0000", numbers: [(name: "pressure", values: [0.25, 1, 0.25])]),
      PenBrush(widths: [2, 2, 2]), PenBrush(widths: [4], numbers: [(name: "pressure", values: [0.5])]),
    ]
    let file = try checkedMarkup(PenDrawing(square, brushes: brushes, side: 20, isAnimated: true).svg)
    let paths = file.elements.filter { $0.name == "path" }
    #expect(paths.map { $0.attributes["stroke-width"] } == ["2.000", "2.000", "2.000", "4.000"])
    let groups = file.elements.filter { $0.name == "g" }
    #expect(groups.count == 1 && groups[0].attributes["stroke"] == "#ff0000")
    #expect(groups[0].attributes["data-brush-pressure"] == "0.25000 1.0000 0.25000")
    #expect(paths[3].attributes["data-brush-pressure"] == "0.50000 0.50000")
    // colours are those of a light paper
    #expect(file.text.contains("background:#ffffff") && !file.text.contains("prefers-color-scheme"))
    #expect(PenDrawing(square, brushes: [PenBrush(widths: [1, 2, 3])]).svg.contains("prefers-color-scheme"))
    let delays = paths.compactMap { $0.attributes["style"]?.split(separator: "delay:").last }
    let seconds = delays.compactMap { Double($0.dropLast()) }
    // parts of a stroke follow at once, strokes after a pause
    #expect(seconds.count == 4 && seconds[1] - seconds[0] < seconds[2] - seconds[1] - 0.1)

    let sheet = try checkedMarkup(DrawingSheet(cells: [.init(square, brushes: brushes)]).svg)
    let lines = sheet.elements.filter { $0.name == "path" }
    #expect(
      lines.count == 4 && lines[0].attributes["stroke"] == "#ff0000" && lines[0].attributes["class"] == nil)
    #expect(lines[0].attributes["stroke-width"] == "14.80" && lines[2].attributes["class"] == "s-text")
    #expect(sheet.elements.count { $0.attributes["class"] == "f-on-cell" } == 1)
    // what is given stands out as ever
    let begun = try checkedMarkup(DrawingSheet(cells: [.init(square, brushes: brushes, begunPoints: 3)]).svg)
    #expect(
      begun.elements.filter { $0.name == "path" }.map { $0.attributes["class"] } == [
        "s-c0", "s-text", "s-text",
      ])
    // numbers that do not fit, and what is no number, make a picture all the same
    try checkedMarkup(
      PenDrawing(square, brushes: [PenBrush(widths: [1]), PenBrush(widths: [.nan, 1, 1])]).svg)
    try checkedMarkup(DrawingSheet(cells: [.init([[(.nan, 1)], []], brushes: brushes)]).svg)
  }
}
