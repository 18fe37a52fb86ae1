import ArgumentParser
import Recurrent

/// `recurrent inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a file: names, shapes, types, sizes, hash.",
    discussion: """
      Reads safetensors, NumPy's .npy and .npz, checkpoints of PyTorch (.pt, .pth), models of Keras (.keras, .h5), HDF5, ONNX \
      models, states and bundles. What a file is shows its content, not its name; no code in it is ever run.

      Example:

        recurrent inspect model.onnx
        recurrent inspect checkpoint.pt --json
        recurrent inspect monday.safetensors --compare tuesday.safetensors

      With --compare the exit code is 0 where both hold the same numbers, else 1.
      """)

  @Argument(help: ArgumentHelp("The file, or the folder of a bundle.", valueName: "file"))
  var path: String

  @Option(
    help: ArgumentHelp("Another file of arrays, a state for example, to compare with.", valueName: "file"))
  var compare: String?

  @Flag(help: "One line of JSON.")
  var json = false

  func run() throws {
    if let compare { return try show(ArrayComparison(path, compare)) }
    let inspection = try Inspection(path: path)
    if let damage = Inspection.damage(of: path) { Terminal.error("warning: \(damage)") }
    if json {
      try JSONLine.output(inspection)
    } else {
      for line in inspection.lines { Terminal.output(line) }
    }
  }

  private func show(_ comparison: ArrayComparison) throws {
    if json {
      try JSONLine.output(comparison)
    } else {
      for line in comparison.lines { Terminal.output(line) }
    }
    if !comparison.isSame { throw ExitCode.failure }
  }
}

/// What is in a file.
struct Inspection: Encodable {
  /// An array of the file.
  struct Row: Encodable {
    let name: String
    let type: String
    let shape: [Int]
    let bytes: Int
  }

  /// A value that goes into a graph or comes out of it.
  struct Port: Encodable {
    let name: String
    let type: String
    let shape: String
  }

  let path: String
  var format: String
  let bytes: Int
  let sha256: String
  var metadata: [String: String] = [:]
  var arrays: [Row] = []
  var inputs: [Port]?
  var outputs: [Port]?
  /// How often each operator occurs.
  var operators: [String: Int]?

  init(path: String) throws {
    let file = AnyModel.file(of: path)
    self.path = path
    bytes = try MappedFile(path: file).count
    sha256 = try SHA256.hash(file: file)
    if KerasFile.recognizes(file) {
      let model = try KerasFile(path: file)
      format = "keras"
      metadata = ["keras_version": model.version]
      arrays = try model.weights.names.map { Inspection.row(try model.weights.array(named: $0)) }
      return
    }
    if ArrayFileCatalog.recognizes(file) {
      let (format, arrays) = try ArrayFileCatalog.open(file)
      self.format = file == path ? format.rawValue : "bundle"
      metadata = arrays.metadata
      if metadata["format"] == "recurrent-state" { self.format = "state" }
      self.arrays = try arrays.names.map { Inspection.row(try arrays.array(named: $0)) }
      return
    }
    let model = try AnyModel.onnx(file)
    format = "onnx"
    metadata = model.metadata
    metadata["producer"] = "\(model.producerName) \(model.producerVersion)"
    for (domain, version) in model.opsets {
      metadata["opset\(domain.isEmpty ? "" : " " + domain)"] = "\(version)"
    }
    arrays = model.graph.initializers.map { Inspection.row($0.array) }
    inputs = model.graph.inputs.map(Inspection.port)
    outputs = model.graph.outputs.map(Inspection.port)
    operators = model.graph.nodes.reduce(into: [:]) {
      $0[($1.domain.isEmpty ? "" : $1.domain + ".") + $1.operatorType, default: 0] += 1
    }
  }

  /// What is wrong with the content of a file or bundle by its checksums; nil where they are right or there are none.
  static func damage(of path: String) -> (any Error)? {
    let file = AnyModel.file(of: path)
    do {
      if file != path {
        try ModelBundleHead.verify(path)
      } else if ArrayFileCatalog.recognizes(file),
        let arrays = try ArrayFileCatalog.open(file).file as? SafetensorsFile
      {
        try arrays.verifyChecksum()
      }
      return nil
    } catch {
      return error
    }
  }

  private static func row(_ array: StoredArray) -> Row {
    Row(name: array.name, type: array.elementType.rawValue, shape: array.shape, bytes: array.byteCount)
  }

  private static func port(_ info: ONNXValueInfo) -> Port {
    let extents = info.shape.map { shape in
      "["
        + shape.map { extent in
          switch extent {
          case .fixed(let value): "\(value)"
          case .named(let name): name
          case .unknown: "?"
          }
        }.joined(separator: ", ") + "]"
    }
    return Port(name: info.name, type: info.elementType?.rawValue ?? "?", shape: extents ?? "?")
  }

  /// The same for people.
  var lines: [String] {
    var lines = ["\(path): \(format), \(grouped(bytes)) bytes", "sha256 \(sha256)"]
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      lines.append("\(key): \(value.count > 200 ? value.prefix(200) + "..." : value)")
    }
    for (title, ports) in [("inputs", inputs), ("outputs", outputs)] {
      guard let ports else { continue }
      lines += ["", title] + TextTable.lines(ports.map { [$0.name, $0.type, $0.shape] })
    }
    if let operators {
      lines +=
        ["", "operators"]
        + TextTable.lines(operators.sorted { $0.key < $1.key }.map { [$0.key, "\($0.value)"] })
    }
    guard !arrays.isEmpty else { return lines }
    let numbers = arrays.reduce(0) { $0 + $1.shape.reduce(1, *) }
    lines += ["", "\(arrays.count) array\(arrays.count == 1 ? "" : "s"), \(grouped(numbers)) numbers"]
    return lines
      + TextTable.lines(arrays.map { [$0.name, $0.type, "\($0.shape)", grouped($0.bytes) + " bytes"] })
  }
}
