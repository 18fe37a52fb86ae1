import RecurrentFormats
import RecurrentTestSupport
import Testing

@Suite struct SafetensorsFileTests {
  /// The content of a file with `header` and `data`, lengths taken as they are.
  private func content(_ header: String, data: Int = 0) -> [UInt8] {
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  private func entry(_ name: String, _ dataType: String, _ shape: String, _ offsets: String) -> String {
    #""\#(name)":{"dtype":"\#(dataType)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test func readsWhatTheReferenceWriterWrote() throws {
    let file = try SafetensorsFile(bytes: fixture("safetensors_types.safetensors"))
    #expect(file.metadata == ["format": "pt"])
    #expect(file.names.count == 17)
    #expect(Set(file.tensors.map(\.dataType)).count == ElementType.allCases.count)
    for tensor in file.tensors where tensor.shape == [2, 3] && tensor.dataType != .bool {
      let first = tensor.name.utf8.count
      let expected = (0..<6 * tensor.dataType.byteCount).map { UInt8((first + $0) % 256) }
      #expect(try file.withBytes(of: tensor.name) { Array($0) } == expected)
      #expect(tensor.count == 6)
    }
    #expect(try file.integers(named: "bool") == [1, 0, 1, 0, 0, 1])
    #expect(try file.integers(named: "int16") == [0x0605, 0x0807, 0x0A09, 0x0C0B, 0x0E0D, 0x100F])
    #expect(try file.integers(named: "uint64").first == 0x0D0C_0B0A_0908_0706)
    #expect(try file.floats(named: "float32").first == Float(bitPattern: 0x0A09_0807))
    #expect(try file.floats(named: "float64").first == Float(Double(bitPattern: 0x0E0D_0C0B_0A09_0807)))
    #expect(try file.floats(named: "bfloat16").first == Float(bitPattern: 0x0908_0000))
    #expect(try file.floats(named: "a \"quoted\"\\\n\u{1} ü") == [1])
    #expect(try file.floats(named: "empty") == [])
    #expect(file.info(named: "empty")?.shape == [0, 4])
  }

  @Test func refusesRequestsThatCannotBeMet() throws {
    let file = try SafetensorsFile(bytes: fixture("safetensors_types.safetensors"), path: "f")
    #expect(throws: FormatError.unknownTensor(path: "f", name: "w", available: file.names)) {
      try file.floats(named: "w")
    }
    #expect(
      throws: FormatError.unsupportedConversion(
        path: "f", name: "int32", expected: [.f8E5M2, .f8E4M3, .f16, .bf16, .f32, .f64], found: .i32)
    ) { try file.floats(named: "int32") }
    #expect(throws: FormatError.self) { try file.integers(named: "float32") }
    let large = try SafetensorsFile(
      bytes: content("{" + entry("u", "U64", "[1]", "[0,8]") + "}") + [0, 0, 0, 0, 0, 0, 0, 0x80], path: "f")
    #expect(throws: FormatError.valueOutOfRange(path: "f", name: "u", index: 0, value: 1 << 63)) {
      try large.integers(named: "u")
    }
  }

  @Test func truncationAtEveryByteIsAnError() throws {
    let bytes = try fixture("safetensors_types.safetensors")
    let folder = try ScratchFolder()
    for count in bytes.indices {
      #expect(throws: FormatError.self, "\(count) bytes") {
        try SafetensorsFile(bytes: Array(bytes[..<count]))
      }
    }
    let half = try folder.file("half.safetensors", Array(bytes[..<700]))
    #expect(throws: FormatError.self) { try SafetensorsFile(path: half) }
    #expect(throws: FormatError.trailingBytes(path: "f", offset: bytes.count, count: 1)) {
      try SafetensorsFile(bytes: bytes + [0], path: "f")
    }
  }

  /// No change of the header may crash; what is still accepted must describe tensors inside the file.
  @Test func everyFlippedBitIsAnErrorOrAValidFile() throws {
    let bytes = try fixture("safetensors_types.safetensors")
    let headerEnd = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
    var accepted = 0
    for index in 0..<headerEnd {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << bit
        guard let file = try? SafetensorsFile(bytes: changed) else { continue }
        accepted += 1
        #expect(file.tensors.reduce(headerEnd) { $0 + $1.byteRange.count } == bytes.count)
      }
    }
    // Flips inside names and between types of one size are valid files.
    #expect(accepted > 0 && accepted < headerEnd * 4)
  }

  @Test(arguments: [UInt64.max, 1 << 63, 100_000_001, 1 << 32])
  func hostileHeaderLengths(_ length: UInt64) {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + Array("{}".utf8)
    #expect(throws: FormatError.headerTooLong(path: "f", found: length, limit: 100_000_000)) {
      try SafetensorsFile(bytes: bytes, path: "f")
    }
  }

  @Test func shortFiles() {
    #expect(throws: FormatError.truncated(path: "f", offset: 0, needed: 8, found: 3)) {
      try SafetensorsFile(bytes: [2, 0, 0], path: "f")
    }
    #expect(throws: FormatError.truncated(path: "f", offset: 8, needed: 100_000_000, found: 2)) {
      try SafetensorsFile(bytes: [0, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, 0x7B, 0x7D], path: "f")
    }
  }

  @Test func exactErrors() {
    func expect(_ header: String, data: Int = 0, _ error: FormatError) {
      #expect(throws: error, "\(header)") {
        try SafetensorsFile(bytes: content(header, data: data), path: "f")
      }
    }
    let a = entry("a", "F32", "[1]", "[0,4]")
    expect("{\(a),\(a)}", data: 4, .duplicateKey(path: "f", offset: 62, key: "a"))
    expect(
      #"{"a":{"dtype":"F32","dtype":"F32"}}"#, .duplicateKey(path: "f", offset: 28, key: "dtype"))
    expect(
      #"{"__metadata__":{"k":"1","k":"2"}}"#, .duplicateKey(path: "f", offset: 33, key: "k"))
    expect(
      "{" + entry("a", "F31", "[1]", "[0,4]") + "}", .unknownDataType(path: "f", name: "a", found: "F31"))
    expect(
      "{" + entry("a", "U8", "[-1]", "[0,0]") + "}",
      .invalidShape(path: "f", name: "a", problem: "the extent -1 is negative"))
    expect(
      "{" + entry("a", "F32", "[4611686018427387904]", "[0,0]") + "}",
      .invalidShape(path: "f", name: "a", problem: "the product of [4611686018427387904] overflows 64 bits"))
    expect(
      "{" + entry("a", "U8", "[" + String(repeating: "1,", count: 64) + "1]", "[0,1]") + "}", data: 1,
      .invalidShape(path: "f", name: "a", problem: "more than 64 axes"))
    expect(
      "{" + entry("a", "F32", "[1]", "[0,4]") + "}", data: 3,
      .offsetsOutOfRange(path: "f", name: "a", begin: 0, end: 4, dataCount: 3))
    expect(
      "{" + entry("a", "F32", "[1]", "[4,0]") + "}", data: 4,
      .offsetsOutOfRange(path: "f", name: "a", begin: 4, end: 0, dataCount: 4))
    expect(
      "{" + entry("a", "F32", "[1]", "[-4,0]") + "}", data: 4,
      .offsetsOutOfRange(path: "f", name: "a", begin: -4, end: 0, dataCount: 4))
    expect(
      "{" + entry("a", "F32", "[2]", "[0,4]") + "}", data: 4,
      .byteCountMismatch(path: "f", name: "a", expected: 8, found: 4))
    expect(
      "{\(a)," + entry("b", "F32", "[1]", "[2,6]") + "}", data: 6,
      .overlappingTensors(path: "f", name: "b", expected: 4, found: 2))
    expect(
      "{\(a)," + entry("b", "F32", "[1]", "[6,10]") + "}", data: 10,
      .unusedBytes(path: "f", name: "b", expected: 4, found: 6))
    expect("{\(a)}", data: 5, .trailingBytes(path: "f", offset: 8 + 54 + 4, count: 1))
    expect(
      #"{"a":{"dtype":"F32","shape":[1]}}"#,
      .missingField(path: "f", offset: 40, name: "a", field: "data_offsets"))
    expect(
      #"{"a":{"strides":[1]}}"#, .unexpectedField(path: "f", offset: 14, name: "a", field: "strides"))
  }

  /// Each header with the byte (counted from the brace) at which it goes wrong.
  @Test(arguments: [
    ("[]", 0), (" {}", 0), ("", 0), ("{", 1), ("{}x", 2), ("{},", 2), ("{\"a\"}", 4), ("{\"a\":1}", 5),
    ("{,}", 1), ("{\"__metadata__\":{},}", 19), ("{\"__metadata__\":{\"a\":1}}", 21), ("{'a':{}}", 1),
    ("{\"__metadata__\":{\"a\":\"\n\"}}", 22), ("{\"__metadata__\":{\"a\":\"\\x\"}}", 23),
    ("{\"__metadata__\":{\"a\":\"\\ud800\"}}", 24), ("{\"__metadata__\":{\"a\":\"\\udc00\\ud800\"}}", 24),
    ("{\"__metadata__\":{\"a\":\"\\u12g4\"}}", 26), ("{\"__metadata__\":{\"a\":\"", 22),
    ("{\"a\":{\"shape\":[1.0]}}", 16), ("{\"a\":{\"shape\":[1e1]}}", 16), ("{\"a\":{\"shape\":[01]}}", 15),
    ("{\"a\":{\"shape\":[1,]}}", 17), ("{\"a\":{\"shape\":[[[[", 15), ("{\"a\":{\"shape\":[-]}}", 16),
    ("{\"a\":{\"shape\":[99999999999999999999]}}", 15), ("{\"a\":{\"shape\":[9223372036854775808]}}", 15),
    ("{\"a\":{\"data_offsets\":[0]}}", 22), ("{\"a\":{\"data_offsets\":[0,1,2]}}", 22), ("{\"a\":null}", 5),
  ])
  func malformedJSON(_ header: String, _ position: Int) {
    let error = #expect(throws: FormatError.self) { try SafetensorsFile(bytes: content(header), path: "f") }
    guard case .invalidJSON("f", let offset, _, _) = error else {
      Issue.record("\(header): \(String(describing: error))")
      return
    }
    #expect(offset == 8 + position)
  }

  @Test(arguments: [
    ([UInt8]([0x41, 0xFF]), 1, UInt8(0xFF)), ([0xC0, 0xAF], 0, 0xC0), ([0xE2, 0x82], 0, 0xE2),
    ([0xC3, 0xA9, 0xED, 0xA0, 0x80], 2, 0xED), ([0xF4, 0x90, 0x80, 0x80], 0, 0xF4),
  ])
  func invalidUTF8(_ name: [UInt8], _ position: Int, _ byte: UInt8) {
    let header = [0x7B, 0x22] + name + Array("\":{}}".utf8)
    let bytes = [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header
    #expect(throws: FormatError.invalidUTF8(path: "f", offset: 10 + position, byte: byte)) {
      try SafetensorsFile(bytes: bytes, path: "f")
    }
  }

  @Test func resolvesEscapes() throws {
    let file = try SafetensorsFile(
      bytes: content(#"{ "__metadata__" : {"\u006b\n":"\/\b\f\r\t\\\"\ud83d\ude00é"} } "#))
    #expect(file.metadata == ["k\n": "/\u{8}\u{C}\r\t\\\"😀é"])
  }

  @Test func namesAreComparedByTheirBytes() throws {
    let file = try SafetensorsFile(
      bytes: content(
        "{" + entry("\u{E9}", "U8", "[1]", "[0,1]") + "," + entry("e\u{301}", "U8", "[2]", "[1,3]") + "}",
        data: 3))
    #expect(file.info(named: "\u{E9}")?.shape == [1])
    #expect(file.info(named: "e\u{301}")?.shape == [2])
  }
}
