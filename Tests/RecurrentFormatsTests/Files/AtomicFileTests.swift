import RecurrentTestSupport
import Testing

@testable import RecurrentFormats

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct AtomicFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func bytes(at path: String) throws -> [UInt8] { try MappedFile(path: path).withBytes { Array($0) } }

  /// Sizes on both sides of the writer's buffer; small pieces and large ones mixed.
  @Test(arguments: [
    [0], [1], [], [262_144], [262_143, 2], [1, 262_144], [100_000, 100_000, 100_000, 300_000, 1],
  ])
  func writesAllChunks(_ sizes: [Int]) throws {
    var next: UInt8 = 0
    let chunks = sizes.map { size in
      (0..<size).map { _ in
        next = next &* 5 &+ 1
        return next
      }
    }
    let path = try folder.file("out.bin")
    try AtomicFile.write(chunks, to: path)
    #expect(try bytes(at: path) == chunks.flatMap { $0 })
    #expect(try folder.contents() == ["out.bin"])
  }

  @Test func replacesKeepingPermissionsAndLinks() throws {
    let target = try folder.file("real.bin", [1, 2, 3])
    #expect(chmod(target, 0o640) == 0)
    let link = try folder.file("link.bin")
    #expect(symlink(target, link) == 0)
    try AtomicFile.write([9], to: link)
    #expect(try bytes(at: target) == [9])
    var information = stat()
    #expect(lstat(link, &information) == 0 && information.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(target, &information) == 0 && information.st_mode & 0o777 == 0o640)
  }

  @Test func failureInTheBodyLeavesTheOldFileAndNothingElse() throws {
    let path = try folder.file("out.bin", [1, 2, 3])
    let failure = FormatError.duplicateName(path: path, name: "w")
    #expect(throws: failure) {
      try AtomicFile.write(to: path) { (writer) throws(FormatError) in
        try writer.write([UInt8](repeating: 7, count: 1_000_000))
        throw failure
      }
    }
    #expect(try bytes(at: path) == [1, 2, 3])
    #expect(try folder.contents() == ["out.bin"])
  }

  @Test func refusesImpossibleTargets() throws {
    let missing = folder.path + "/no/out.bin"
    #expect(throws: FormatError.cannotWrite(path: missing, cause: .notFound)) {
      try AtomicFile.write([1], to: missing)
    }
    #expect(throws: FormatError.cannotWrite(path: folder.path, cause: .isFolder)) {
      try AtomicFile.write([1], to: folder.path)
    }
    let below = try folder.file("plain", [0]) + "/out.bin"
    #expect(throws: FormatError.cannotWrite(path: below, cause: .notAFolder)) {
      try AtomicFile.write([1], to: below)
    }
    let long = folder.path + "/" + String(repeating: "n", count: 300)
    #expect(throws: FormatError.cannotWrite(path: long, cause: .nameTooLong)) {
      try AtomicFile.write([1], to: long)
    }
    #expect(try folder.contents() == ["plain"])
  }

  @Test func acceptsTheLongestName() throws {
    let name = String(repeating: "n", count: 255)
    try AtomicFile.write([1], to: folder.path + "/" + name)
    #expect(try folder.contents() == [name])
  }

  @Test func checksFolders() throws {
    try AtomicFile.checkWritable(directory: folder.path)
    try AtomicFile.checkWritable(directory: folder.path + "/")
    #expect(try folder.contents() == [])
    let missing = folder.path + "/no"
    #expect(throws: FormatError.folderNotWritable(path: missing, cause: .notFound)) {
      try AtomicFile.checkWritable(directory: missing)
    }
    let plain = try folder.file("plain", [0])
    #expect(throws: FormatError.folderNotWritable(path: plain, cause: .notAFolder)) {
      try AtomicFile.checkWritable(directory: plain)
    }
  }

  @Test(.enabled(if: getuid() != 0, "the superuser may write anywhere"))
  func reportsMissingPermission() throws {
    #expect(chmod(folder.path, 0o500) == 0)
    defer { _ = chmod(folder.path, 0o700) }
    #expect(throws: FormatError.folderNotWritable(path: folder.path, cause: .permissionDenied)) {
      try AtomicFile.checkWritable(directory: folder.path)
    }
  }

  #if os(Linux)
  @Test func reportsAFullDisk() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    defer { _ = close(descriptor) }
    #expect(throws: FormatError.cannotWrite(path: "out.bin", cause: .noSpace)) {
      var writer = AtomicFileWriter(descriptor: descriptor, path: "out.bin")
      try writer.write([UInt8](repeating: 1, count: 10))
      try writer.finish()
    }
  }
  #endif
}
