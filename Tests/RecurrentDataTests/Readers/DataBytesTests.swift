import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct DataBytesTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func seesFilesPlainAndCompressed() throws {
    let fixture = try FixtureFile("binary_files")
    let text = try fixture.bytes("gzip/text")
    for name in ["text", "plain", "members", "fields"] {
      let file = try DataBytes(DataSource(folder.file(name, fixture.bytes("gzip/\(name)"))))
      #expect(file.count == text.count)
      #expect(file.withBytes { Array($0) } == text)
    }
  }

  @Test func refusesWhatIsNotThere() throws {
    let empty = try folder.file("empty", [])
    #expect(throws: DataError.empty(path: empty)) { try DataBytes(DataSource(empty)) }
    // a member that stands for nothing
    let nothing = try folder.file(
      "nothing.gz", [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(throws: DataError.empty(path: nothing)) { try DataBytes(DataSource(nothing)) }
    #expect(throws: FormatError.self) { try DataBytes(DataSource(folder.path + "/none")) }
    #expect(throws: FormatError.self) { try DataBytes(DataSource(folder.path)) }
    let cut = try folder.file("cut.gz", Array(FixtureFile("binary_files").bytes("gzip/plain").dropLast()))
    #expect(throws: FormatError.self) { try DataBytes(DataSource(cut)) }
  }

  @Test func linesEndAsEverySystemEndsThem() throws {
    #expect(try DataBytes(Array("\u{FEFF}a\r\nb\n\nä\r".utf8)).lines() == ["a", "b", "", "ä"])
    #expect(try DataBytes(Array("a\rb\n".utf8)).lines() == ["a\rb", ""])
    let filled = try DataBytes(Array("a\n \t\n\nb\r\n".utf8)).filledLines()
    #expect(filled.map(\.line) == [1, 4] && filled.map(\.text) == ["a", "b"])
    #expect(throws: DataError.invalidUTF8(path: "f", byteOffset: 2, byte: 0xC3)) {
      try DataBytes([0x61, 0x0A, 0xC3], path: "f").lines()
    }
  }
}
