import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Paths of SVG as points: all commands, numbers that are glued, arcs, transformations.
@Suite struct SVGFileTests {
  private func read(_ body: String, attributes: String = "") throws -> SVGFile {
    let text = "<svg xmlns=\"http://www.w3.org/2000/svg\" \(attributes)>\(body)</svg>"
    return try SVGFile(DataBytes(Array(text.utf8), path: "x.svg"))
  }

  private func points(_ path: String) throws -> [[[Float]]] {
    try read("<path d=\"\(path)\"/>").strokes.strokes.map { $0.map { [$0.x, $0.y] } }
  }

  @Test func linesOfAllKinds() throws {
    #expect(try points("M1 2L3,4 5-6") == [[[1, 2], [3, 4], [5, -6]]])
    #expect(
      try points("m1 2l3,4 1 1h2v-3H0V0") == [
        [[1, 2], [4, 6], [5, 7], [7, 7], [7, 4], [0, 4], [0, 0]]
      ])
    #expect(try points("M0 0 4 0m1 1 1 1") == [[[0, 0], [4, 0]], [[5, 1], [6, 2]]])
    #expect(try points("M0 0L4 0L4 4Z") == [[[0, 0], [4, 0], [4, 4], [0, 0]]])
    // behind a closed part the next one begins where that began
    #expect(try points("M1 1h4v4zl2 2") == [[[1, 1], [5, 1], [5, 5], [1, 1]], [[1, 1], [3, 3]]])
    #expect(try points("M0 0h1v1zz") == [[[0, 0], [1, 0], [1, 1], [0, 0]]])
    #expect(try points("M.5.5-3-3e1") == [[[0.5, 0.5], [-3, -30]]])
    #expect(try points("M5 5") == [[[5, 5]]])
  }

  /// Curves are within half a percent of the size, and end where they end.
  @Test func curvesAreNear() throws {
    let cubic = try points("M0 0C0 100 100 100 100 0")[0]
    #expect(cubic.first == [0, 0] && cubic.last == [100, 0] && cubic.count > 6)
    // its middle is at three quarters of the height
    #expect(cubic.contains { abs($0[0] - 50) < 8 && abs($0[1] - 75) < 1.5 })
    let joined = try points("M0 0C0 50 50 50 50 0S100-50 100 0")[0]
    #expect(joined.last == [100, 0] && joined.contains { abs($0[1] + 37.5) < 1 })
    let quadratic = try points("M0 0Q50 100 100 0T200 0")[0]
    #expect(quadratic.last == [200, 0] && quadratic.contains { abs($0[1] + 50) < 2 })
    #expect(try points("M0 0q50 100 100 0t100 0")[0] == quadratic)
    // a smooth one behind none begins straight
    #expect(try points("M0 0T10 0")[0].allSatisfy { $0[1] == 0 })
  }

  @Test func arcsAreRound() throws {
    // the flags of the second one are glued to what follows
    for path in ["M-50 0A50 50 0 0 1 50 0", "M-50 0a50 50 0 01100 0"] {
      let half = try points(path)[0]
      #expect(half.allSatisfy { abs(($0[0] * $0[0] + $0[1] * $0[1]).squareRoot() - 50) < 0.6 }, "\(path)")
      #expect(half.last == [50, 0] && half.allSatisfy { $0[1] < 1e-3 })
    }
    let other = try points("M-50 0A50 50 0 0 0 50 0")[0]
    #expect(other.allSatisfy { $0[1] > -1e-3 })
    let large = try points("M0 -50A50 50 0 1 1 -50 0")[0]
    #expect(large.contains { $0[0] > 49 } && large.contains { $0[1] > 49 })
    // radii that are too small grow, those of none are lines
    #expect(try points("M-50 0A1 1 0 0 1 50 0")[0].contains { $0[1] < -49 })
    #expect(try points("M0 0A0 5 0 0 1 5 5") == [[[0, 0], [5, 5]]])
  }

  @Test func shapesAndTransformations() throws {
    func all(_ body: String) throws -> [[[Float]]] {
      try read(body).strokes.strokes.map { $0.map { [$0.x.rounded(), $0.y.rounded()] } }
    }
    #expect(try all("<line x1=\"1\" y1=\"2\" x2=\"3\" y2=\"4\"/>") == [[[1, 2], [3, 4]]])
    #expect(try all("<polyline points=\"0,0 5 0 5,5\"/>") == [[[0, 0], [5, 0], [5, 5]]])
    #expect(try all("<polygon points=\"0,0 5 0 5,5\"/>") == [[[0, 0], [5, 0], [5, 5], [0, 0]]])
    #expect(
      try all("<rect x='1' y='1' width='4px' height='2'/>") == [
        [[1, 1], [5, 1], [5, 3], [1, 3], [1, 1]]
      ])
    // a background is no stroke
    #expect(
      try all("<rect width='100%' height='100%'/><path d='M1 1h1'/>") == [[[1, 1], [2, 1]]])
    let circle = try read("<circle cx=\"10\" cy=\"20\" r=\"5\"/>").strokes.strokes[0]
    #expect(
      circle.allSatisfy {
        abs((($0.x - 10) * ($0.x - 10) + ($0.y - 20) * ($0.y - 20)).squareRoot() - 5) < 0.06
      })
    #expect(circle.first == circle.last && circle.count > 10)
    let line = "<path d=\"M0 0L10 0\"/>"
    #expect(
      try all("<g transform=\"translate(5 6)\"><g transform=\"scale(2)\">\(line)</g></g>") == [
        [[5, 6], [25, 6]]
      ])
    #expect(try all("<g transform=\"rotate(90)\">\(line)</g>") == [[[0, 0], [0, 10]]])
    #expect(try all("<g transform=\"rotate(90 10 0)\">\(line)</g>") == [[[10, -10], [10, 0]]])
    #expect(try all("<g transform=\"matrix(1,0,0,-1,0,7)\">\(line)</g>") == [[[0, 7], [10, 7]]])
    #expect(try all("<g transform=\"skewX(45) translate(0,3)\">\(line)</g>") == [[[3, 3], [13, 3]]])
    // what is defined or hidden is not drawn
    #expect(
      try all("<defs>\(line)</defs><g style=\"display: none\">\(line)</g><path d=\"M1 1h1\"/>") == [
        [[1, 1], [2, 1]]
      ])
  }

  @Test func papers() throws {
    let line = "<path d=\"M0 0L10 0\"/>"
    #expect(try read(line, attributes: "viewBox=\"0 0 109 50\"").side == 109)
    #expect(try read(line, attributes: "width=\"20mm\" height='30mm'").side == 30)
    #expect(try read(line, attributes: "width=\"100%\" height='100%'").side == nil)
    #expect(try read(line).side == nil)
  }

  @Test func declarationsOfAttributesArePassedOver() throws {
    let head =
      "<!DOCTYPE svg PUBLIC \"a\" \"b\" [\n<!ATTLIST g\nkvg:x CDATA #FIXED \"y>\" ><!-- ] -->\n<!ELEMENT g ANY>]>"
    let body = "<svg><path d='M0 0h1'/></svg>"
    func read(_ text: String) throws -> SVGFile { try SVGFile(DataBytes(Array(text.utf8), path: "x.svg")) }
    #expect(try read(head.replacing("y>", with: "y") + body).strokes.strokes.count == 1)
    for other in ["<!ENTITY a \"b\">", "%a;", "<!ATTLIST", ""] {
      #expect(throws: DataError.self) { try read("<!DOCTYPE svg [\(other)" + body) }
    }
    let entity = #expect(throws: DataError.self) { try read("<!DOCTYPE svg [<!ENTITY a \"b\">]>" + body) }
    #expect("\(try #require(entity))".contains("the entity \"a\""))
  }

  /// What is damaged is named with its place.
  @Test(arguments: [
    ("<path d='L1 1'/>", "m or M"), ("<path d='M1'/>", "a number"), ("<path d='M1 1x'/>", "a command"),
    ("<path d='M0 0A1 1 0 2 0 1 1'/>", "0 or 1"), ("<path d='M1e400 0'/>", "a number within"),
    ("<path d='M0 0z5'/>", "a command"), ("<path d='M0 0L NaN 1'/>", "a number"),
    ("<polyline points='1 2 3'/>", "pairs"), ("<circle r='x'/>", "a number for \"r\""),
    ("<g transform='turn(3)'/>", "a transformation"), ("<text>a</text>", "a stroke"),
    ("<path d=''/>", "a stroke"),
    ("<g transform='scale(1e9)'><path d='M1e9 0h1'/></g>", "coordinates within"),
  ])
  func damageIsNamed(_ body: String, _ expected: String) throws {
    let error = #expect(throws: DataError.self) { try read(body) }
    let text = "\(try #require(error))"
    #expect(text.contains("x.svg: line 1") && text.contains(expected), "\(text)")
  }

  @Test func withstandsDamage() throws {
    let body =
      "<svg viewBox='0 0 9 9'><g transform='rotate(30 2 3)'><path d='M1 2c3 4 5-6 7 8a1 2 30 01 4 4zq1 1 2 2t3 3'/></g><circle cx='1' r='2'/></svg>"
    try checkStructure(damagedNumerals(Array(body.utf8)), naming: "x.svg") {
      _ = try SVGFile(DataBytes($0, path: "x.svg"))
    }
    for cut in body.utf8.indices {
      try checkStructure([Array(body.utf8[..<cut])], naming: "x.svg") {
        _ = try SVGFile(DataBytes($0, path: "x.svg"))
      }
    }
  }

  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)")) func kanji() throws {
    let folder = try #require(sharedData) + "/strokes/kanjivg-svg"
    let table = try DelimitedFile(DataBytes(DataSource(folder + "/index.csv")))
    var count = 0
    for index in 0..<table.count {
      let row = try table.record(index)
      guard let strokes = Int(row[2]) else { continue }
      let file = try SVGFile(DataBytes(DataSource(folder + "/" + row[0])))
      #expect(file.strokes.strokes.count == strokes && file.side == 109, "\(row[0])")
      let (low, high) = file.strokes.bounds
      #expect(low.x > 0 && low.y > 0 && high.x < 109 && high.y < 109)
      count += 1
    }
    #expect(count == 20)
  }
}
