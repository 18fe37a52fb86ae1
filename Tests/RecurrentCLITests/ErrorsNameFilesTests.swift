import Foundation
import RecurrentTestSupport
import Testing

/// Whatever is damaged, and however, what is said about it names the file.
@Suite struct ErrorsNameFilesTests {
  private let run: CommandLineRun
  private let path: String

  init() throws {
    run = try CommandLineRun()
    path = run.folder.path + "/"
    _ = try run.folder.file("lstm.onnx", fixture("lstm_peepholes.onnx"))
    _ = try run.folder.file("layers.pt", fixture("state_dict.pt"))
  }

  /// A kind of file with bytes that are sound, and how it is read.
  private struct Kind {
    let name: String
    let bytes: [UInt8]
    let read: (String) throws -> Void
  }

  private static func readAll(_ path: String) throws {
    let file = try ArrayFileCatalog.open(path).file
    for name in file.names { _ = try file.array(named: name).floats(convertsIntegers: true) }
  }

  private static func kinds() throws -> [Kind] {
    let layer = RecurrentLayer(inputSize: 3, key: RandomKey(seed: 1)) {
      AnyCell(GRU(inputSize: $0, hiddenSize: 4, key: $1))
    }
    let model: (String) throws -> Void = { _ = try AnyModel(path: $0) }
    let sequence: (String) throws -> Void = { _ = try Record.Content(reading: DataSource($0)) }
    let table: (String) throws -> Void = { path in
      let table = try RecordTable(DataSource(path))
      for row in 0..<table.count { _ = try table.row(row) }
    }
    let table1 = Array("date,load,name\n2024-01-01,1.5,\"a\"\n2024-01-02,2,b\n2024-01-03,,c\n".utf8)
    let gzip = try FixtureFile("binary_files").bytes("gzip/plain")
    return [
      Kind(name: "a.npy", bytes: try fixture("array.npy"), read: readAll),
      Kind(name: "a.npz", bytes: try fixture("arrays_compressed.npz"), read: readAll),
      Kind(name: "a.pt", bytes: try fixture("checkpoint.pt"), read: readAll),
      Kind(name: "m.pt", bytes: try fixture("state_dict.pt"), read: model),
      Kind(name: "m.safetensors", bytes: try SafetensorsWriter.encode(layer.entries()), read: model),
      Kind(name: "m.onnx", bytes: try fixture("lstm_peepholes.onnx"), read: model),
      Kind(name: "s.wav", bytes: try FixtureFile("sounds").bytes("extensible/file"), read: sequence),
      Kind(name: "p.gif", bytes: try FixtureFile("pictures").bytes("disposal_mixed/file"), read: sequence),
      Kind(name: "t.csv", bytes: table1, read: table),
      Kind(name: "s.csv", bytes: table1, read: sequence),
      Kind(name: "t.csv.gz", bytes: gzip, read: table),
      Kind(
        name: "t.jsonl", bytes: Array("{\"a\": 1, \"b\": [1, 2]}\n{\"a\": 2, \"b\": [3]}\n".utf8), read: table
      ),
      Kind(
        name: "w.conll", bytes: Array("the DT\ncat NN\n\nit PRP\n".utf8),
        read: { _ = try CoNLLFile(DataBytes(DataSource($0))) }),
      Kind(
        name: "c.ts", bytes: Array("@classLabel true x y\n@data\n1,2,?:x\n3,4,5:y\n".utf8),
        read: { _ = try TimeSeriesArchiveFile(DataBytes(DataSource($0))) }),
      Kind(
        name: "i-idx3-ubyte", bytes: [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4],
        read: { _ = try IDXFile(DataBytes(DataSource($0))) }),
    ]
  }

  /// The file cut, with bits turned, and with boundary numbers in it.
  private static func damaged(_ bytes: [UInt8]) -> [[UInt8]] {
    let cuts = stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)).map { Array(bytes.prefix($0)) }
    let flips = stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)).map { place in
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      return damaged
    }
    return cuts + flips + Array(damagedNumbers(bytes, most: 120)) + [bytes + [1, 2, 3]]
  }

  @Test func everyKindOfFile() throws {
    var refused = 0
    for kind in try ErrorsNameFilesTests.kinds() {
      let file = path + kind.name
      try Data(kind.bytes).write(to: URL(filePath: file))
      do { try kind.read(file) } catch { Issue.record("\(kind.name) is not sound: \(error)") }
      for (number, bytes) in ErrorsNameFilesTests.damaged(kind.bytes).enumerated() {
        try Data(bytes).write(to: URL(filePath: file))
        do { try kind.read(file) } catch {
          refused += 1
          #expect("\(error)".contains(file), "\(kind.name), damage \(number): \(error)")
        }
      }
    }
    #expect(refused > 1000)
  }

  /// On the command line the array that is damaged is named, also where it is the model that it does not fit.
  @Test func arraysThatModelsAreAppliedTo() throws {
    let arrays: [(String, [Int], Int)] = [
      ("x.npy", [4, 2, 5], 40), ("x.npy", [4, 2], 8), ("x.npy", [0, 2, 3], 0), ("x.npy", [4, 0, 3], 0),
    ]
    for (name, shape, count) in arrays {
      try NPYWriter.write(
        ArrayEntry(name: "x", shape: shape, floats: [Float](repeating: 0.5, count: count)), to: path + name)
      for model in ["lstm.onnx", "layers.pt"] {
        let result = try run("apply", model, "--input", name, "-o", "y.npz")
        #expect(result.code == 1 && result.errors.contains(name), "\(model) \(shape): \(result.errors)")
      }
    }
    try NPYWriter.write(
      [
        ArrayEntry(name: "other", shape: [1], floats: [1]), ArrayEntry(name: "more", shape: [1], floats: [1]),
      ],
      to: path + "named.npz")
    for model in ["lstm.onnx", "layers.pt"] {
      let result = try run("apply", model, "--input", "named.npz", "-o", "y.npz")
      #expect(result.code == 1 && result.errors.contains("named.npz"), "\(model): \(result.errors)")
    }
  }

  @Test func onTheCommandLine() throws {
    let sound = try fixture("state_dict.pt")
    try NPYWriter.write(
      ArrayEntry(name: "x", shape: [4, 2, 3], floats: [Float](repeating: 0.5, count: 24)), to: path + "x.npy")
    for (number, bytes) in ErrorsNameFilesTests.damaged(sound).enumerated() where number % 12 == 0 {
      try Data(bytes).write(to: URL(filePath: path + "broken.pt"))
      for command in [
        ["inspect", "broken.pt"], ["import", "broken.pt", "-o", "b.bundle", "--overwrite"],
        ["apply", "layers.pt", "--input", "broken.pt", "-o", "y.npz"],
      ] {
        let result = try run(command)
        #expect(
          result.code <= 1 && (result.code == 0 || result.errors.contains("broken.pt")),
          "\(command): \(result.errors)")
      }
    }
  }
}
