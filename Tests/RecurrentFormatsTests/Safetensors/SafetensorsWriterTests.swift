import RecurrentFormats
import RecurrentTestSupport
import Testing

@Suite struct SafetensorsWriterTests {
  @Test func writesTheBytesOfTheReferenceWriter() throws {
    let expected = try fixture("safetensors_types.safetensors")
    let file = try SafetensorsFile(bytes: expected)
    // Given in another order than they have in the file.
    let entries = try file.tensors.reversed().map { tensor in
      ArrayEntry(
        name: tensor.name, dataType: tensor.dataType, shape: tensor.shape,
        bytes: try file.withBytes(of: tensor.name) { Array($0) })
    }
    #expect(try SafetensorsWriter.encode(entries, metadata: ["format": "pt"]) == expected)
  }

  private let entries = [
    ArrayEntry(name: "f32", shape: [2, 2], floats: [1, -0.0, .infinity, 0x1p-140]),
    ArrayEntry(name: "f16", shape: [3], roundingToHalf: [1, 65536, -0.5]),
    ArrayEntry(name: "bf16", shape: [1, 2], roundingToBrainFloat: [3, -1e30]),
    ArrayEntry(name: "i64", shape: [2], integers: [Int64.min, Int64.max]),
    ArrayEntry(name: "i32", shape: [2], integers: [Int32.min, Int32.max]),
    ArrayEntry(name: "u8", dataType: .u8, shape: [2], bytes: [0, 255]),
    ArrayEntry(name: "truths", shape: [3], truths: [true, false, true]),
    ArrayEntry(name: "scalar", shape: [], floats: [7]),
    ArrayEntry(name: "empty", shape: [3, 0, 2], floats: []),
  ]

  @Test(arguments: [[:], ["format": "pt"], ["b": "2\n\u{1F}\u{1}", "a": "\"1\"", "": ""]])
  func roundTrip(_ metadata: [String: String]) throws {
    let folder = try ScratchFolder()
    let path = try folder.file("model.safetensors")
    try SafetensorsWriter.write(entries, metadata: metadata, to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == metadata)
    #expect(file.names == ["i64", "empty", "f32", "scalar", "i32", "bf16", "f16", "u8", "truths"])
    let floats = try file.floats(named: "f32")
    #expect(floats == [1, -0.0, .infinity, 0x1p-140] && floats[1].sign == .minus)
    #expect(try file.floats(named: "f16") == [1, .infinity, -0.5])
    #expect(try file.floats(named: "bf16") == [3, Float(bitPattern: 0xF14A_0000)])
    #expect(try file.integers(named: "i64") == [.min, .max])
    #expect(try file.integers(named: "i32") == [Int64(Int32.min), Int64(Int32.max)])
    #expect(try file.integers(named: "u8") == [0, 255])
    #expect(try file.integers(named: "truths") == [1, 0, 1])
    #expect(try file.floats(named: "scalar") == [7])
    #expect(file.info(named: "scalar")?.shape == [])
    #expect(try file.floats(named: "empty") == [])
    #expect(file.info(named: "empty")?.shape == [3, 0, 2])
    let written = try MappedFile(path: path).withBytes { Array($0) }
    #expect(try SafetensorsWriter.encode(entries.reversed(), metadata: metadata) == written)
  }

  @Test func dataStartsAtAMultipleOfEight() throws {
    for length in 1...9 {
      let name = String(repeating: "n", count: length)
      let bytes = try SafetensorsWriter.encode([ArrayEntry(name: name, shape: [1], floats: [1])])
      let file = try SafetensorsFile(bytes: bytes)
      #expect(file.tensors[0].byteRange.lowerBound % 8 == 0)
    }
  }

  @Test func nothingToWriteIsAValidFile() throws {
    let bytes = try SafetensorsWriter.encode([])
    #expect(bytes == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
    #expect(try SafetensorsFile(bytes: bytes).names == [])
    let marked = try SafetensorsFile(bytes: SafetensorsWriter.encode([], metadata: ["a": "b"]))
    #expect(marked.metadata == ["a": "b"])
  }

  @Test func largeTensorsAreWrittenInParts() throws {
    let count = 100_003
    let values = (0..<count).map { Float($0) }
    let file = try SafetensorsFile(
      bytes: SafetensorsWriter.encode([ArrayEntry(name: "w", shape: [count], floats: values)]))
    #expect(try file.floats(named: "w") == values)
  }

  @Test func manyTensors() throws {
    let entries = (0..<2_000).map {
      ArrayEntry(
        name: "layer.\($0).weight", shape: [$0 % 3], floats: [Float](repeating: 1, count: $0 % 3))
    }
    let file = try SafetensorsFile(bytes: SafetensorsWriter.encode(entries))
    #expect(Set(file.names) == Set(entries.map(\.name)))
    #expect(try file.floats(named: "layer.1999.weight") == [1])
  }

  @Test func refusesMalformedEntries() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("model.safetensors", [1])
    let one = ArrayEntry(name: "w", shape: [1], floats: [1])
    func expect(_ entries: [ArrayEntry], _ error: FormatError) {
      #expect(throws: error) { try SafetensorsWriter.write(entries, to: path) }
      #expect(throws: error) { _ = try SafetensorsWriter.encode(entries, path: path) }
    }
    expect([one, one], .duplicateName(path: path, name: "w"))
    expect(
      [ArrayEntry(name: "__metadata__", shape: [1], floats: [1])],
      .reservedName(path: path, name: "__metadata__"))
    expect(
      [ArrayEntry(name: "w", shape: [2], floats: [1])],
      .byteCountMismatch(path: path, name: "w", expected: 8, found: 4))
    expect(
      [ArrayEntry(name: "w", shape: [-1], floats: [])],
      .invalidShape(path: path, name: "w", problem: "[-1] has a negative extent or overflows 64 bits"))
    expect(
      [ArrayEntry(name: "w", shape: [.max, 2], floats: [])],
      .invalidShape(
        path: path, name: "w", problem: "[\(Int.max), 2] has a negative extent or overflows 64 bits"))
    #expect(try folder.contents() == ["model.safetensors"])
    #expect(try MappedFile(path: path).count == 1)
  }
}
