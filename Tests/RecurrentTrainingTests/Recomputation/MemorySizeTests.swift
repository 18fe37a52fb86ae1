import RecurrentTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct MemorySizeTests {
  @Test(arguments: [
    ("512MB", 512_000_000), ("512mb", 512_000_000), ("2GB", 2_000_000_000), ("1GiB", 1 << 30),
    ("1.5 GiB", 3 << 29), ("64MiB", 64 << 20), ("1kB", 1000), ("3KiB", 3072), ("7B", 7),
    ("1TB", 1_000_000_000_000),
  ])
  func reads(_ text: String, _ bytes: Int) throws {
    let size = try MemorySize(text)
    #expect(size.bytes == bytes)
    #expect(try MemorySize(size.description) == size)
    #expect(try JSONDecoder().decode([MemorySize].self, from: JSONEncoder().encode([size])) == [size])
  }

  @Test(arguments: [
    "", "512", "MB", "-1GB", "0MB", "1.GB", ".5GB", "1e9B", "1 000MB", "1GBs", "nanGB", "0.1B", "99999999TiB",
    "1,5GB",
    "٣MB",
  ])
  func refuses(_ text: String) {
    #expect(throws: InvalidMemorySize(text: text)) { _ = try MemorySize(text) }
    #expect(InvalidMemorySize(text: text).description.contains("512MB, 2GB or 1GiB"))
  }

  @Test func describes() {
    #expect(MemorySize.megabytes(512).description == "512MB")
    #expect(MemorySize(bytes: 1 << 30).description == "1GiB")
    #expect(MemorySize(bytes: 1_234_567).description == "1234567B")
    #expect(MemorySize(bytes: 1_234_567).roundedUp.description == "2MB")
  }
}
