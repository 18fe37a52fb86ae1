import ArgumentParser
import Recurrent

/// `recurrent import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a bundle of a model of PyTorch, Keras or ONNX.",
    discussion: """
      Takes an ONNX model, a whole model of Keras (.keras, .h5), or the parameters of recurrent layers (.pt, .pth, .safetensors, \
      .npz, .weights.h5) by the names of PyTorch or Keras 3. Nothing is taken in part: every array must be used and every one that is needed must be there.

      Example:

        recurrent import lstm.pt --output lstm.bundle
        recurrent import checkpoint.pt --prefix encoder.rnn --output encoder.bundle
        recurrent import model.onnx --output model.bundle
      """)

  @Argument(help: ArgumentHelp("The model.", valueName: "file"))
  var model: String

  @Option(name: [.short, .long], help: ArgumentHelp("The bundle, a folder.", valueName: "bundle"))
  var output: String

  @OptionGroup var layers: LayerOptions

  @Flag(help: "Replace a bundle that stands there.")
  var overwrite = false

  func run() throws {
    try ModelBundle<ImportedLayers.Description>.checkPlace(output, overwrites: overwrite)
    let found = try AnyModel(path: model, prefix: layers.prefix, unsaid: layers.unsaid)
    switch found {
    case .layers(let layers):
      try layers.write(to: output, overwrites: overwrite)
      let stack = layers.description.stack
      Terminal.output(
        "\(output): \(stack.layers.count) layer\(stack.layers.count == 1 ? "" : "s"), "
          + "\(stack.inputSize) inputs, \(layers.layer.outputSize) outputs, \(grouped(layers.layer.parameterCount)) parameters"
      )
    case .graph(let graph):
      try graph.write(to: output, overwrites: overwrite)
      Terminal.output(
        "\(output): \(graph.model.graph.nodes.count) nodes; inputs \(graph.description.inputs.joined(separator: ", ")); "
          + "outputs \(graph.description.outputs.joined(separator: ", "))")
    case .task: throw RunError.apply("\(model): is a bundle already")
    }
  }
}

/// What a file with the parameters of recurrent layers does not say.
struct LayerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What stands before the names of the layers, where the file holds other parameters too.",
      valueName: "text"))
  var prefix: String?

  @Option(
    help: ArgumentHelp("The activation of a plain RNN: tanh or relu (default: tanh).", valueName: "name"))
  var nonlinearity: String?

  @Option(
    help: ArgumentHelp(
      "Of a Keras GRU without biases: after (reset_after=True, Keras' default) or before.", valueName: "name")
  )
  var reset: String?

  @Option(
    help: ArgumentHelp(
      "Of Keras layers, where the file does not tell: their names from the first to the last, with commas.",
      valueName: "names"))
  var layerOrder: String?

  func validate() throws {
    if let nonlinearity, !["tanh", "relu"].contains(nonlinearity) {
      throw ValidationError("--nonlinearity is \(nonlinearity), expected tanh or relu")
    }
    if let reset, !["after", "before"].contains(reset) {
      throw ValidationError("--reset is \(reset), expected after or before")
    }
  }

  var unsaid: StoredLayers.Unsaid {
    StoredLayers.Unsaid(
      activation: nonlinearity == "relu" ? .elmanReLU : .elman,
      gruWithoutBias: reset.map { $0 == "before" ? .gruResetBefore : .gru },
      layerOrder: layerOrder.map { $0.split(separator: ",").map(String.init) })
  }
}
