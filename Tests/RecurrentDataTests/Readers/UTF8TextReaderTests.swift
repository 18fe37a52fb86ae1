import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct UTF8TextReaderTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func text(_ paths: [String], chunkSize: Int = 1 << 20) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try UTF8TextReader(paths.map { DataSource($0) }, chunkSize: chunkSize).forEachChunk { chunk in
      #expect(String(validating: chunk, as: UTF8.self) != nil)
      bytes.append(contentsOf: chunk)
    }
    return bytes
  }

  /// Scalars of one to four bytes, a NUL, CRLF and combining marks, cut at every possible place.
  @Test(arguments: 1...12)
  func chunkBordersDoNotShow(_ chunkSize: Int) throws {
    let content = "a\r\n\0é€😀e\u{301}\u{FEFF}\u{10FFFF}z"
    let path = try folder.file("in.txt", Array(content.utf8))
    #expect(try text([path], chunkSize: chunkSize) == Array(content.utf8))
    #expect(try text([path, path], chunkSize: chunkSize) == Array((content + content).utf8))
  }

  @Test(arguments: [1, 2, 3, 4, 100])
  func leavesOutTheMarkOfEachFile(_ chunkSize: Int) throws {
    let path = try folder.file("in.txt", Array("\u{FEFF}a\u{FEFF}".utf8))
    #expect(try text([path, path], chunkSize: chunkSize) == Array("a\u{FEFF}a\u{FEFF}".utf8))
    let mark = try folder.file("mark.txt", Array("\u{FEFF}".utf8))
    #expect(try text([mark], chunkSize: chunkSize) == [])
  }

  /// Malformed sequences after `prefix` valid bytes: the error names where the sequence begins.
  @Test(
    arguments: [
      [0x80], [0xC0, 0xAF], [0xC1, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80], [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xE2, 0x41],
    ] as [[UInt8]])
  func namesTheInvalidByte(_ sequence: [UInt8]) throws {
    for prefix in 0...9 {
      let content = [UInt8](repeating: 0x61, count: prefix) + sequence
      let path = try folder.file("in.txt", content)
      for chunkSize in [1, 2, 3, 4, 7, 100] {
        #expect(throws: DataError.invalidUTF8(path: path, byteOffset: prefix, byte: sequence[0])) {
          try text([path], chunkSize: chunkSize)
        }
      }
    }
  }

  @Test func refusesWhatCannotBeRead() throws {
    let missing = folder.path + "/no.txt"
    #expect(throws: DataError.notFound(path: missing)) { try text([missing]) }
    #expect(throws: DataError.isFolder(path: folder.path)) { try text([folder.path]) }
    let empty = try folder.file("empty.txt", [])
    #expect(throws: DataError.empty(path: empty)) { try text([empty]) }
    #expect(throws: DataError.notARegularFile(path: "/dev/null")) { try text(["/dev/null"]) }
    let below = try folder.file("plain.txt", [0x61]) + "/x"
    let error = #expect(throws: DataError.self) { try text([below]) }
    guard case .unreadable(below, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func textsInMemoryAreReadAsTheyAre() throws {
    var bytes: [UInt8] = []
    try UTF8TextReader(texts: ["", "\u{FEFF}a", "b"]).forEachChunk { bytes.append(contentsOf: $0) }
    #expect(bytes == Array("\u{FEFF}ab".utf8))
  }
}
