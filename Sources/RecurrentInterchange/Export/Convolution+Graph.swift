import RecurrentFormats

extension Convolution1D {
  /// Appends the convolution as ONNX's Conv.
  ///
  /// Of a stream the steps before these are a state: `name_in`, `[B, (K - 1) d, F]`.
  ///
  /// - Parameters:
  ///   - builder: of the graph.
  ///   - value: `[T, B, F]`, zero beyond the lengths.
  ///   - lengths: int32 `[B]`; nil where all rows are full.
  ///   - name: of weights and state.
  ///   - options: of the graph.
  /// - Returns: `[T', B, O]`, not zero beyond the lengths, and these.
  /// - Throws: ``InterchangeError`` for a stream of ragged rows, or of a convolution that looks ahead.
  public func append(
    to builder: inout GraphBuilder, reading value: String, lengths: String?, name: String,
    _ options: GraphOptions
  ) throws(InterchangeError) -> (value: String, lengths: String?) {
    let (outputs, features) = (weight.shape[0], weight.shape[1] / width)
    var (value, pads) = (value, [Int64(before), Int64(padding == .valid ? 0 : reach - before)])
    if options.isStreaming {
      try builder.requireFullRows(of: "a convolution over time", options)
      guard padding == .causal, lookahead == 0 else {
        throw .notExpressible(
          what: "a convolution that looks ahead", reason: "it cannot stream")
      }
      pads = [0, 0]
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
    let result = builder.node("Transpose", [sums], ["perm": .integers([2, 0, 1])])
    return (result, lengths.map { newLengths($0, &builder) })
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
