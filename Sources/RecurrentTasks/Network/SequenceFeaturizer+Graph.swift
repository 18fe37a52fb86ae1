import RecurrentReports

extension SequenceFeaturizer {
  /// Appends the features as far as they are arithmetic: tokens `[T, B]`, and numbers `[T, B, F]`; the card says what the
  /// caller does before.
  ///
  /// - Throws: ``InterchangeError``.
  func append(
    to builder: inout GraphBuilder, lengths: String?, _ options: GraphOptions
  ) throws -> (tokens: String?, values: String?) {
    func input(
      _ name: String, _ extents: [Int], _ meaning: String, _ type: ElementType = .f32
    ) -> String {
      builder.input(
        name, type, [.named("time"), .named("batch")] + extents.map { .fixed(Int64($0)) }, meaning)
      return name
    }
    builder.note("The fitted featurizer stands in the metadata `recurrent.featurizer`.")
    switch self {
    case .text(let own):
      let small = own.lowersCase ? ", in small letters," : ""
      builder.note(
        own.readsWords
          ? "Each word\(small) becomes its number in the vocabulary, 0 where it is unknown."
          : "Text\(small) becomes tokens by the vocabulary, at most \(own.lengthLimit)."
      )
      let tokens = input("tokens", [], "numbers in the vocabulary", .i64)
      guard own.evidence != nil else { return (tokens, nil) }
      builder.note(
        "`evidence` are the log-count ratios of each token, and of it with the one before, by the counts in the featurizer."
      )
      return (tokens, input("evidence", [own.featureCount], "what the words say about the classes"))
    case .sound(let own):
      builder.note(Self.duty(own.spectrum))
      if let stack = own.stack {
        builder.note(
          "A step is \(stack.size) neighbouring frames beside each other, every \(stack.stride) frames; those behind the last are "
            + "the last one again.")
      }
      let size = own.stack?.size ?? 1
      func repeated(_ values: [Double]) -> [Double] {
        [[Double]](repeating: values, count: size).flatMap { $0 }
      }
      let value = input(
        "spectra", [own.featureCount],
        size == 1
          ? "a frame of sound at each step, not scaled" : "\(size) frames of sound at each step, not scaled")
      return (
        nil,
        builder.scaled(value, repeated(own.scaler.centers), repeated(own.scaler.scales), name: "scaler")
      )
    case .pictures(let own):
      builder.note("Pictures become grey and \(own.height) x \(own.width) pixels, each 0 to 1.")
      let value = input("pictures", [own.height, own.width], "brightness, 0 to 1")
      return (nil, builder.node("Reshape", [value, builder.integers([0, 0, -1])]))
    case .strokes(let own):
      builder.note(
        "Strokes become points: to the right, upward, 1 where the pen was lifted before, "
          + (own.settings.features == .shape
            ? "the place over the mean of the points, the direction and the turn as cosine and sine, "
              + "in sides of the box around the character."
            : "and the height over the middle, in heights of a stroke."))
      let value = input("points", [own.featureCount], "a point of a pen at each step, not scaled")
      return (nil, builder.scaled(value, own.scaler.centers, own.scaler.scales, name: "scaler"))
    case .series(let own):
      let count = own.columnCount
      if let skeleton = own.skeleton {
        builder.note(
          "Joints come relative to `\(skeleton.root.name)`, with the differences from the step before, 0 at the first."
        )
      }
      let value = input(
        "values", [count], "the channels " + own.columns.map { "`\($0)`" }.joined(separator: ", "))
      var numbers = builder.scaled(value, own.scaler.centers, own.scaler.scales, name: "scaler")
      if own.missing.marksMissing {
        builder.note("Missing values are NaN.")
        let elapsed = input(
          "elapsed", [], "the time since the step before, as the data count it; 0 at the first step")
        numbers = try GapCell(width: count).append(
          to: &builder, reading: numbers, elapsed: elapsed, own.missing, lengths: lengths, options)
      } else {
        builder.note(
          "A missing value is replaced by the last one of its channel, at the beginning by its centre.")
      }
      guard own.ranges != nil else { return (nil, numbers) }
      let width = own.missing.featureCount(channels: count)
      return (
        nil,
        try builder.mapRows(
          of: numbers, width: width, GapCell(width: count), prefix: "ranges.",
          what: "the ranges of the channels"
        ) { own.encoded($1) }
      )
    }
  }

