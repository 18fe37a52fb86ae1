import RecurrentFormats
import RecurrentTestSupport
import Testing

@Suite struct SafetensorsChecksumTests {
  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/x.safetensors"
  }

  private func write(isChecked: Bool) throws -> [UInt8] {
    try SafetensorsWriter.write(
      [
        ArrayEntry(name: "a", shape: [2, 3], floats: [1, 2, 3, 4, 5, 6]),
        ArrayEntry(name: "b", shape: [2], integers: [7, -8] as [Int64]),
      ], metadata: ["a first": "one", "note": "two"], to: path, isChecked: isChecked)
    return try MappedFile(path: path).withBytes { Array($0) }
  }

  @Test func roundTrip() throws {
    _ = try write(isChecked: true)
    let file = try SafetensorsFile(path: path)
    try file.verifyChecksum()
    #expect(file.notes == ["a first": "one", "note": "two"])
    #expect(try file.floats(named: "a") == [1, 2, 3, 4, 5, 6])
  }

  /// Whatever bit is turned over, in names, numbers, lengths or the checksum itself: the file is refused.
  @Test func everyBitCounts() throws {
    let bytes = try write(isChecked: true)
    for bit in 0..<8 * bytes.count {
      var other = bytes
      other[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: FormatError.self) {
        try SafetensorsFile(bytes: other, path: path).verifyChecksum()
      }
    }
  }

  /// Files from before there were checksums, and those of other programs, pass.
  @Test func filesWithoutAreRead() throws {
    _ = try write(isChecked: false)
    let file = try SafetensorsFile(path: path)
    try file.verifyChecksum()
    #expect(file.notes == file.metadata)
  }
}
