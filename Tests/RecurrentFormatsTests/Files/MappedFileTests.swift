import RecurrentFormats
import RecurrentTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct MappedFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test(arguments: [0, 1, 4096, 4097])
  func mapsWholeFile(_ size: Int) throws {
    let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let file = try MappedFile(path: folder.file("in.bin", content))
    #expect(file.count == size)
    #expect(file.withBytes { Array($0) } == content)
  }

  @Test func survivesReplacement() throws {
    let path = try folder.file("in.bin", [1, 2, 3])
    let file = try MappedFile(path: path)
    try AtomicFile.write([4], to: path)
    #expect(file.withBytes { Array($0) } == [1, 2, 3])
  }

  @Test func refusesWhatIsNoRegularFile() throws {
    let missing = folder.path + "/no"
    #expect(throws: FormatError.cannotRead(path: missing, cause: .notFound)) { try MappedFile(path: missing) }
    #expect(throws: FormatError.cannotRead(path: folder.path, cause: .isFolder)) {
      try MappedFile(path: folder.path)
    }
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: FormatError.cannotRead(path: pipe, cause: .notARegularFile)) {
      try MappedFile(path: pipe)
    }
  }
}
