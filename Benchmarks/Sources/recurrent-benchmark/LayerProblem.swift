import Foundation
import Recurrent

/// A recurrent layer and the size of its input, as a line of a problem file: `cell I H B T layers directions`.
struct LayerProblem {
  let cell: String
  let input, hidden, batch, steps, layers, directions: Int

  /// Reads a file of problems; lines that begin with # are comments.
  static func read(_ path: String) throws -> [LayerProblem] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").enumerated().compactMap { number, line in
      let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let cell = fields.first, !cell.hasPrefix("#") else { return nil }
      let sizes = fields.dropFirst().compactMap { Int($0) }
      guard sizes.count == 6, fields.count == 7, sizes.allSatisfy({ $0 > 0 }),
        ["lstm", "gru", "rnn_tanh", "rnn_relu"].contains(cell)
      else {
        throw ProblemError(
          description: "\(path): line \(number + 1): expected `cell I H B T layers directions`")
      }
      return LayerProblem(
        cell: cell, input: sizes[0], hidden: sizes[1], batch: sizes[2], steps: sizes[3], layers: sizes[4],
        directions: sizes[5])
    }
  }

  /// Its name in tables.
  var name: String {
    "\(cell) I=\(input) H=\(hidden) B=\(batch) T=\(steps)\(layers > 1 ? " L=\(layers)" : "")\(directions > 1 ? " bi" : "")"
  }

  /// Multiplications and additions of a forward pass; a training step has three times as many.
  var operations: Double {
    let gates = cell == "lstm" ? 4.0 : cell == "gru" ? 3.0 : 1.0
    return (0..<layers).reduce(0.0) { sum, layer in
      let width = layer == 0 ? input : hidden * directions
      return sum + 2 * gates * Double(hidden * (width + hidden) * batch * steps * directions)
    }
  }

  /// What the peers are asked.
  func request(mode: String, threads: Int, onednn: Bool) -> [String: Any] {
    [
      "cell": cell, "I": input, "H": hidden, "B": batch, "T": steps, "layers": layers,
      "directions": directions,
      "mode": mode, "threads": threads, "repeat": 1, "onednn": onednn,
    ]
  }

  /// The two things that are timed.
  func runs() -> (forward: () -> Void, training: () -> Void) {
    let kinds: [String: CellCatalog] = [
      "lstm": .lstm, "gru": .gru, "rnn_tanh": .elman, "rnn_relu": .elmanReLU,
    ]
    let kind = kinds[cell] ?? .lstm
    let key = RandomKey(seed: 1)
    let layer = RecurrentLayer(
      layerCount: layers, inputSize: input, isBidirectional: directions == 2, key: key
    ) { kind.make(inputSize: $0, hiddenSize: hidden, key: $1) }
    let x = Tensor(normalWithMean: 0, deviation: 1, shape: [steps, batch, input], key: key.child(1))
    let upstream = Tensor(
      normalWithMean: 0, deviation: 1, shape: [steps, batch, hidden * directions], key: key.child(2))
    let trained = LayerWithInput(layer: layer, input: x)
    return (
      { _ = layer(SequenceBatch(x)) },
      { _ = valueAndGradient(of: trained) { ($0.layer(SequenceBatch($0.input)).outputs * upstream).sum() } }
    )
  }
}

struct ProblemError: Error, CustomStringConvertible {
  let description: String
}

/// A layer whose input gets a gradient too.
private struct LayerWithInput: Module {
  var layer: RecurrentLayer<AnyCell>
  var input: Tensor

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("layer", &layer)
    visitor.visit("input", &input)
  }
}
