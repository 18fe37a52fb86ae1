import Recurrent

/// Reads symbols, one of which is marked, and names the marked one at the end.
struct Recall: Module {
  static let symbols = 4
  var layer: RecurrentLayer<MinimalGatedCell>
  var output: Linear

  init(hiddenSize: Int, key: RandomKey) {
    layer = RecurrentLayer(inputSize: Recall.symbols + 1, key: key.child(0)) {
      MinimalGatedCell(inputSize: $0, hiddenSize: hiddenSize, key: $1)
    }
    output = Linear(inputSize: hiddenSize, outputSize: Recall.symbols, key: key.child(1))
  }

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("layer", &layer)
    visitor.visit("output", &output)
  }

  /// The loss of random sequences `[T, B]`, in nats; guessing has log 4 = 1.39.
  func loss(steps: Int, rows: Int, key: RandomKey) -> Tensor {
    let marked = key.child(0).uniforms(rows).map { Int($0 * Float(steps)) }
    var (features, labels) = ([Float](), [Int32](repeating: 0, count: rows))
    for (index, number) in key.child(1).uniforms(steps * rows).enumerated() {
      let (step, row, symbol) = (index / rows, index % rows, Int(number * Float(Recall.symbols)))
      features += (0..<Recall.symbols).map { $0 == symbol ? 1 : 0 } + [step == marked[row] ? 1 : 0]
      if step == marked[row] { labels[row] = Int32(symbol) }
    }
    let (_, state) = layer(SequenceBatch(Tensor(features, shape: [steps, rows, Recall.symbols + 1])))
    return crossEntropy(output(state.cells[0]), Indices(labels))
  }

  /// One step of gradient descent; returns the loss before it.
  mutating func train(steps: Int, rows: Int, rate: Float, key: RandomKey) -> Float {
    let (loss, gradient) = valueAndGradient(of: self) { $0.loss(steps: steps, rows: rows, key: key) }
    var slopes = gradient.parameters.map(\.value).makeIterator()
    self = mappingParameters { _, value in slopes.next().map { value - rate * $0 } ?? value }
    return loss.scalar
  }
}
