import RecurrentFormats

extension Convolution1D {
  /// Appends the convolution as ONNX's Conv.
  ///
  /// Of a stream the steps before these are a state: `name_in`, `[B, (K - 1) d, F]`. Where the convolution looks ahead, outputs come
  /// so many steps later: `name_seen_in`, `[B]`, counts the steps that the first one waits for, and the input `end` is 1 with the
  /// last part, whose outputs reach the end.
  ///
  /// - Parameters:
  ///   - builder: of the graph.
  ///   - value: `[T, B, F]`, zero beyond the lengths.
  ///   - lengths: int32 `[B]`; nil where all rows are full.
  ///   - name: of weights and state.
  ///   - options: of the graph.
  /// - Returns: `[T', B, O]`, not zero beyond the lengths, and these.
  /// - Throws: ``InterchangeError`` for a stream of ragged rows, of a convolution with padding on both sides, or of one that looks
  ///   ahead with a stride.
  public func append(
    to builder: inout GraphBuilder, reading value: String, lengths: String?, name: String,
    _ options: GraphOptions
  ) throws(InterchangeError) -> (value: String, lengths: String?) {
    let (outputs, features) = (weight.shape[0], weight.shape[1] / width)
    var (value, pads) = (value, [Int64(before), Int64(padding == .valid ? 0 : reach - before)])
    if options.isStreaming {
      try builder.requireFullRows(of: "a convolution over time", options)
      guard padding == .causal, lookahead == 0 || stride == 1 else {
        throw .notExpressible(
          what: "a convolution that looks ahead", reason: "it cannot stream")
      }
      pads = [0, 0]
      if lookahead > 0 { value = withEnd(value, &builder) }
      if reach > 0 {
        let before = builder.node(
          "Transpose", [builder.state(name, extents: [reach, features])], ["perm": .integers([1, 0, 2])])
        value = builder.node("Concat", [before, value], ["axis": .integer(0)])
        let last = builder.node(
          "Slice",
          [value, builder.integers([-Int64(reach)]), builder.integers([.max]), builder.integers([0])])
        builder.keep(
          builder.node("Transpose", [last], ["perm": .integers([1, 0, 2])]), as: name,
          extents: [reach, features])
      }
    }
    let kernel = weight.detached.reshaped(to: [outputs, width, features]).permuted([0, 2, 1])
    let sums = builder.node(
      "Conv",
      [
        builder.node("Transpose", [value], ["perm": .integers([1, 2, 0])]),
        builder.constant(name + ".weight", kernel), builder.constant(name + ".bias", bias.detached),
      ],
      [
        "kernel_shape": .integers([Int64(width)]), "pads": .integers(pads),
        "strides": .integers([Int64(stride)]), "dilations": .integers([Int64(dilation)]),
      ])
    var result = builder.node("Transpose", [sums], ["perm": .integers([2, 0, 1])])
    if options.isStreaming, lookahead > 0 { result = withoutBeginning(result, name, &builder) }
    return (result, lengths.map { newLengths($0, &builder) })
  }

  /// With the last part of a stream the zeros that are seen behind its end.
  private func withEnd(_ value: String, _ builder: inout GraphBuilder) -> String {
    builder.input(
      "end", .i64, [.fixed(1)], "1 with the last part of a stream, which alone is complete, 0 before it")
    let count = builder.node("Mul", ["end", builder.integers([Int64(lookahead)])])
    let pads = builder.node(
      "Concat", [builder.integers([0, 0, 0]), count, builder.integers([0, 0])], ["axis": .integer(0)])
    return builder.node("Pad", [value, pads])
  }

  /// Without the outputs before the beginning of a stream, which its first steps complete.
  private func withoutBeginning(_ value: String, _ name: String, _ builder: inout GraphBuilder) -> String {
    let steps = builder.node(
      "Slice", [builder.node("Shape", [value]), builder.integers([0]), builder.integers([1])])
    let seen = builder.state(name + "_seen", extents: [])
    let limit = builder.constant(name + ".lookahead", Tensor([Float(lookahead)], shape: [1]))
    let next = builder.node("Min", [builder.node("Add", [seen, builder.cast(steps, to: .f32)]), limit])
    builder.keep(next, as: name + "_seen", extents: [])
    let first = builder.node("Slice", [seen, builder.integers([0]), builder.integers([1])])
    let skipped = builder.cast(builder.node("Sub", [limit, first]), to: .i64)
    return builder.node("Slice", [value, skipped, builder.integers([.max]), builder.integers([0])])
  }

  /// (n - reach) / s rounded up, without the reach where there is padding.
  private func newLengths(_ lengths: String, _ builder: inout GraphBuilder) -> String {
    let lost = padding == .valid ? reach : 0
    guard lost > 0 || stride > 1 else { return lengths }
    let wide = builder.cast(lengths, to: .i64)
    let left = builder.node(
      "Max", [builder.node("Add", [wide, builder.integer(Int64(stride - 1 - lost))]), builder.integer(0)])
    return builder.cast(builder.node("Div", [left, builder.integer(Int64(stride))]), to: .i32)
  }
}

extension Convolution2D {
  /// Appends the convolution as ONNX's Conv: `[N, C, H, W]` to `[N, O, H', W']`.
  public func append(to builder: inout GraphBuilder, reading value: String, name: String) -> String {
    let (height, width) = (windows.height, windows.width)
    let (outputs, channels) = (weight.shape[0], weight.shape[1] / (height * width))
    let kernel = weight.detached.reshaped(to: [outputs, height, width, channels]).permuted([0, 3, 1, 2])
    let (above, before) = windows.isPadded ? ((height - 1) / 2, (width - 1) / 2) : (0, 0)
    let (below, behind) = windows.isPadded ? (height - 1 - above, width - 1 - before) : (0, 0)
    return builder.node(
      "Conv",
      [value, builder.constant(name + ".weight", kernel), builder.constant(name + ".bias", bias.detached)],
      [
        "kernel_shape": .integers([Int64(height), Int64(width)]),
        "pads": .integers([above, before, below, behind].map { Int64($0) }),
        "strides": .integers([Int64(windows.stride), Int64(windows.stride)]),
      ])
  }
}

extension GraphBuilder {
  /// Throws for a stream of ragged rows: `what` would have to be kept from another step of each.
  public func requireFullRows(of what: String, _ options: GraphOptions) throws(InterchangeError) {
    guard options.isStreaming, options.takesLengths else { return }
    throw .notExpressible(
      what: what, reason: "a stream of it takes rows of one length; ask for states or lengths, not for both")
  }
}
