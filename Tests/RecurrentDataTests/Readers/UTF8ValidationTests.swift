import Testing

@testable import RecurrentData

@Suite struct UTF8ValidationTests {
  /// Every sequence of two bytes, and of three and four with telling last bytes, against the standard
  /// library.
  @Test func agreesWithTheStandardLibrary() {
    let tails: [[UInt8]] = [
      [], [0x80], [0xBF], [0x41], [0x80, 0x80], [0xBF, 0xBF], [0x80, 0x41], [0x80, 0x80, 0x80],
    ]
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        for tail in tails {
          let bytes = [first, second] + tail
          let isValid = String(validating: bytes, as: UTF8.self) != nil
          let found = bytes.withUnsafeBufferPointer { checkUTF8($0) }
          if (found == .complete) != isValid { Issue.record("\(bytes): \(found)") }
        }
      }
    }
  }

  @Test(
    arguments: [
      ([0x61], 0), ([0xC3], 1), ([0xC3, 0xA9], 0), ([0xE2, 0x82], 2), ([0xE0, 0x80], 0),
      ([0xF0, 0x9F, 0x98], 3),
      ([0x80], 0), ([0x80, 0x80, 0x80, 0x80], 0), ([], 0), ([0xF4, 0x90], 0), ([0x61, 0xE2], 1),
    ] as [([UInt8], Int)])
  func findsIncompleteTails(_ bytes: [UInt8], _ length: Int) {
    #expect(bytes.withUnsafeBufferPointer { incompleteTail($0) } == length)
  }
}
