import RecurrentFormats
import RecurrentTestSupport
import Testing

/// Files that are sound but for sizes that cannot be: shapes, counts, offsets, steps and lengths at the limits of their
/// types. Each is refused in a line, or read.
@Suite struct StructuredDamageTests {
  private func readAll(_ file: some ArrayFile) throws {
    for name in file.names {
      let array = try file.array(named: name)
      // a shape that was accepted can be counted along each axis
      _ = array.shape.reduce(1, *)
      _ = try array.floats(convertsIntegers: true)
    }
  }

  /// Shapes of one to three extents at the boundaries.
  private static let shapes: [[Int]] = {
    let ones = boundaryNumbers.map { [$0] }
    let twos = ones.flatMap { shape in boundaryNumbers.map { shape + [$0] } }
    return [[]] + ones + twos + twos.flatMap { shape in boundaryNumbers.map { shape + [$0] } }
  }()

  private static func npy(_ shape: [Int], type: String = "<f4", isColumnMajor: Bool = false, _ data: [UInt8])
    -> [UInt8]
  {
    let extents = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text =
      "{'descr': '\(type)', 'fortran_order': \(isColumnMajor ? "True" : "False"), 'shape': (\(extents)), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + Archives.little(text.utf8.count, 2) + Array(text.utf8)
      + data
  }

  @Test(arguments: ["<f4", ">f4", "|b1", ">i8"]) func numPyShapes(_ type: String) throws {
    for size in [0, 4, 8] {
      for isColumnMajor in [false, true] {
        let files = StructuredDamageTests.shapes.map {
          StructuredDamageTests.npy(
            $0, type: type, isColumnMajor: isColumnMajor, [UInt8](repeating: 1, count: size))
        }
        try checkStructure(files, naming: "x.npy") { try readAll(NPYFile(bytes: $0, path: "x.npy")) }
        try checkStructure(
          files.enumerated().filter { $0.offset % 5 == 0 }.map {
            Archives.zip([(name: "a.npy", bytes: $0.element)])
          }, naming: "x.npz"
        ) { try readAll(NPZFile(bytes: $0, path: "x.npz")) }
      }
    }
  }

