import Foundation
import RecurrentTestSupport
import Testing

/// Small files that ask for all memory or all time end by themselves, with a message that names them.
@Suite struct HostileFileTests {
  private let run: CommandLineRun
  private let path: String

  init() throws {
    run = try CommandLineRun()
    path = run.folder.path + "/"
    _ = try run.folder.file("layers.pt", fixture("state_dict.pt"))
    _ = try run.folder.file("lstm.onnx", fixture("lstm_peepholes.onnx"))
  }

  /// Runs a command with 1.5 GB of address space and 20 seconds of processor time, and expects a message about `file`.
  private func refused(_ command: String, naming file: String, _ parts: String...) throws {
    let result = try run.shell("ulimit -v 1500000; ulimit -t 20; exec \"$R\" \(command)")
    #expect(result.code == 1, "\(command): \(result.code) \(result.errors.suffix(400))")
    for part in [file] + parts {
      #expect(result.errors.contains(part), "\(command): \(result.errors.suffix(400))")
    }
  }

  @Test func compressedTables() throws {
    _ = try run.folder.file("bomb.csv.gz", Archives.gzippedLetters(100 << 20))
    try refused(
      "train classification bomb.csv.gz --dry-run -o b.bundle", naming: "bomb.csv.gz",
      "RECURRENT_LIMIT_FACTOR")
  }

  @Test func compressedArrays() throws {
    let bytes = Archives.deflatedLetters(100 << 20)
    _ = try run.folder.file(
      "bomb.npz", Archives.zip([(name: "x.npy", bytes: bytes, isDeflated: true, count: 100 << 20)]))
    try refused("apply layers.pt --input bomb.npz -o y.npz", naming: "bomb.npz", "RECURRENT_LIMIT_FACTOR")
    // a limit that is lifted lets the file be read, and found to be no array
    let result = try run.shell(
      "RECURRENT_LIMIT_FACTOR=4 exec \"$R\" apply layers.pt --input bomb.npz -o y.npz")
    #expect(result.code == 1 && !result.errors.contains("RECURRENT_LIMIT_FACTOR"), "\(result.errors)")
    let wrong = try run.shell("RECURRENT_LIMIT_FACTOR=much exec \"$R\" inspect layers.pt")
    #expect(wrong.code == 2 && wrong.errors.contains("RECURRENT_LIMIT_FACTOR is \"much\""), "\(wrong.errors)")
  }

  @Test(arguments: ["[0, 4611686018427387904, 4]", "[1099511627776, 0, 3]", "[0, 0, 9223372036854775807]"])
  func arraysWithoutNumbers(_ shape: String) throws {
    let header = "{\"x\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[0,0]}}"
    _ = try run.folder.file("x.safetensors", Archives.little(header.utf8.count, 8) + Array(header.utf8))
    for model in ["layers.pt", "lstm.onnx"] {
      try refused("apply \(model) --input x.safetensors -o y.npz", naming: "x.safetensors")
    }
  }

  @Test func nestedRecords() throws {
    for depth in [500, 100_000] {
      try run.write("deep.jsonl", "{\"text\": \(String(repeating: "[{\"a\":", count: depth))\n")
      try refused("train classification deep.jsonl --dry-run -o b.bundle", naming: "deep.jsonl", "line 1")
    }
  }

  @Test func loops() throws {
    var body = ONNXGraph()
    body.inputs = [
      ONNXValueInfo(name: "i", elementType: .i64), ONNXValueInfo(name: "c", elementType: .bool),
      ONNXValueInfo(name: "a", elementType: .f32),
    ]
    body.outputs = [ONNXValueInfo(name: "d"), ONNXValueInfo(name: "b")]
    for isDoubling in [true, false] {
      let node =
        isDoubling
        ? ONNXNode("Concat", inputs: ["a", "a"], outputs: ["b"], attributes: ["axis": .integer(0)])
        : ONNXNode("Relu", inputs: ["a"], outputs: ["b"])
      body.nodes = [ONNXNode("Identity", inputs: ["c"], outputs: ["d"]), node]
      var model = ONNXModel()
      model.opsets = ["": 17]
      model.graph.inputs = [ONNXValueInfo(name: "x", elementType: .f32)]
      model.graph.outputs = [ONNXValueInfo(name: "y")]
      model.graph.nodes = [
        ONNXNode("Loop", inputs: ["", "", "x"], outputs: ["y"], attributes: ["body": .graph(body)])
      ]
      try ONNXWriter.write(model, to: path + "loop.onnx")
      try NPYWriter.write(ArrayEntry(name: "x", shape: [2], floats: [1, 2]), to: path + "x.npy")
      try refused("apply loop.onnx --input x.npy -o y.npz", naming: "loop.onnx", "RECURRENT_LIMIT_FACTOR")
    }
  }
}

/// A standard stream that is closed never becomes a file of data.
@Suite struct ClosedStreamTests {
  @Test func messagesAreNotWrittenIntoFiles() throws {
    let run = try CommandLineRun()
    try run.write("t.txt", sampleText(4000))
    let train =
      "\"$R\" train language-model t.txt --tensorboard logs/a -o m.bundle " + tiny.joined(separator: " ")
    for closed in ["2>&-", "0<&- 2>&-", "0<&- 1>&- 2>&-"] {
      let result = try run.shell("rm -rf logs m.bundle; \(train) \(closed)")
      #expect(result.code == 0 || closed.contains("1>&-"), "\(closed): \(result.code) \(result.errors)")
      let lines = run.text("logs/a/metrics.csv").split(separator: "\n")
      #expect(lines.first?.hasPrefix("step,epoch,loss") ?? false, "\(closed): \(lines.prefix(3))")
      let width = lines.first?.split(separator: ",").count
      #expect(
        lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == width },
        "\(closed)")
      #expect(result.code != 0 || run.text("m.bundle/task.json").hasPrefix("{"), "\(closed)")
    }
  }

  /// Results that cannot be written are an error, as before.
  @Test func aClosedOutputIsAnError() throws {
    let run = try CommandLineRun()
    _ = try run.folder.file("layers.pt", fixture("state_dict.pt"))
    let result = try run.shell("exec \"$R\" inspect layers.pt 1>&-")
    #expect(
      result.code == 1 && result.errors.contains("standard output cannot be written"), "\(result.errors)")
  }
}
