import Testing

@testable import RecurrentFormats

@Suite struct FormatErrorTests {
  /// Every error names the path and says more than the path.
  @Test(arguments: [
    FormatError.cannotRead(path: "p/f", cause: .notFound), .cannotWrite(path: "p/f", cause: .noSpace),
    .folderNotWritable(path: "p/f", cause: .permissionDenied),
    .truncated(path: "p/f", offset: 0, needed: 8, found: 1), .headerTooLong(path: "p/f", found: 9, limit: 8),
    .trailingBytes(path: "p/f", offset: 9, count: 1), .invalidUTF8(path: "p/f", offset: 9, byte: 0x0A),
    .invalidJSON(path: "p/f", offset: 9, expected: "':'", found: "','"),
    .duplicateKey(path: "p/f", offset: 9, key: "k"),
    .missingField(path: "p/f", offset: 9, name: "w", field: "shape"),
    .unexpectedField(path: "p/f", offset: 9, name: "w", field: "x"),
    .unknownDataType(path: "p/f", name: "w", found: "F4"),
    .invalidShape(path: "p/f", name: "w", problem: "negative"),
    .byteCountMismatch(path: "p/f", name: "w", expected: 8, found: 4),
    .offsetsOutOfRange(path: "p/f", name: "w", begin: 0, end: 9, dataCount: 8),
    .overlappingTensors(path: "p/f", name: "w", expected: 8, found: 4),
    .unusedBytes(path: "p/f", name: "w", expected: 4, found: 8),
    .unknownTensor(path: "p/f", name: "w", available: (0..<30).map { "t\($0)" }),
    .unsupportedConversion(path: "p/f", name: "w", expected: [.f32], found: .i8),
    .valueOutOfRange(path: "p/f", name: "w", index: 3, value: .max), .duplicateName(path: "p/f", name: "w"),
    .reservedName(path: "p/f", name: "__metadata__"),
  ])
  func describes(_ error: FormatError) {
    #expect(error.description.hasPrefix("p/f: "))
    #expect(error.description.utf8.count > 30)
    #expect(!error.description.contains("\n"))
  }

  @Test func keepsLongListsShort() {
    let error = FormatError.unknownTensor(path: "f", name: "w", available: (0..<1000).map { "t\($0)" })
    #expect(error.description.hasSuffix("t18, t19 and 980 more"))
  }

  @Test func nameUnknownCauses() {
    #expect(FileCause(errno: 28) == .noSpace)
    guard case .other(code: 11, text: _) = FileCause(errno: 11) else {
      Issue.record("errno 11 has no case of its own")
      return
    }
  }
}
