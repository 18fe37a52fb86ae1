import RecurrentData
import RecurrentFormats
import RecurrentTestSupport
import Testing

@Suite struct RecordContentTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func readsFilesByWhatTheyBeginWith() throws {
    let wave = try folder.file("a.dat", FixtureFile("sounds").bytes("pcm_16_1/file"))
    guard case .sound(let sound) = try Record.Content(reading: DataSource(wave)) else {
      throw CheckFailure("no sound")
    }
    #expect(sound.count == 20)
    let gif = try folder.file("b.dat", FixtureFile("pictures").bytes("one_colour/file"))
    guard case .pictures(let pictures) = try Record.Content(reading: DataSource(gif)) else {
      throw CheckFailure("no pictures")
    }
    #expect(pictures.frames.count == 1)
    let text = try folder.file("c.dat", Array("\u{FEFF}ä b\n".utf8))
    guard case .text("ä b\n") = try Record.Content(reading: DataSource(text)) else {
      throw CheckFailure("no text")
    }
    let zipped = try folder.file("d.csv.gz", FixtureFile("binary_files").bytes("gzip/plain"))
    guard case .series(let table) = try Record.Content(reading: DataSource(zipped)) else {
      throw CheckFailure("no series")
    }
    #expect(table.channelCount == 2 && table.stepCount == 400)
  }

  @Test func readsColumnsOfNumbers() throws {
    let path = try folder.file("t.csv", Array("time,name,x\n0,a,1\n1,b,\n".utf8))
    guard case .series(let series) = try Record.Content(reading: DataSource(path)) else {
      throw CheckFailure("no series")
    }
    #expect(series.channels == ["time", "x"])
    #expect(series.values.map { $0.isNaN ? -99 : $0 } == [0, 1, 1, -99])
    #expect(throws: DataError.self) {
      try Record.Content(reading: DataSource(folder.file("u.csv", Array("a,b\nc,d\n".utf8))))
    }
  }

  @Test(arguments: [
    ([4], 1, true), ([2, 2], 2, true), ([0, 3], 0, false), ([2, 0], 0, false), ([1, 2, 2], 0, false),
  ])
  func readsArrays(_ shape: [Int], _ width: Int, _ isRead: Bool) throws {
    let path = folder.path + "/x.npy"
    let count = shape.reduce(1, *)
    try NPYWriter.write(ArrayEntry(name: "x", shape: shape, floats: (0..<count).map { Float($0) }), to: path)
    guard isRead else {
      #expect(throws: DataError.self) { try Record.Content(reading: DataSource(path)) }
      return
    }
    guard case .series(let series) = try Record.Content(reading: DataSource(path)) else {
      throw CheckFailure("no series")
    }
    #expect(series.channelCount == width && series.values == [0, 1, 2, 3])
  }

  @Test func refusesOtherFiles() throws {
    let path = try folder.file("x.bin", [0x41, 0xFF])
    let error = #expect(throws: DataError.self) { try Record.Content(reading: DataSource(path)) }
    #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("\(path): byte 1: expected a sequence"))
  }
}
