import Recurrent

/// A layer whose input gets a gradient too.
private struct LayerWithInput: Module {
  var layer: RecurrentLayer<AnyCell>
  var input: Tensor

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit(suffix: "", &layer)
    visitor.visit("input", &input)
  }
}

extension Problem {
  /// Our layers with the parameters that everybody has.
  func makeLayer() -> RecurrentLayer<AnyCell> {
    let layer = RecurrentLayer(
      layerCount: self["layers"], inputSize: self["I"], isBidirectional: self["directions"] == 2,
      key: RandomKey(seed: 1)
    ) { makeCell(inputSize: $0, key: $1) }
    return layer.filled { _ in 1 / Float(self["H"]).squareRoot() }
  }

  /// The layers as an ONNX file that was written and read again; nil for a cell that is none.
  func makeGraph() -> GraphProgram? {
    var builder = GraphBuilder(name: "problem")
    builder.input("x", .f32, [.named("time"), .named("batch"), .fixed(Int64(self["I"]))])
    let layer = makeLayer()
    guard let result = try? layer.append(to: &builder, RecurrentLayerGraph(input: "x")) else { return nil }
    builder.output(
      result.output, as: "output", .f32, [.named("time"), .named("batch"), .fixed(Int64(layer.outputSize))])
    guard let bytes = try? ONNXWriter.encode(builder.model()) else { return nil }
    return try? GraphProgram(ONNXReader.read(bytes: bytes))
  }

  var input: Tensor {
    SharedNumbers.tensor("input", shape: [self["T"], self["B"], self["I"]], bound: 1)
  }
}

extension Work {
  /// Inference over whole sequences, with weights that were brought into the form of the kernels once.
  static func layerForward(_ problem: Problem) -> Work {
    let layer = problem.makeLayer().packed()
    let batch = SequenceBatch(problem.input, lengths: problem.lengths)
    return Work(
      run: { milliseconds { _ = layer(batch) } },
      check: {
        let outputs = layer(batch).outputs
        let upstream = SharedNumbers.tensor("upstream", shape: outputs.shape, bound: 1)
        return ["loss": Double((outputs * upstream).sum().scalar), "output": outputs.norm]
      })
  }

  /// The same as a graph that was read from the bytes of an ONNX file.
  static func graph(_ problem: Problem) -> Work {
    guard let program = problem.makeGraph() else { fatalError("the layers are no graph") }
    let inputs = ["x": GraphValue(problem.input)]
    func output() -> Tensor {
      guard let result = try? program.run(inputs)["output"] else { fatalError("the graph cannot be run") }
      return result.tensor
    }
    return Work(
      run: { milliseconds { _ = output() } },
      check: {
        let outputs = output()
        let upstream = SharedNumbers.tensor("upstream", shape: outputs.shape, bound: 1)
        return ["loss": Double((outputs * upstream).sum().scalar), "output": outputs.norm]
      })
  }

  /// Forward and backward with the gradients of the input and of all parameters; checked without noise.
  static func layerTraining(_ problem: Problem) -> Work {
    let model = LayerWithInput(layer: problem.makeLayer(), input: problem.input)
    let shape = [problem["T"], problem["B"], model.layer.outputSize]
    let upstream = SharedNumbers.tensor("upstream", shape: shape, bound: 1)
    func train(_ mode: Mode) -> (value: Tensor, gradient: LayerWithInput) {
      valueAndGradient(of: model) { model in
        let batch = SequenceBatch(model.input, lengths: problem.lengths)
        return (model.layer(batch, mode: mode).outputs * upstream).sum()
      }
    }
    return Work(
      run: { milliseconds { _ = train(.training(RandomKey(seed: 1))) } },
      check: {
        let (loss, gradient) = train(.inference)
        let outputs = model.layer(SequenceBatch(model.input, lengths: problem.lengths)).outputs
        let norms = gradient.parameters.map { ("d_" + $0.name, $0.value.norm) }
        return ["loss": Double(loss.scalar), "output": outputs.norm].merging(norms) { $1 }
      })
  }

  /// Single steps with the state carried; the time is that of one step.
  static func steps(_ problem: Problem) -> Work {
    let beginning = RecurrentStepper(problem.makeLayer(), batchSize: problem["B"])
    let input = SharedNumbers.tensor("input", shape: [problem["B"], problem["I"]], bound: 1).scalars
    let count = problem["steps"]
    // from the zero state, each step reads the same input
    func stream(_ count: Int) -> RecurrentStepper<AnyCell> {
      var stepper = beginning
      for _ in 0..<count { stepper.step(input) }
      return stepper
    }
    return Work(
      run: { milliseconds { _ = stream(count) } / Double(count) },
      check: { ["output": Tensor(stream(5).output).norm] })
  }
}