  private static func duty(_ spectrum: SpectralFeaturizer) -> String {
    let bands =
      "\(spectrum.bandCount) mel bands (Slaney) from \(spectrum.lowest) Hz to \(spectrum.highest ?? spectrum.rate / 2) Hz"
    let coefficients = spectrum.coefficientCount.map {
      ", the first \($0) coefficients of their orthonormal cosine transform"
    }
    let top = spectrum.referenceLevel.map { "\(rounded($0, 1)), the level of full scale" } ?? "the loudest"
    return
      "Sound of one channel at \(spectrum.rate) Hz becomes frames: Hann windows of \(spectrum.windowSize) samples every "
      + "\(spectrum.hop), around their middle, zeros beyond the ends; power in \(bands), in decibels, none lower than 80 below \(top)"
      + (coefficients ?? "")
      + "; then differences up to the order \(spectrum.deltaOrder) over 9 frames beside them, as librosa."
  }
}

extension SeriesFeaturizer {
  /// ``encoded(_:)`` of rows `[R, F]`.
  fileprivate func encoded(_ rows: Tensor) -> Tensor {
    guard let ranges else { return rows }
    var parts: [Tensor] = []
    for (channel, bounds) in ranges.enumerated() {
      let value = rows.sliced(axis: 1, channel..<channel + 1)
      let low = Tensor(Array(bounds.dropLast()), shape: [1, bounds.count - 1])
      let size = Tensor(zip(bounds.dropFirst(), bounds).map { $0 - $1 }, shape: [1, bounds.count - 1])
      parts.append(minimum(relu((value - low) / size), Tensor(1)))
    }
    if rows.shape[1] > channels.count { parts.append(rows.sliced(axis: 1, channels.count..<rows.shape[1])) }
    return concatenate(parts, axis: 1)
  }
}

extension GapCell {
  /// Appends the filling of gaps: `[T, B, C]` with NaN to `[T, B, 3 C]`.
  fileprivate func append(
    to builder: inout GraphBuilder, reading value: String, elapsed: String, _ rule: MissingValues,
    lengths: String?, _ options: GraphOptions
  ) throws -> String {
    let (marks, numbers) = builder.marked(value)
    let time = builder.scaled(
      builder.node("Unsqueeze", [elapsed, builder.integers([2])]), [0], [rule.timeScale], name: "elapsed")
    let inputs = builder.node("Concat", [numbers, marks, time], ["axis": .integer(2)])
    var given = RecurrentLayerGraph(input: inputs, lengths: lengths)
    let names = ["gap_last", "gap_age"]
    if options.isStreaming { given.states = [names.map { builder.state($0, extents: [width]) }] }
    let layer = RecurrentLayer(inputSize: inputSize, key: RandomKey(seed: 0)) { _, _ in self }
    let result = try layer.append(to: &builder, given, prefix: "gap_")
    if options.isStreaming {
      for (name, value) in zip(names, result.states[0]) { builder.keep(value, as: name, extents: [width]) }
    }
    return result.output
  }
}

extension GraphBuilder {
  /// A value `[..., C]` less centres and divided by scales, in double precision; itself where these change nothing.
  mutating func scaled(
    _ value: String, _ centers: [Double], _ scales: [Double], name: String
  ) -> String {
    guard centers.contains(where: { $0 != 0 }) || scales.contains(where: { $0 != 1 }) else { return value }
    let center = constant(name + ".centers", doubles: centers, shape: [centers.count])
    let scale = constant(name + ".scales", doubles: scales, shape: [scales.count])
    return cast(node("Div", [node("Sub", [cast(value, to: .f64), center]), scale]), to: .f32)
  }

  /// 1 where a value is a finite number, and the value with zeros elsewhere; in the type of the value.
  mutating func marked(_ value: String, _ type: ElementType = .f32) -> (marks: String, numbers: String) {
    // infinities less themselves are no numbers either
    let isMissing = node("IsNaN", [node("Sub", [value, value])])
    let zero = type == .f64 ? constant("zero64", doubles: [0], shape: []) : constant("zero", Tensor(0))
    return (cast(node("Not", [isMissing]), to: .f32), node("Where", [isMissing, zero, value]))
  }
}
