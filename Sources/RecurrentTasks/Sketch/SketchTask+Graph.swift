extension SketchTask {
  /// The model as a graph: `steps` (`[time, batch, 5 + C]`: dx and dy divided by the scale, one of three states of the pen, one of C labels)
  /// to `parameters [time, batch, 6K + 3]`: K logarithms of shares, means of x, means of y, deviations of x, deviations of y and correlations,
  /// and three logarithms of probabilities of the pen. A model with a latent vector is also given `latent [batch, Z]`.
  ///
  /// With a brush its standardised values and one of its colours stand behind the numbers of a step, and means, deviations and logarithms of
  /// probabilities of colours behind the parameters; the metadata `recurrent.brush` say how values are standardised.
  ///
  /// - Throws: ``InterchangeError``, also for a stream of a model with a latent vector.
  public func graph(_ model: SketchModel, _ options: GraphOptions) throws -> ONNXModel {
    var builder = GraphBuilder(name: SketchTask.name)
    let width = Int64(inputSize)
    builder.input(
      "steps", .f32, [.named("time"), .named("batch"), .fixed(width)],
      "dx and dy divided by \(scale), one of: the pen goes on, is lifted, is at the end"
        + (labels.isEmpty ? "" : "; one of the labels")
        + (brush.map { "; of the brush: \($0.names.joined(separator: ", "))" } ?? ""))
    let lengths = builder.lengths(options)
    let hidden: String
    if let bridge = model.bridge {
      guard !options.isStreaming else {
        throw InterchangeError.notExpressible(
          what: "a stream of a model with a latent vector", reason: "its first state is made of it")
      }
      hidden = try appendLatent(model.recurrent, bridge, lengths, to: &builder)
    } else {
      hidden = try model.recurrent.append(to: &builder, reading: "steps", lengths: lengths, options)
    }
    let parameters = try builder.mapRows(
      of: hidden, width: model.recurrent.outputSize, model.output, prefix: "output.",
      what: "the output of the model"
    ) { graphParameters($0($1)) }
    builder.output(
      parameters, as: "parameters", .f32,
      [.named("time"), .named("batch"), .fixed(Int64(outputSize))],
      "of the next step: \(network.mixtureCount) logarithms of shares, means of x and of y, deviations of x and of y, "
        + "correlations; 3 logarithms of probabilities of the pen"
        + (brush == nil
          ? ""
          : "; of the brush a mean and a deviation of each number, logarithms of probabilities of colours"))
    var metadata = [
      "recurrent.scale": "\(scale)", "recurrent.labels": try graphMetadata(labels),
      "recurrent.mixtures": "\(network.mixtureCount)",
    ]
    if let brush { metadata["recurrent.brush"] = try graphMetadata(brush) }
    return builder.model(task: SketchTask.name, metadata: metadata)
  }

  /// Appends the layers beside whose steps a latent vector stands, which also makes their first states.
  private func appendLatent(
    _ layer: RecurrentLayer<AnyCell>, _ bridge: Linear, _ lengths: String?, to builder: inout GraphBuilder
  ) throws -> String {
    let size = network.latentSize
    builder.input("latent", .f32, [.named("batch"), .fixed(Int64(size))], "what stands for the drawings")
    let all = try builder.mapRows(
      of: "latent", width: size, bridge, prefix: "bridge.", what: "the first states"
    ) { tanh($0($1)) }
    var start = 0
    let states = layer.initialState(batch: 1).cells.map { cell in
      cell.tensors.map { part in
        defer { start += part.count }
        let own = builder.node(
          "Slice",
          [
            all, builder.integers([Int64(start)]), builder.integers([Int64(start + part.count)]),
            builder.integers([1]),
          ])
        let shape = [0] + part.shape.dropFirst().map { Int64($0) }
        return builder.node("Reshape", [own, builder.integers(shape)])
      }
    }
    // the same vector at each step: beside a zero of each
    let zeros = builder.node(
      "Mul",
      [
        builder.node(
          "Slice", ["steps", builder.integers([0]), builder.integers([1]), builder.integers([2])]),
        builder.constant("zero", Tensor(0)),
      ])
    let beside = builder.node("Add", [zeros, builder.node("Unsqueeze", ["latent", builder.integers([0])])])
    let input = builder.node("Concat", ["steps", beside], ["axis": .integer(2)])
    return try layer.append(
      to: &builder, RecurrentLayerGraph(input: input, lengths: lengths, states: states)
    ).output
  }

  /// What numbers of the network `[N, 6K + 3]`, with those of the brush, stand for.
  private func graphParameters(_ numbers: Tensor) -> Tensor {
    let count = mixture.count
    func block(_ first: Int, _ size: Int) -> Tensor {
      numbers.sliced(axis: numbers.rank - 1, first * count..<(first + size) * count)
    }
    let pens = numbers.sliced(axis: numbers.rank - 1, 6 * count..<6 * count + PenState.allCases.count)
    let brushes = brush?.graphParameters(numbers.sliced(axis: numbers.rank - 1, brushNumbers)) ?? []
    return concatenate(
      [
        logSoftmax(block(0, 1)), block(1, 2), softplus(block(3, 2)) + mixture.leastDeviation,
        tanh(block(5, 1)) * Float(GaussianMixtureOutput.largestCorrelation), logSoftmax(pens),
      ] + brushes, axis: numbers.rank - 1)
  }

  /// Random steps for the graph with what the model says behind each.
  public func graphVerification(
    _ model: SketchModel, _ options: GraphOptions
  ) throws -> GraphVerification {
    let (steps, batch) = (GraphVerification.stepCount, GraphVerification.batchSize)
    let width = inputSize
    let numbers = RandomKey(seed: 20).uniforms(steps * batch * width).map { 2 * $0 - 1 }
    let vectors = Tensor(numbers, shape: [steps, batch, width])
    guard network.latentSize == 0 else {
      let lengths = options.takesLengths ? [steps, 1, 4] : Array(repeating: steps, count: batch)
      let latent = Tensor(uniformIn: -1...1, shape: [batch, network.latentSize], key: RandomKey(seed: 21))
      var given = ["steps": GraphValue(vectors), "latent": GraphValue(latent)]
      if options.takesLengths { given["lengths"] = GraphVerification.value(of: lengths, in: 0..<steps) }
      let expected = graphParameters(model(vectors, lengths: lengths, latent: latent))
      return GraphVerification(parts: [
        GraphVerification.Part(inputs: given, expected: ["parameters": GraphValue(expected)])
      ])
    }
    return GraphVerification(model.recurrent, vectors: vectors, options) { part in
      let own = numbers[part.lowerBound * batch * width..<part.upperBound * batch * width]
      return ["steps": GraphValue(Tensor(Array(own), shape: [part.count, batch, width]))]
    } outputs: { hidden in
      ["parameters": graphParameters(model.output(hidden))]
    }
  }
}
