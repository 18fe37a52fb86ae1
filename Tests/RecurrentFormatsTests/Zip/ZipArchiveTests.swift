import RecurrentTestSupport
import Testing

@testable import RecurrentFormats

/// Zip files and what they are made of: checksums and deflate.
@Suite struct ZipArchiveTests {
  @Test func checksum() {
    // the check value of the standard
    #expect(Array("123456789".utf8).withUnsafeBytes { CRC32.of($0) } == 0xCBF4_3926)
    var pieces = CRC32()
    for byte in "123456789".utf8 { [byte].withUnsafeBytes { pieces.update($0) } }
    #expect(pieces.value == 0xCBF4_3926)
    #expect([UInt8]().withUnsafeBytes { CRC32.of($0) } == 0)
  }

  private func inflate(_ bytes: [UInt8], count: Int) throws -> [UInt8] {
    try bytes.withUnsafeBytes { (bytes) throws(FormatError) in
      try Inflate.decompress(bytes, count: count, path: "f", base: 0)
    }
  }

  @Test func storedBlock() throws {
    #expect(try inflate([1, 3, 0, 0xFC, 0xFF, 7, 8, 9], count: 3) == [7, 8, 9])
    #expect(throws: FormatError.self) { try inflate([1, 3, 0, 0xFC, 0xFE, 7, 8, 9], count: 3) }
    #expect(throws: FormatError.self) { try inflate([1, 3, 0, 0xFC, 0xFF, 7, 8], count: 3) }
  }

  @Test func fixedCodes() throws {
    // zlib.compress(b"aaaaaaaaaa", wbits=-15): a literal and a copy that overlaps itself
    #expect(try inflate([0x4B, 0x84, 0x03, 0x00], count: 10) == Array("aaaaaaaaaa".utf8))
    #expect(throws: FormatError.self) { try inflate([0x4B, 0x84, 0x03, 0x00], count: 9) }
    #expect(throws: FormatError.self) { try inflate([0x4B, 0x84, 0x03, 0x00], count: 11) }
    #expect(throws: FormatError.self) { try inflate([0x4B, 0x84], count: 10) }
    // kind 3 does not exist
    #expect(throws: FormatError.self) { try inflate([0x07], count: 1) }
  }

  @Test func aSizeBeyondTheInputIsRefusedBeforeMemoryIsTaken() throws {
    var bytes = try fixture("arrays_compressed.npz")
    // the uncompressed size in the first entry of the directory, which ends 24 bytes behind its signature
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    for index in 0..<4 { bytes[place + 24 + index] = [0xFE, 0xFF, 0xFF, 0xFF][index] }
    let error = #expect(throws: FormatError.self) { try NPZFile(bytes: bytes) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("a size that"))
  }

  @Test func aWrongChecksumIsNoticed() throws {
    var bytes = try fixture("arrays.npz")
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    bytes[place + 16] ^= 1
    let file = try NPZFile(bytes: bytes)
    #expect(throws: FormatError.self) { try file.array(named: file.names[0]) }
    #expect(throws: Never.self) { try file.array(named: file.names[1]) }
  }
}