  @Test func safetensorsShapesAndOffsets() throws {
    func file(_ header: [UInt8], _ size: Int) -> [UInt8] {
      Archives.little(header.count, 8) + header + [UInt8](repeating: 0, count: size)
    }
    var files = StructuredDamageTests.shapes.map { shape in
      file(Array("{\"a\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[0,0]}}".utf8), 0)
    }
    let header = Array(
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"I8\",\"shape\":[],\"data_offsets\":[8,9]}}"
        .utf8)
    files += damagedNumerals(header).map { file($0, 9) }
    files += boundaryNumbers.map { Archives.little($0, 8) + header + [UInt8](repeating: 0, count: 9) }
    for depth in [10, 100_000] {
      let nest = String(repeating: "[", count: depth)
      files.append(file(Array("{\"a\":\(nest)".utf8), 0))
      files.append(file(Array("{\"__metadata__\":\(String(repeating: "{\"a\":", count: depth))".utf8), 0))
    }
    try checkStructure(files, naming: "s.st") { try readAll(SafetensorsFile(bytes: $0, path: "s.st")) }
  }

  /// A checkpoint of one tensor of floats whose numbers are as given.
  private static func checkpoint(
    count: Int, offset: Int, shape: [Int], strides: [Int], storage: Int = 16, isDeflated: Bool = false
  ) -> [UInt8] {
    func text(_ text: String) -> [UInt8] {
      [UInt8(ascii: "X")] + Archives.little(text.utf8.count, 4) + Array(text.utf8)
    }
    func number(_ value: Int) -> [UInt8] { [0x8A, 8] + Archives.little(value, 8) }
    func tuple(_ values: [Int]) -> [UInt8] { Array("(".utf8) + values.flatMap(number) + Array("t".utf8) }
    let storageID =
      Array("((".utf8) + text("storage") + Array("ctorch\nFloatStorage\n".utf8) + text("0") + text("cpu")
      + number(count) + Array("tQ".utf8)
    let tensor =
      Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8) + storageID + number(offset) + tuple(shape)
      + tuple(strides) + [0x89] + Array("}tR".utf8)
    let pickle = [0x80, 2, UInt8(ascii: "}")] + text("a") + tensor + Array("s.".utf8)
    let bytes = [UInt8](repeating: 0, count: storage)
    return Archives.zip([(name: "x/data.pkl", bytes: pickle), (name: "x/data/0", bytes: bytes)])
  }

  @Test func checkpoints() throws {
    let sound = StructuredDamageTests.checkpoint(count: 4, offset: 1, shape: [1, 3], strides: [3, 1])
    #expect(try TorchFile(bytes: sound).array(named: "a").floats() == [0, 0, 0])
    var files: [[UInt8]] = []
    for count in boundaryNumbers + [4] {
      for offset in boundaryNumbers {
        for shape in [[0, 1 << 62, 4], [3], [0], [1 << 62, 0], [2, 2], [-1], [.max, .max, 0]] {
          for stride in boundaryNumbers {
            let strides = [Int](repeating: stride, count: shape.count)
            files.append(
              StructuredDamageTests.checkpoint(count: count, offset: offset, shape: shape, strides: strides))
          }
        }
      }
    }
    for shape in StructuredDamageTests.shapes {
      for stride in [0, 1, .max] {
        files.append(
          StructuredDamageTests.checkpoint(
            count: 4, offset: 0, shape: shape, strides: [Int](repeating: stride, count: shape.count)))
      }
    }
    try checkStructure(files, naming: "c.pt") { try readAll(TorchFile(bytes: $0, path: "c.pt")) }
  }

  /// A step of 0 repeats an element as often as the shape says, for nothing in the file.
  @Test func expandedTensorsHaveALimit() throws {
    func read(_ extent: Int) throws -> Int {
      let bytes = StructuredDamageTests.checkpoint(count: 4, offset: 0, shape: [extent, 3], strides: [0, 1])
      return try TorchFile(bytes: bytes, path: "c.pt").array(named: "a").floats().count
    }
    #expect(try read(1000) == 3000)
    let error = #expect(throws: FormatError.self) { try read(1 << 23) }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(text.contains("c.pt") && text.contains(ExpansionLimit.variable), "\(text)")
  }

  @Test func archives() throws {
    let npy = StructuredDamageTests.npy([2], [UInt8](repeating: 0, count: 8))
    let zip = Archives.zip([(name: "a.npy", bytes: npy), (name: "b.npy", bytes: npy)])
    #expect(try NPZFile(bytes: zip).names == ["a", "b"])
    try checkStructure(damagedNumbers(zip, most: 12_000), naming: "z.npz") {
      try readAll(NPZFile(bytes: $0, path: "z.npz"))
    }
  }

  @Test func graphs() throws {
    let files = damagedMessages(try ONNXWriter.encode(ONNXFileTests.model))
    #expect(files.count > 100)
    try checkStructure(files, naming: "m.onnx") { bytes in
      let model = try ONNXReader.read(bytes: bytes, path: "m.onnx")
      for tensor in model.graph.initializers { _ = try tensor.array.floats(convertsIntegers: true) }
    }
  }
}

/// What is small in the file and large in memory is refused before it is.
@Suite struct ExpansionLimitTests {
  private func message(_ read: () throws -> Void) -> String {
    let error = #expect(throws: FormatError.self) { try read() }
    return error.map { "\($0)" } ?? ""
  }

  @Test func deflatedArrays() throws {
    let bytes = Archives.deflatedLetters(70 << 20)
    let file = Archives.zip([(name: "x.npy", bytes: bytes, isDeflated: true, count: 70 << 20)])
    #expect(file.count < 1 << 20)
    let text = message { _ = try NPZFile(bytes: file, path: "bomb.npz") }
    #expect(
      text.contains("bomb.npz") && text.contains("decompressed") && text.contains(ExpansionLimit.variable))
    // many parts that are each within the limit
    let part = Archives.deflatedLetters(4 << 20)
    let parts = (0..<20).map { (name: "\($0).npy", bytes: part, isDeflated: true, count: 4 << 20) }
    let sum = message { _ = try NPZFile(bytes: Archives.zip(parts), path: "bomb.npz") }
    #expect(sum.contains("decompressed") && sum.contains("\"16.npy\""), "\(sum)")
  }

  @Test func gzip() throws {
    let bytes = Archives.gzippedLetters(70 << 20)
    let text = message {
      _ = try bytes.withUnsafeBytes { bytes throws(FormatError) in
        try Gzip.decompress(bytes, path: "bomb.gz")
      }
    }
    #expect(text.contains("bomb.gz") && text.contains("\(ExpansionLimit.floor)"), "\(text)")
    #expect(text.contains(ExpansionLimit.variable))
  }

  @Test func limitsFollowTheSizeOfTheFile() {
    #expect(ExpansionLimit.bytes(of: 10) == 1 << 26)
    #expect(ExpansionLimit.bytes(of: 1 << 20) == 100 << 20)
    #expect(ExpansionLimit.bytes(of: 1 << 40) == 1 << 33 && ExpansionLimit.bytes(of: .max) == 1 << 33)
    #expect(ExpansionLimit.issue == nil)
  }
}
