import ArgumentParser
import Recurrent

/// `recurrent export`.
struct ExportCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case onnx, safetensors
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model for other systems, and prove that it is the same.",
    discussion: """
      An ONNX file is read back and run beside the model on random inputs; the largest difference is printed. With \
      --verify-with onnxruntime ONNX Runtime runs it too, where Python has it. Batch and time are open in the file.

      Of models of all tasks the arithmetic of the features is in the file: scales, gaps, windows. What is not, spectra of \
      sound and tokens of text, the card says (--card, and recurrent.card in the metadata).

      Example:

        recurrent export book.bundle --format onnx --output book.onnx
        recurrent export book.bundle --format onnx --streaming --output step.onnx --verify-with onnxruntime
        recurrent export sales.bundle --output sales.onnx --card sales.md
        recurrent export book.bundle --format safetensors --output book.safetensors
      """)

  @Argument(help: ArgumentHelp("A bundle, or a file that import reads.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("onnx or safetensors (default: by the name of the output).", valueName: "name"))
  var format: Format?

  @Option(name: [.short, .long], help: ArgumentHelp("The file.", valueName: "file"))
  var output: String

  @Flag(help: "States are inputs and outputs of the graph: h_l0_in, h_l0_out and so on.")
  var streaming = false

  @Flag(help: "The lengths of the rows are an input of the graph.")
  var lengths = false

  @Option(
    help: ArgumentHelp("Writes what the graph takes and gives, and what its caller does.", valueName: "file"))
  var card: String?

  @Option(
    help: ArgumentHelp(
      "float32, or int8 for LSTMs with weights of bytes (com.microsoft.DynamicQuantizeLSTM).",
      valueName: "name"))
  var precision: Precision = .float32

  @Option(help: ArgumentHelp("onnxruntime: run the file there too.", valueName: "name"))
  var verifyWith: String?

  @Option(help: ArgumentHelp("The Python that has it (default: python3).", valueName: "program"))
  var python = "python3"

  @OptionGroup var layers: LayerOptions

  @Flag(help: "The result as one line of JSON.")
  var json = false

  func validate() throws {
    if let verifyWith, verifyWith != "onnxruntime" {
      throw ValidationError("--verify-with is \(verifyWith), expected onnxruntime")
    }
    guard precision != .bfloat16 else {
      throw ValidationError(
        "--precision is bfloat16, which ONNX's recurrent operators do not have; expected float32 or int8")
    }
    guard format ?? nameFormat != nil else {
      throw ValidationError("--format is missing: \(output) ends neither in .onnx nor in .safetensors")
    }
    if (format ?? nameFormat) == .safetensors,
      streaming || lengths || verifyWith != nil || card != nil || precision != .float32
    {
      throw ValidationError(
        "--streaming, --lengths, --card, --precision and --verify-with belong to --format onnx")
    }
  }

  private var nameFormat: Format? { Format.allCases.first { output.hasSuffix("." + $0.rawValue) } }

  private struct Line: Encodable {
    var output: String
    var format: String
    var bytes: Int
    var difference: Float?
    var onnxRuntimeDifference: Float?
  }

  func run() throws {
    try OutputFile.check(output, flag: "--output", apartFrom: [model])
    try OutputFile.check(card, flag: "--card", apartFrom: [model, output])
    let found = try AnyModel(path: model, prefix: layers.prefix, unsaid: layers.unsaid)
    var line = Line(output: output, format: (format ?? nameFormat ?? .onnx).rawValue, bytes: 0)
    if line.format == Format.safetensors.rawValue {
      try SafetensorsWriter.write(found.arrays(), metadata: ["format": "pt"], to: output)
    } else {
      let options = GraphOptions(
        isStreaming: streaming, takesLengths: lengths, isQuantized: precision == .int8)
      let graph = try found.graph(options)
      try ONNXWriter.write(graph, to: output)
      if let card { try AtomicFile.write(Array((graph.metadata["recurrent.card"] ?? "").utf8), to: card) }
      if let verification = try found.graphVerification(options) {
        let program = try GraphProgram(path: output)
        line.difference = try verification.largestDifference(in: graph) { try program.run($0) }
        if verifyWith != nil {
          let runtime = ONNXRuntime(python: python)
          line.onnxRuntimeDifference = try verification.largestDifference(in: graph) {
            try runtime.run(output, $0)
          }
        }
      }
    }
    line.bytes = try MappedFile(path: output).count
    if json { return try JSONLine.output(line) }
    Terminal.output("\(output): \(grouped(line.bytes)) bytes")
    if let difference = line.difference {
      Terminal.output("largest difference from the model: \(difference)")
    }
    if let difference = line.onnxRuntimeDifference {
      Terminal.output("largest difference in ONNX Runtime: \(difference)")
    }
  }
}
