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
}
