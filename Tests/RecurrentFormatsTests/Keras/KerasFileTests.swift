import RecurrentTestSupport
import Testing

@testable import RecurrentFormats

/// Whole models of Keras: the configuration and the weights of both kinds of files.
@Suite struct KerasFileTests {
  private static func file(_ name: String) throws -> [UInt8] {
    let archive = try ZipArchive(storage: FileBytes(fixture("keras.zip")), path: "keras.zip")
    return try archive.content(of: #require(archive.entry(named: name))).withBytes { Array($0) }
  }

  @Test(arguments: ["stack.keras", "stack.h5"]) func readsWhatKerasWrote(_ name: String) throws {
    let file = try KerasFile(bytes: KerasFileTests.file(name), path: name)
    #expect(file.version == "3.15.1")
    guard case .object(let model) = file.configuration, case .object(let config)? = model["config"],
      case .list(let layers)? = config["layers"]
    else { throw CheckFailure("\(name): no layers") }
    #expect(model["class_name"] == .text("Sequential"))
    #expect(layers.count == 5)
    #expect(file.namesWeights == name.hasSuffix(".h5"))
    let place =
      file.namesWeights ? "model_weights/lstm/sequential/lstm/lstm_cell/kernel" : "layers/lstm/cell/vars/0"
    #expect(try file.weights.array(named: place).shape == [4, 32])
  }

  /// Texts of any length beside groups.
  @Test func textsStandInAHeap() throws {
    let file = try HDF5File(bytes: KerasFileTests.file("stack.h5"), path: "s.h5")
    #expect(file.texts(of: "model_weights")["backend"] == "torch")
    let text = try #require(file.metadata["model_config"])
    #expect(text.hasPrefix("{\"class_name\": \"Sequential\"") && text.hasSuffix("}"))
    let weights = try HDF5File(bytes: KerasFileTests.file("weights/lstm_gru.weights.h5"), path: "w.h5")
    #expect(weights.texts(of: "layers/gru/vars")["name"] == "gru")
  }

  @Test func otherFilesAreNamed() throws {
    for (bytes, part) in [
      (try fixture("arrays.npz"), "no config.json and model.weights.h5"),
      (try KerasFileTests.file("weights/both.weights.h5"), "no configuration of a model of Keras"),
      (Array("text, not a model".utf8), "k"),
    ] {
      let error = #expect(throws: FormatError.self) { try KerasFile(bytes: bytes, path: "k") }
      let text = error.map { "\($0)" } ?? ""
      #expect(text.hasPrefix("k") && text.contains(part), "\(text)")
    }
  }

  @Test(arguments: ["stack.keras", "stack.h5"]) func withstandsDamage(_ name: String) throws {
    let isArchive = name.hasSuffix(".keras")
    try checkFormat(KerasFileTests.file(name), rounds: 300, isCutNoticed: isArchive) {
      (bytes) throws(FormatError) in
      let file = try KerasFile(bytes: bytes)
      for name in file.weights.names {
        _ = try file.weights.array(named: name).floats(convertsIntegers: true)
      }
    }
  }

  /// Every number of the heaps and headers at the limits of its type.
  @Test func structuredDamage() throws {
    let bytes = try KerasFileTests.file("stack.h5")
    try checkStructure(damagedNumbers(bytes, most: 1500), naming: "k.h5") { bytes in
      _ = try KerasFile(bytes: bytes, path: "k.h5")
    }
  }
}
