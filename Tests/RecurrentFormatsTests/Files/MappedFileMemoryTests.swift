#if os(Linux)
import Foundation
import RecurrentFormats
import RecurrentTestSupport
import Testing

@Suite struct MappedFileMemoryTests {
  /// The memory of the mapping that holds an address, in kB, as the system counts it.
  private func residentSize(of base: UnsafeRawPointer) throws -> Int {
    let address = UInt(bitPattern: base)
    var isOwn = false
    // the system says that such a file is empty, so that it is to be read to its end
    let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
    let smaps = try file.readToEnd() ?? Data()
    for line in String(decoding: smaps, as: UTF8.self).split(separator: "\n") {
      if let range = line.firstMatch(of: #/^([0-9a-f]+)-([0-9a-f]+) /#),
        let lower = UInt(range.1, radix: 16), let upper = UInt(range.2, radix: 16)
      {
        isOwn = lower <= address && address < upper
      } else if isOwn, let size = line.firstMatch(of: #/^Rss: +(\d+) kB/#) {
        return try #require(Int(size.1))
      }
    }
    Issue.record("the mapping is not listed")
    return 0
  }

  @Test func memoryIsGivenBackAndBytesStay() throws {
    let content = (0..<4 << 20).map { UInt8(truncatingIfNeeded: $0 >> 12) }
    let folder = try ScratchFolder()
    let file = try MappedFile(path: folder.file("large.bin", content))
    try file.withBytes { bytes in
      let base = try #require(bytes.baseAddress)
      let sum = bytes.reduce(0) { $0 + Int($1) }
      #expect(try residentSize(of: base) >= 4096)
      file.releaseMemory()
      #expect(try residentSize(of: base) < 1024)
      #expect(bytes.reduce(0) { $0 + Int($1) } == sum)
      for _ in 0..<15 { file.didRead(512 << 10) }
      #expect(try residentSize(of: base) >= 4096)
      file.didRead(512 << 10)
      #expect(try residentSize(of: base) < 1024)
    }
  }
}
#endif
