import RecurrentInterchange
import RecurrentTestSupport
import Testing

@testable import RecurrentFormats

/// Whole models as Keras saved them give what Keras computed; what cannot be said is refused by the name of the layer.
@Suite struct KerasGraphTests {
  private static let archive = Result {
    try ZipArchive(storage: FileBytes(fixture("keras.zip")), path: "keras.zip")
  }

  static let cases: [String] = {
    let entries = (try? archive.get().entries) ?? []
    return entries.map(\.name).filter {
      $0.hasSuffix(".keras") || $0.hasSuffix(".h5") && !$0.hasPrefix("weights/")
    }.sorted()
  }()

  private static func file(_ name: String) throws -> [UInt8] {
    let archive = try archive.get()
    return try archive.content(of: #require(archive.entry(named: name))).withBytes { Array($0) }
  }

  private static func inputs(_ case: NPZFile, of program: GraphProgram) throws -> [String: GraphValue] {
    var values: [String: GraphValue] = [:]
    for info in program.inputs {
      // inputs that nobody named come first
      let name = `case`.names.contains(info.name) ? info.name : `case`.names[0]
      let value = try GraphValue(`case`.array(named: name))
      values[info.name] =
        info.elementType == .i32
        ? GraphValue(integers: value.integers, shape: value.shape, elementType: .i32) : value
    }
    return values
  }

  @Test(arguments: cases) func agreesWithKeras(_ name: String) throws {
    let model = try KerasGraph.model(of: KerasFile(bytes: KerasGraphTests.file(name), path: name))
    // through the bytes of a file
    let program = try GraphProgram(ONNXReader.read(bytes: ONNXWriter.encode(model)), path: name)
    let stem = String(name[..<(try #require(name.lastIndex(of: ".")))])
    let given = try NPZFile(bytes: KerasGraphTests.file(stem + ".npz"))
    let results = try program.run(KerasGraphTests.inputs(given, of: program))
    for (index, output) in program.outputs.enumerated() {
      let expected = try given.array(named: program.outputs.count == 1 ? "output" : "output_\(index)")
      let found = try #require(results[output.name])
      #expect(found.shape == expected.shape)
      try requireClose(found.doubles, expected.doubles(), relative: 1e-5, absolute: 1e-5, name)
    }
  }

  @Test func thereAreFixtures() { #expect(KerasGraphTests.cases.count == 2 * 30) }

  /// Around both directions steps that do not count give zeros, also where a file of Keras 2 does not say so.
  @Test func bothDirectionsGiveZeros() throws {
    let name = "masking_both"
    let bytes = try KerasGraphTests.changed(
      name, replacing: "\"zero_output_for_mask\": true", by: "\"zero_output_for_mask\": false")
    let program = try GraphProgram(KerasGraph.model(of: KerasFile(bytes: bytes, path: "m")), path: "m")
    let given = try NPZFile(bytes: KerasGraphTests.file(name + ".npz"))
    let results = try program.run(KerasGraphTests.inputs(given, of: program))
    let found = try #require(results[program.outputs[0].name])
    try requireClose(
      found.doubles, given.array(named: "output").doubles(), relative: 1e-5, absolute: 1e-5, name)
  }

  /// The bytes of a model with another configuration.
  private static func changed(
    _ name: String, replacing old: String, by new: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [UInt8] {
    let archive = try ZipArchive(storage: FileBytes(KerasGraphTests.file(name + ".keras")), path: "m.keras")
    return Archives.zip(
      try archive.entries.map { entry in
        var bytes = try archive.content(of: entry).withBytes { Array($0) }
        if entry.name == "config.json" {
          let text = String(decoding: bytes, as: UTF8.self)
          #expect(text.contains(old), sourceLocation: sourceLocation)
          bytes = Array(
            text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new).utf8)
        }
        return (name: entry.name, bytes: bytes)
      })
  }

  /// Weights alone are read where recurrent layers are all that there is.
  @Test(arguments: ["lstm_gru", "both"]) func weightsAlone(_ name: String) throws {
    let file = try HDF5File(bytes: KerasGraphTests.file("weights/\(name).weights.h5"), path: "w.h5")
    let stored = try StoredLayers(in: file)
    #expect(stored.dialect == .keras)
    let given = try NPZFile(bytes: KerasGraphTests.file("weights/\(name).npz"))
    let (input, output) = (try given.array(named: "input"), try given.array(named: "output"))
    let x = Tensor(try input.floats(), shape: input.shape).permuted([1, 0, 2])
    let found = stored.layer(SequenceBatch(x)).outputs.permuted([1, 0, 2])
    try requireClose(found.doubles, output.doubles(), relative: 1e-5, absolute: 1e-5, name)
  }

  @Test func weightsOfOtherLayersAskForTheModel() throws {
    let file = try HDF5File(bytes: KerasGraphTests.file("weights/beside.weights.h5"), path: "w.h5")
    let error = #expect(throws: InterchangeError.self) { try StoredLayers(in: file) }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(text.contains("layers/dense/vars/0") && text.contains("model.save(\"model.keras\")"), "\(text)")
    let whole = #expect(throws: FormatError.self) {
      try KerasFile(bytes: KerasGraphTests.file("weights/beside.weights.h5"), path: "w.h5")
    }
    #expect("\(whole.map { "\($0)" } ?? "")".contains("model.save(\"model.keras\")"))
  }

  @Test func recognizesWholeModels() throws {
    let folder = try ScratchFolder()
    for (name, isModel) in [
      ("stack.keras", true), ("stack.h5", true), ("weights/both.weights.h5", false), ("stack.npz", false),
    ] {
      let path = try folder.file("f")
      try AtomicFile.write(KerasGraphTests.file(name), to: path)
      #expect(KerasFile.recognizes(path) == isModel, "\(name)")
      #expect(ArrayFileCatalog.recognizes(path), "\(name)")
    }
  }

  /// What is said about a model whose configuration is another one.
  private func message(
    _ name: String = "stack", replacing old: String, by new: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let zip = try KerasGraphTests.changed(name, replacing: old, by: new, sourceLocation: sourceLocation)
    let error = #expect(throws: InterchangeError.self, sourceLocation: sourceLocation) {
      try KerasGraph.model(of: KerasFile(bytes: zip, path: "m.keras"))
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.hasPrefix("m.keras"), "\(text)", sourceLocation: sourceLocation)
    return text
  }

  @Test func whatCannotBeSaidIsRefused() throws {
    let unknown = try message(replacing: "\"class_name\": \"SimpleRNN\"", by: "\"class_name\": \"Lambda\"")
    #expect(
      unknown.contains("the layer \"simple_rnn\" (Lambda)") && unknown.contains("model.export"), "\(unknown)")
    let activation = try message(replacing: "\"activation\": \"tanh\"", by: "\"activation\": \"mish\"")
    #expect(activation.contains("the activation mish within its cell"), "\(activation)")
    let stateful = try message(replacing: "\"stateful\": false", by: "\"stateful\": true")
    #expect(stateful.contains("stateful=False"), "\(stateful)")
    let order = try message(
      replacing: "\"stateful\": false", by: "\"stateful\": false, \"time_major\": true")
    #expect(order.contains("time_major=False"), "\(order)")
    let units = try message(replacing: "\"units\": 8", by: "\"units\": 7")
    #expect(units.contains("its kernel has the shape [4, 32], expected [4, 28]"), "\(units)")
    let half = try message(replacing: "\"units\": 8", by: "\"units\": 7.5")
    #expect(half.contains("units is 7.5, expected a whole number"), "\(half)")
    let subclass = try message(replacing: "\"class_name\": \"Sequential\"", by: "\"class_name\": \"Mine\"")
    #expect(subclass.contains("only Sequential and Functional"), "\(subclass)")
    let merge = try message(
      "bidirectional_last", replacing: "\"merge_mode\": \"concat\"", by: "\"merge_mode\": null")
    #expect(merge.contains("merge_mode is None"), "\(merge)")
    let around = try message(
      "tagger", replacing: "\"class_name\": \"Dense\"", by: "\"class_name\": \"Flatten\"")
    #expect(around.contains("it is around a Flatten"), "\(around)")
    let cycle = try message("functional", replacing: "[\"signal\", 0, 0]", by: "[\"code\", 0, 0]")
    #expect(cycle.contains("m.keras"), "\(cycle)")
    let input = try message(replacing: "\"batch_shape\": [null, null, 4]", by: "\"batch_shape\": [null, 4]")
    #expect(input.contains("its input has 2 axes, expected [batch, time, values]"), "\(input)")
  }

  @Test(arguments: ["words.keras", "functional.h5", "masking_both.keras"]) func withstandsDamage(
    _ name: String
  ) throws {
    let stem = String(name[..<(try #require(name.lastIndex(of: ".")))])
    let given = try NPZFile(bytes: KerasGraphTests.file(stem + ".npz"))
    try checkFormat(KerasGraphTests.file(name), rounds: 300, isCutNoticed: name.hasSuffix(".keras")) {
      (bytes) throws(FormatError) in
      let file = try KerasFile(bytes: bytes, path: "m")
      do {
        let program = try GraphProgram(KerasGraph.model(of: file), path: "m")
        let values = try KerasGraphTests.inputs(given, of: program)
        _ = try program.run(values)
      } catch let error as FormatError {
        throw error
      } catch {
        #expect(error is InterchangeError || error is GraphError, "\(error)")
      }
    }
  }

  /// Every number of a configuration at the limits of its type.
  @Test(arguments: ["convolutions", "two_inputs"]) func numbersOfTheConfiguration(_ name: String) throws {
    let archive = try ZipArchive(storage: FileBytes(KerasGraphTests.file(name + ".keras")), path: "m")
    var parts: [String: [UInt8]] = [:]
    for entry in archive.entries {
      parts[entry.name] = try archive.content(of: entry).withBytes { Array($0) }
    }
    let text = try #require(parts["config.json"])
    let files = damagedNumerals(text)
    let chosen = stride(from: 0, to: files.count, by: max(1, files.count / 400)).map { files[$0] }
    let weights = try #require(parts["model.weights.h5"])
    try checkStructure(chosen, naming: "m.keras") { text in
      let zip = Archives.zip([(name: "config.json", bytes: text), (name: "model.weights.h5", bytes: weights)])
      _ = try KerasGraph.model(of: KerasFile(bytes: zip, path: "m.keras"))
    }
  }
}
