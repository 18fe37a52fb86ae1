import RecurrentTestSupport
import Testing

@testable import RecurrentFormats

@Suite struct GzipTests {
  private func decompress(_ bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    try bytes.withUnsafeBufferPointer { (bytes) throws(FormatError) in
      try Gzip.decompress(UnsafeRawBufferPointer(bytes), path: "f")
    }
  }

  @Test(arguments: ["plain", "stored", "members", "fields"])
  func readsWhatGzipWrote(_ name: String) throws {
    let fixture = try FixtureFile("binary_files")
    let bytes = try fixture.bytes("gzip/\(name)")
    #expect(bytes.withUnsafeBytes { Gzip.recognizes($0) })
    #expect(try decompress(bytes) == fixture.bytes("gzip/text"))
  }

  @Test func recognizesNothingElse() {
    for bytes in [[], [0x1F], [0x1F, 0x8C], [0x50, 0x4B, 3, 4]] as [[UInt8]] {
      #expect(!bytes.withUnsafeBytes { Gzip.recognizes($0) })
    }
  }

  @Test func noticesWhatIsWrong() throws {
    let bytes = try FixtureFile("binary_files").bytes("gzip/plain")
    for (place, part) in [(2, "deflated"), (bytes.count - 8, "checksum"), (bytes.count - 1, "bytes in it")] {
      var damaged = bytes
      damaged[place] ^= 1
      let error = #expect(throws: FormatError.self) { try decompress(damaged) }
      #expect("\(error.map { "\($0)" } ?? "")".contains(part))
    }
    // what follows a member and is none
    #expect(throws: FormatError.self) { try decompress(bytes + [1]) }
  }

  @Test(arguments: ["plain", "stored", "fields"])
  func withstandsDamage(_ name: String) throws {
    try checkFormat(FixtureFile("binary_files").bytes("gzip/\(name)"), rounds: 500) {
      (bytes) throws(FormatError) in _ = try decompress(bytes)
    }
  }
}
