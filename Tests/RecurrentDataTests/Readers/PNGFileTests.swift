import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct PNGFileTests {
  private static func read(_ bytes: [UInt8]) throws -> FrameSequence {
    let content = try Record.Content(reading: DataSource(bytes: bytes, name: "x.png"))
    guard case .pictures(let pictures) = content else { throw CheckFailure("no pictures") }
    return pictures
  }

  @Test func allKindsAndDepths() throws {
    let fixture = try FixtureFile("png")
    #expect(fixture.cases.count == 15)
    for name in fixture.cases.keys {
      let own = try Self.read(fixture.bytes(name + "/file"))
      #expect(own.width == 7 && own.height == 6 && own.durations == [1])
      #expect(own.frames == [try fixture.bytes(name + "/colours")], "\(name)")
    }
  }

  /// Cut anywhere, or with a byte changed: an error or a picture, and never more.
  @Test func damage() throws {
    let bytes = try FixtureFile("png").bytes("kind3_depth4/file")
    for count in 0..<bytes.count - 12 where count != 0 {
      #expect(throws: (any Error).self, "\(count)") { try Self.read(Array(bytes.prefix(count))) }
    }
    for place in 8..<bytes.count {
      var changed = bytes
      changed[place] ^= 0xFF
      _ = try? Self.read(changed)
    }
    var large = bytes
    large.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    #expect(throws: DataError.self) { try Self.read(large) }
    var interlaced = bytes
    interlaced[28] = 1
    let error = #expect(throws: DataError.self) { try Self.read(interlaced) }
    #expect(error.map { "\($0)" }?.contains("not interlaced") ?? false)
    // numbers of a palette that is not there, and another kind of file
    let palette = try #require(
      (8..<bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == Array("PLTE".utf8) })
    var bare = bytes
    bare[palette] = UInt8(ascii: "x")
    for (own, message) in [
      (bare, "expected a palette"), (Array("GIF89a".utf8), "expected a picture of PNG"),
    ] {
      let error = #expect(throws: DataError.self) {
        try PNGFile.read(DataBytes(DataSource(bytes: own, name: "x.png")))
      }
      #expect(error.map { "\($0)" }?.contains(message) ?? false, "\(message)")
    }
  }

  @Test func aFolderIsAFilm() throws {
    let (folder, fixture) = (try ScratchFolder(), try FixtureFile("png"))
    for name in ["film", "empty"] {
      try FileManager.default.createDirectory(
        at: URL(filePath: folder.path + "/" + name), withIntermediateDirectories: false)
    }
    let names = ["kind0_depth8", "kind2_depth8", "kind6_depth8"]
    for (index, name) in names.enumerated() {
      // 9 stands before 10
      _ = try folder.file("film/frame-\(index + 8).png", fixture.bytes(name + "/file"))
    }
    let path = folder.path + "/film"
    guard case .pictures(let film) = try Record.Content(reading: DataSource(path)) else {
      throw CheckFailure("no pictures")
    }
    #expect(film.frames == (try names.map { try fixture.bytes($0 + "/colours") }))
    #expect(film.durations == [0.04, 0.04, 0.04])
    // named by a table, and by itself
    let table = try folder.file("captions.csv", Array("file,caption\nfilm,a film\n".utf8))
    let listed = try RecordSource(transcripts: DataSource(table), takesAlternatives: true)
    #expect(listed.count == 1 && listed.transcript(0) == "a film")
    #expect(try listed.record(0).read() == .pictures(film))
    for own in [path, folder.path + "/film/"] {
      let alone = try RecordSource(transcripts: DataSource(own), needsTranscripts: false)
      let read = try alone.record(0).read()
      #expect(alone.count == 1 && read == .pictures(film))
    }
    _ = try folder.file("film/frame-11.png", Self.small)
    let error = #expect(throws: DataError.self) { try Record.Content(reading: DataSource(path)) }
    #expect(error.map { "\($0)" }?.contains("frame-11.png") ?? false)
    _ = try folder.file("empty/x.txt", Array("a".utf8))
    #expect(throws: DataError.self) { try Record.Content(reading: DataSource(folder.path + "/empty")) }
  }

  /// A picture of one grey pixel.
  private static let small: [UInt8] =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [0, 0, 0, 13] + Array("IHDR".utf8)
    + [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0] + [0, 0, 0, 0] + [0, 0, 0, 13] + Array("IDAT".utf8)
    // stored: a block of two bytes, filter 0 and brightness 9
    + [0x78, 0x01, 1, 2, 0, 0xFD, 0xFF, 0, 9, 0, 0, 0, 0] + [0, 0, 0, 0] + [0, 0, 0, 0] + Array("IEND".utf8)
    + [0, 0, 0, 0]
}
