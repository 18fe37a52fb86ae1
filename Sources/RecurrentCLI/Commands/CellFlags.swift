import ArgumentParser
import Recurrent

/// What cells do beyond their plain equations, as flags.
struct CellFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Elman: the activation, with its alpha and beta behind colons: tanh, relu, sigmoid, affine, leaky-relu, "
        + "thresholded-relu, scaled-tanh, hard-sigmoid, elu, softsign, softplus.", valueName: "name[:a[:b]]"))
  var activation: String?
  @Flag(inversion: .prefixedNo, help: "LSTM: gates that see the cell state.")
  var peepholes: Bool?
  @Flag(inversion: .prefixedNo, help: "LSTM: a forget gate that is one minus the input gate.")
  var coupledGates: Bool?
  @Flag(inversion: .prefixedNo, help: "LSTM: layer normalisation of the products and of the cell state.")
  var layerNorm: Bool?
  @Option(help: ArgumentHelp("LSTM: the width that the outputs are projected to.", valueName: "n"))
  var projection: Int?
  @Option(help: ArgumentHelp("LSTM: the largest magnitude of the cell state.", valueName: "x"))
  var cellClip: Double?
  @Option(
    help: ArgumentHelp(
      "The probability that a number of the state keeps its value in a step.", valueName: "p"))
  var zoneout: Double?
  @Option(help: ArgumentHelp("LSTM: the same for the cell state.", valueName: "p"))
  var zoneoutCell: Double?
  @Option(help: ArgumentHelp("Dropout on the inputs of a layer, one mask for all steps.", valueName: "p"))
  var inputDropout: Double?
  @Option(help: ArgumentHelp("Dropout on the recurrent state, one mask for all steps.", valueName: "p"))
  var recurrentDropout: Double?
  @Option(help: ArgumentHelp("Dropout on the recurrent weights (AWD-LSTM).", valueName: "p"))
  var weightDrop: Double?
  @Option(help: ArgumentHelp("QRNN: steps that the convolution sees (default: 2).", valueName: "n"))
  var window: Int?
  @Option(
    help: ArgumentHelp(
      "sLSTM, mLSTM: heads, a divisor of the units (default: 4, or what divides them).", valueName: "n"))
  var heads: Int?

  func put(into settings: inout LanguageModelSettings) {
    settings.activation = activation
    settings.peepholes = peepholes
    settings.coupledGates = coupledGates
    settings.layerNorm = layerNorm
    settings.projection = projection
    settings.cellClip = cellClip
    settings.zoneout = zoneout
    settings.zoneoutCell = zoneoutCell
    settings.inputDropout = inputDropout
    settings.recurrentDropout = recurrentDropout
    settings.weightDrop = weightDrop
    settings.window = window
    settings.heads = heads
  }
}
