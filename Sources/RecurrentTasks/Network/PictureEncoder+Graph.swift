extension PictureEncoder {
  /// Appends the encoder, with what it sees of each picture beside its brightness: `[T, B, H * W]` to `[T, B, S]`.
  ///
  /// - Throws: ``InterchangeError``.
  func append(
    to builder: inout GraphBuilder, reading value: String, _ scale: PictureScale, _ options: GraphOptions
  ) throws -> String {
    let pixels = height * width
    try builder.requireFullRows(of: "a sequence of pictures", options)
    func first(_ start: Int64, _ end: Int64) -> String {
      builder.node(
        "Slice", [value, builder.integers([start]), builder.integers([end]), builder.integers([0])])
    }
    func last(_ value: String) -> String {
      builder.node("Gather", [value, builder.integer(-1)], ["axis": .integer(0)])
    }
    var (before, counts) = (first(0, 1), builder.node("Add", [builder.steps(of: value), builder.integer(1)]))
    var sums = builder.node("CumSum", [value, builder.integer(0)])
    counts = builder.node("Unsqueeze", [builder.cast(counts, to: .f32), builder.integers([1, 2])])
    if options.isStreaming {
      let count = builder.state("picture_count", extents: [1])
      let isBegun = builder.node("Greater", [count, builder.constant("zero", Tensor(0))])
      before = builder.node("Where", [isBegun, builder.state("picture_last", extents: [pixels]), before])
      sums = builder.node("Add", [sums, builder.state("picture_sum", extents: [pixels])])
      counts = builder.node("Add", [counts, count])
      builder.keep(last(counts), as: "picture_count", extents: [1])
      builder.keep(last(value), as: "picture_last", extents: [pixels])
      builder.keep(last(sums), as: "picture_sum", extents: [pixels])
    }
    before = builder.node("Concat", [before, first(0, -1)], ["axis": .integer(0)])
    let channels = [
      (builder.node("Sub", [value, builder.constant("picture.mean", Tensor(scale.mean))]), scale.deviation),
      (builder.node("Sub", [value, before]), scale.changeDeviation),
      (builder.node("Sub", [value, builder.node("Div", [sums, counts])]), scale.motionDeviation),
    ].enumerated().map { index, channel in
      let scaled = builder.node(
        "Div", [channel.0, builder.constant("picture.deviation.\(index)", Tensor(channel.1))])
      return builder.node("Unsqueeze", [scaled, builder.integers([2])])
    }
    var pictures = builder.node(
      "Reshape",
      [
        builder.node("Concat", channels, ["axis": .integer(2)]),
        builder.integers([-1, Int64(PictureHistory.channelCount), Int64(height), Int64(width)]),
      ])
    for (index, convolution) in convolutions.enumerated() {
      pictures = builder.node(
        "Relu",
        [convolution.append(to: &builder, reading: pictures, name: "picture.convolution.\(index)")])
    }
    let inner = output.weight.shape[1]
    let rows = builder.node(
      "Reshape",
      [
        builder.node("Transpose", [pictures], ["perm": .integers([0, 2, 3, 1])]),
        builder.integers([-1, Int64(inner)]),
      ])
    let vectors = try builder.mapRows(
      of: rows, width: inner, self, prefix: "picture.", what: "the encoder of pictures"
    ) { $0.norm($0.output($1)) }
    let shape = builder.node(
      "Slice", [builder.shape(of: value), builder.integers([0]), builder.integers([2])])
    let extents = builder.node(
      "Concat", [shape, builder.integers([Int64(output.weight.shape[0])])], ["axis": .integer(0)])
    return builder.node("Reshape", [vectors, extents])
  }
}
