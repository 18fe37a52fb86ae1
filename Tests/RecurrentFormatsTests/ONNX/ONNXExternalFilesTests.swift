import Foundation
import RecurrentFormats
import RecurrentTestSupport
import Testing

/// Numbers beside a model: found in its folder, and nowhere else.
@Suite struct ONNXExternalFilesTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    for name in ["model", "elsewhere"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + name, withIntermediateDirectories: false)
    }
    let floats = [1, 2, 3, 4] as [Float]
    let bytes = floats.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    _ = try folder.file("model/weights.bin", bytes)
    _ = try folder.file("elsewhere/secret.bin", bytes)
  }

  /// A model with so many tensors of four floats in the file at `location`.
  private func model(_ location: String, extra: [(String, String)] = [], tensors: Int = 1) throws -> String {
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
      precondition(bytes.count < 1 << 14)
      let count = bytes.count
      return [number << 3 | 2]
        + (count < 128 ? [UInt8(count)] : [UInt8(count & 127) | 128, UInt8(count >> 7)]) + bytes
    }
    func entry(_ key: String, _ value: String) -> [UInt8] {
      field(13, field(1, Array(key.utf8)) + field(2, Array(value.utf8)))
    }
    let tensor =
      [8, 4, 16, 1] + field(8, Array("w".utf8))
      + ([("location", location)] + extra).flatMap { entry($0.0, $0.1) }
      + [14 << 3, 1]
    let graph = (0..<tensors).flatMap { _ in field(5, tensor) }
    // the version of the operators, and the graph with a length of any size
    var length = [UInt8]()
    var rest = graph.count
    while rest >= 128 {
      length.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    let bytes = field(8, [16, 17]) + [7 << 3 | 2] + length + [UInt8(rest)] + graph
    return try folder.file("model/m.onnx", bytes)
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/model/" + name, withDestinationPath: target)
  }

  private func message(_ path: String) -> String {
    let error = #expect(throws: FormatError.self) { try ONNXReader.read(path) }
    return error.map { "\($0)" } ?? ""
  }

  @Test func readsWhatStandsBesideTheModel() throws {
    let tensors = try ONNXReader.read(model("weights.bin")).graph.initializers
    #expect(try tensors.map { try $0.array.floats() } == [[1, 2, 3, 4]])
    try link("inside.bin", to: "weights.bin")
    #expect(try ONNXReader.read(model("inside.bin")).graph.initializers.count == 1)
    // the folder itself may be reached by a link
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/alias", withDestinationPath: folder.path + "/model")
    _ = try model("weights.bin")
    #expect(try ONNXReader.read(folder.path + "/alias/m.onnx").graph.initializers.count == 1)
  }

  @Test func neverLeavesItsFolder() throws {
    try link("out.bin", to: "../elsewhere/secret.bin")
    try link("absolute.bin", to: folder.path + "/elsewhere/secret.bin")
    try link("away", to: "../elsewhere")
    try link("chain.bin", to: "out.bin")
    for location in ["out.bin", "absolute.bin", "away/secret.bin", "chain.bin", "./out.bin"] {
      let text = message(try model(location))
      #expect(text.contains("symbolic link") && text.contains("m.onnx"), "\(location): \(text)")
    }
    for location in [
      "../elsewhere/secret.bin", folder.path + "/elsewhere/secret.bin", "a/../../x", "", "a//b",
    ] {
      let text = message(try model(location))
      #expect(text.contains("m.onnx") && text.contains("beside the model"), "\(location): \(text)")
    }
    let missing = message(try model("nope.bin"))
    #expect(missing.contains("nope.bin"), "\(missing)")
  }

  @Test func numbersThatCannotBe() throws {
    for key in ["offset", "length"] {
      for value in boundaryNumbers.map({ "\($0)" }) + ["x", "", "99999999999999999999"] {
        do { _ = try ONNXReader.read(model("weights.bin", extra: [(key, value)])) } catch {
          #expect("\(error)".contains(folder.path), "\(key) \(value): \(error)")
        }
      }
    }
  }
}
