import Foundation
import RecurrentFormats
import RecurrentTestSupport
import Testing

/// Files of MATLAB as SciPy writes them, and withstanding damage.
@Suite struct MATFileTests {
  static func files() throws -> [[UInt8]] {
    struct Matrices: Decodable { let matrices: [String] }
    return try JSONDecoder().decode(Matrices.self, from: Data(fixture("music.json"))).matrices.map { digits in
      let digits = Array(digits.utf8)
      return stride(from: 0, to: digits.count, by: 2).map {
        UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
      }
    }
  }

  @Test func readsWhatSciPyWrote() throws {
    let files = try Self.files()
    let (plain, compressed) = (try MATFile(bytes: files[0]), try MATFile(bytes: files[1]))
    #expect(plain == compressed && files[0] != files[1])
    #expect(plain.variables.map(\.name) == ["traindata", "validdata", "testdata", "note"])
    #expect(plain.variables[3].value == .text("kept out"))
    guard case .cells(let shape, let cells) = plain.variables[0].value else { throw CheckFailure("no cells") }
    #expect(shape == [1, 2] && cells.count == 2)
    guard case .numbers(let extents, let values) = cells[0] else { throw CheckFailure("no numbers") }
    #expect(extents == [3, 88] && values.reduce(0, +) == 5)
    // column by column: key 60 at the first of three steps
    #expect(values[(60 - 21) * 3] == 1 && values[(59 - 21) * 3 + 2] == 1 && values[(60 - 21) * 3 + 1] == 0)
  }

  @Test func othersAreRefused() throws {
    var bytes = try Self.files()[0]
    #expect(throws: FormatError.self) { try MATFile(bytes: Array("MATLAB 7.3 MAT-file".utf8)) }
    bytes[126] = UInt8(ascii: "M")
    bytes[127] = UInt8(ascii: "I")
    #expect(throws: FormatError.self) { try MATFile(bytes: bytes) }
  }

  @Test(arguments: [0, 1]) func withstandsDamage(_ index: Int) throws {
    let bytes = try Self.files()[index]
    try checkFormat(bytes, rounds: 1500, isCutNoticed: false) { (bytes) throws(FormatError) in
      _ = try MATFile(bytes: bytes).variables.count
    }
    try checkStructure(damagedNumbers(Array(bytes.prefix(700)), most: 4000), naming: "x.mat") {
      _ = try MATFile(bytes: $0, path: "x.mat")
    }
  }

  /// Cells within cells and numbers that stand for many must not exhaust the stack or the memory.
  @Test func deepCellsAreRefused() throws {
    var cell: [UInt8] = Archives.little(14, 4) + Archives.little(0, 4)
    for _ in 0..<2000 {
      let flags = Archives.little(6, 4) + Archives.little(8, 4) + [1, 0, 0, 0, 0, 0, 0, 0]
      let extents =
        Archives.little(5, 4) + Archives.little(8, 4) + Archives.little(1, 4) + Archives.little(1, 4)
      let own = flags + extents + Archives.little(1, 4) + Archives.little(0, 4) + cell
      cell = Archives.little(14, 4) + Archives.little(own.count, 4) + own
    }
    let head = Array(try Self.files()[0].prefix(128))
    #expect(throws: FormatError.self) { try MATFile(bytes: head + cell) }
  }
}
