import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Drawings from all that they are kept in.
@Suite struct DrawingsTests {
  private func lines(_ text: String) throws -> RecordSource {
    try RecordSource.drawings([DataSource(bytes: Array(text.utf8), name: "x.ndjson")])
  }

  private func strokes(_ records: RecordSource, _ index: Int = 0) throws -> StrokeSequence {
    guard case .strokes(let strokes) = try records.record(index).content else {
      throw CheckFailure("no strokes")
    }
    return strokes
  }

  private func points(_ strokes: StrokeSequence) -> [[[Float]]] {
    strokes.strokes.map { $0.map { [$0.x, $0.y] } }
  }

  @Test func simplifiedLinesAreAsTheyAre() throws {
    let records = try lines(
      """
      {"word":"cat","drawing":[[[1,3],[2,4]],[[5],[6]]]}
      {"drawing":[[[1,3,9],[2,4,4]]],"split":"test"}
      {"word":"dot","drawing":[[[7],[7]]]}
      """)
    #expect(records.count == 2 && records.label(0) == "cat" && records.label(1) == nil)
    #expect(records.part(1) == .test && records.name(1) == "x.ndjson:2")
    #expect(points(try strokes(records)) == [[[1, 2], [3, 4]], [[5, 6]]])
    #expect(
      records.notes.contains { $0.text.contains("2 drawings in x.ndjson, of 1.5 strokes and 3.0 points") })
    #expect(records.notes.contains { $0.kind == .warning && $0.text.contains("x.ndjson:3") })
  }

  /// Lines with times are as they came from the screen: they become as small as the others.
  @Test func rawLinesAreSimplified() throws {
    let x = (0...100).map { "\(500 + 10 * $0)" }.joined(separator: ",")
    let y = (0...100).map { _ in "80" }.joined(separator: ",")
    let records = try lines("{\"drawing\":[[[\(x)],[\(y)],[\(x)]],[[500,500],[80,330],[0,1]]]}")
    #expect(points(try strokes(records)) == [[[0, 0], [255, 0]], [[0, 0], [0, 63.75]]])
    #expect(records.notes.contains { $0.text.contains("simplified") })
    // so small that no factor makes it large
    let tiny = try strokes(lines("{\"drawing\":[[[0,1e-40],[0,0],[0,1]]]}"))
    #expect(tiny.strokes.joined().allSatisfy { $0.x.isFinite && $0.y.isFinite })
    // points, y upward
    let upward = try lines("{\"strokes\":[[[0,0],[2,1]]]}")
    #expect(points(try strokes(upward)) == [[[0, 0], [2, -1]]])
  }

  @Test(arguments: [
    ("{\"drawing\":[]}", "at least one stroke"), ("{\"drawing\":[[[],[]]]}", "at least one point"),
    ("{\"drawing\":[[[1],[1]]]}", "x.ndjson:1: expected a drawing of at least two points"),
    ("{\"drawing\":[[[1,NaN],[1,2]]]}", "NaN"),
    ("{\"drawing\":[[[1,1e30],[1,2]]]}", "within"), ("{\"drawing\":[[[1,2],[1]]]}", "as many y"),
    ("{\"drawing\":3}", "\"strokes\" or \"drawing\""), ("{\"word\":\"cat\"}", "\"strokes\" or \"drawing\""),
    ("cat", "object of JSON"), ("<a/>", "\"svg\""), ("", "empty"),
    ("{\"drawing\":[[[1,2],[1,2]]],\"split\":\"often\"}", "train, valid or test"),
  ])
  func badLinesAreNamed(_ text: String, _ expected: String) throws {
    let error = #expect(throws: DataError.self) { try lines(text) }
    let found = "\(try #require(error))"
    #expect(found.contains("x.ndjson") && found.contains(expected), "\(found)")
  }

  @Test func archivesHaveParts() throws {
    let bytes = PickledArrays.archive([
      ("train", [([3, 3], [0, 0, 0, 3, 4, 1, 1, -1, 1]), ([1, 3], [5, 5, 1])]),
      ("test", [([2, 3], [1, 1, 0, 2, 2, 0])]),
    ])
    let records = try RecordSource.drawings([DataSource(bytes: bytes, name: "x.npz")])
    #expect(records.count == 2 && records.part(0) == .training && records.part(1) == .test)
    #expect(points(try strokes(records)) == [[[0, 0], [3, 4]], [[4, 3]]])
    #expect(points(try strokes(records, 1)) == [[[1, 1], [3, 3]]])
    let made = try RecordSource.drawings([DataSource(bytes: try fixture("drawings.npz"), name: "y.npz")])
    #expect(made.count == 4 && made.part(3) == .validation)
    #expect(points(try strokes(made, 2)) == [[[0.5, 0.25], [-1, 2.25]]])
  }

  @Test(arguments: [
    ([2, 2], [1, 1, 0, 0], "[points, 3]"), ([0, 3], [], "at least one point"),
    ([1, 3], [1, 1, 2], "0 or 1"),
  ])
  func badArraysAreNamed(_ shape: [Int], _ numbers: [Int], _ expected: String) throws {
    let bytes = PickledArrays.archive([("train", [(shape, numbers)])])
    let error = #expect(throws: (any Error).self) {
      try RecordSource.drawings([DataSource(bytes: bytes, name: "x.npz")])
    }
    let found = "\(try #require(error))"
    #expect(found.contains("x.npz") && found.contains(expected), "\(found)")
  }

  /// What a file says it is by its name is what it is refused as.
  @Test(arguments: [
    ("x.svg", "not a drawing", "an element"), ("x.inkml", "not ink", "an element"),
    ("x.npz", "no zip", "zip"),
    ("x.ndjson", "no line", "an object of JSON"),
  ])
  func otherContentIsNamed(_ name: String, _ text: String, _ expected: String) throws {
    let error = #expect(throws: (any Error).self) {
      try RecordSource.drawings([DataSource(bytes: Array(text.utf8), name: name)])
    }
    let found = "\(try #require(error))"
    #expect(found.contains(name) && found.contains(expected), "\(found)")
  }

  @Test func foldersSayWhatIsDrawn() throws {
    let folder = try ScratchFolder()
    func file(_ name: String, _ text: String) throws {
      let place = URL(filePath: folder.path + "/" + name)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: place)
    }
    try file("train/cat/a.svg", "<svg viewBox='0 0 10 10'><path d='M0 0L10 0L10 10'/></svg>")
    try file("train/dog/b.svg", "<svg><path d='M0 0L4 4'/></svg>")
    try file("test/cat/c.ndjson", "{\"drawing\":[[[0,9],[0,9]]]}")
    try file("test/cat/notes.txt", "nothing")
    try file("test/cat/d.inkml", "<ink><trace>0 0, 0 5</trace></ink>")
    let records = try RecordSource.drawings([DataSource(folder.path)])
    let all = (0..<records.count).map {
      "\(records.label($0) ?? "-") \(records.part($0).map { "\($0)" } ?? "-")"
    }
    #expect(all == ["cat test", "cat test", "cat training", "dog training"])
    // files of pictures have a side of 255
    #expect(points(try strokes(records, 2)) == [[[0, 0], [255, 0], [255, 255]]])
    #expect(points(try strokes(records, 0)) == [[[0, 0], [9, 9]]])
    let empty = try ScratchFolder()
    #expect(throws: DataError.self) { try RecordSource.drawings([DataSource(empty.path)]) }
  }

  /// What is written is read back, to the half of a unit.
  @Test func linesRoundTrip() throws {
    let drawing = StrokeSequence(
      [[.init(3.2, 4), .init(10, -2.4)], [.init(5, 5), .init(6, 7), .init(6, 8)]], isUpward: false)
    let line = drawing.line(word: "a \"b\"\n\\")
    let records = try lines(line)
    #expect(records.label(0) == "a \"b\"\n\\")
    #expect(points(try strokes(records)) == [[[0, 6], [7, 0]], [[2, 7], [3, 9], [3, 10]]])
    #expect(drawing.line().hasPrefix("{\"drawing\""))
    // what no whole number holds is none
    let odd = StrokeSequence([[.init(.nan, 0), .init(1, 1e30)]], isUpward: false)
    #expect(odd.line() == "{\"drawing\":[[[0,0],[0,0]]]}")
  }

  /// A drawing that is gone on with comes in the units of the model.
  @Test func begunDrawingsFitTheirPaper() throws {
    let folder = try ScratchFolder()
    let path = try folder.file(
      "a.svg", Array("<svg viewBox='0 0 50 100'><path d='M10 10L20 10L30 10.1L50 50'/></svg>".utf8))
    let begun = try BegunDrawing(DataSource(path))
    #expect(begun.side == 100)
    let moved = points(begun.strokes(onSide: 300)).map { $0.map { $0.map { $0.rounded() } } }
    #expect(moved == [[[30, 30], [90, 30], [150, 150]]])
    let bytes = try DataBytes(DataSource(path)).withBytes { Array($0) }
    #expect(try BegunDrawing(DataSource(bytes: bytes, name: "<stdin>")) == begun)
    // ink has no paper: it is as small as that of a training
    let ink = try BegunDrawing(
      DataSource(bytes: Array("<ink><trace>0 0, 0 510</trace></ink>".utf8), name: "c.inkml"))
    #expect(ink.side == nil && points(ink.strokes) == [[[0, 0], [0, 255]]])
    let line = try folder.file("b.ndjson", Array("{\"drawing\":[[[1,2],[3,4]]]}".utf8))
    #expect(points(try BegunDrawing(DataSource(line)).strokes(onSide: 300)) == [[[1, 3], [2, 4]]])
  }

  @Test func linesAreThinned() {
    typealias Point = StrokeSequence.Point
    let corner = [Point(0, 0), Point(5, 0.5), Point(10, 0), Point(10, 10)]
    func thinned(_ points: [Point], within tolerance: Float) -> [Point] {
      StrokeSequence([points], isUpward: false).thinned(within: tolerance).strokes[0]
    }
    #expect(thinned(corner, within: 1) == [Point(0, 0), Point(10, 0), Point(10, 10)])
    #expect(thinned(corner, within: 0.1) == corner)
    // there and back again
    let back = [Point(0, 0), Point(10, 0), Point(0, 0)]
    #expect(thinned(back, within: 1) == back)
    // a stroke that is longer than any screen stays small
    let long = StrokeSequence([(0..<4000).map { Point(Float($0 % 2) * 1e6, Float($0)) }], isUpward: false)
    #expect(long.simplified.pointCount <= 10_001)
    // one of more points than can be compared with each other still has its corners
    let many = (0...60_000).map { Point(Float(min($0, 30_000)), Float(max($0 - 30_000, 0))) }
    let few = thinned(many, within: 100)
    #expect(few.count == 3 && few[0] == many[0] && few[2] == many[60_000])
    #expect(abs(few[1].x - 30_000) < 20 && abs(few[1].y) < 20)
  }

  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)")) func bothFormsOfKanjiAreTheSame() throws {
    let folder = try #require(sharedData) + "/strokes"
    let archive = try RecordSource.drawings([DataSource(folder + "/kanji-npz/short_kanji.npz")])
    let test = (0..<archive.count).filter { archive.part($0) == .test }
    let lines = try RecordSource.drawings([DataSource(folder + "/kanji/test.ndjson")])
    #expect(test.count == 500 && lines.count == 500)
    for (index, number) in test.enumerated() {
      let own = try strokes(archive, number)
      let other = try strokes(lines, index)
      #expect(own.moved(from: own.bounds.low, times: 1) == other.moved(from: other.bounds.low, times: 1))
    }
  }

  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)")) func rawDrawingsBecomeThePublishedOnes() throws
  {
    let folder = try #require(sharedData) + "/strokes/quickdraw"
    let raw = try RecordSource.drawings([DataSource(folder + "/raw/cat.ndjson")])
    let known = try RecordSource.drawings(["/train.ndjson", "/valid.ndjson"].map { DataSource(folder + $0) })
    let cats = (0..<known.count).filter { known.label($0) == "cat" }
    #expect(raw.count == 20 && cats.count == 20)
    let simplified = try (0..<raw.count).map { try strokes(raw, $0) }
    var near = 0
    for index in cats {
      let own = try strokes(known, index)
      // one of the raw ones has the same strokes with nearly the same points
      if simplified.contains(where: { other in
        other.strokes.count == own.strokes.count
          && abs(other.pointCount - own.pointCount) <= own.pointCount / 5
          && zip(other.strokes, own.strokes).allSatisfy {
            abs(($0[0].x - $1[0].x)) < 2 && abs($0[0].y - $1[0].y) < 2
          }
      }) {
        near += 1
      }
    }
    #expect(near >= 18, "\(near)")
  }
}
