/// The look-backs of windows in a graph, on the scale of each.
struct NormalizedWindowGraph {
  /// `[B, C, L]`, what is missing filled with the value before it, or the first one behind.
  var history: String
  /// 1 where a value is there, `[B, C, L]`.
  var marks: String
  /// What divides, `[B, C, 1]`.
  var size: String
  /// What is taken away in double precision, `[B, C, 1]`; nil for nothing.
  var offset: String?
}

extension WindowNormalization {
  /// Appends what ``scale(_:deviation:)`` does, and the filling of gaps.
  ///
  /// The last value is taken away in double precision: what is left of prices is small.
  ///
  /// - Parameters:
  ///   - builder: of the graph.
  ///   - values: float64 `[B, C, L]`, NaN where one is missing.
  ///   - length: L.
  ///   - scaler: the means and deviations of the targets in the training part.
  /// - Throws: ``InterchangeError``.
  func append(
    to builder: inout GraphBuilder, reading values: String, length: Int, scaler: ChannelScaler
  ) throws -> NormalizedWindowGraph {
    let (marks, numbers) = builder.marked(values, .f64)
    let places = builder.constant("places", Tensor((0..<length).map { Float($0) }))
    let lastPlace = builder.node(
      "ReduceMax", [builder.node("Mul", [marks, places])],
      ["axes": .integers([2]), "keepdims": .integer(1)])
    let last = builder.node(
      "GatherElements", [numbers, builder.cast(lastPlace, to: .i64)], ["axis": .integer(2)])
    let distance = builder.cast(builder.node("Sub", [numbers, last]), to: .f32)
    let count = scaler.scales.count
    let results = try builder.record(
      GapCell(width: 1),
      [
        .init(distance, extents: [count, length]), .init(marks, extents: [count, length]),
        .init(builder.cast(last, to: .f32), extents: [count, 1]),
      ], prefix: "window.", what: "the scale of a window"
    ) { _, values in scaled(values[0], values[1], last: values[2], scaler) }
    var offset: String?
    switch self {
    case .meanSize, .shrunkenMeanSize: offset = nil
    case .meanAndDeviation: offset = builder.node("Add", [last, builder.cast(results[2], to: .f64)])
    case .last, .lastAndDeviation, .lastAndVolatility: offset = last
    }
    return NormalizedWindowGraph(history: results[0], marks: marks, size: results[1], offset: offset)
  }

  /// The history on its scale, the size and the mean of distances from the last value, `[B, C, L]` and `[B, C, 1]`.
  private func scaled(
    _ distance: Tensor, _ marks: Tensor, last: Tensor, _ scaler: ChannelScaler
  ) -> [Tensor] {
    func constant(_ values: [Double]) -> Tensor {
      Tensor(values.map { Float($0) }, shape: [1, values.count, 1], like: last)
    }
    let deviation = constant(scaler.scales.map { $0 > 0 ? $0 : 1 })
    func total(_ x: Tensor) -> Tensor { x.sum(axis: 2).reshaped(to: last.shape) }
    let distance = distance * marks
    let filled = WindowNormalization.filled(distance, marks)
    let count = total(marks)
    let atLeastOne = maximum(count, Tensor(1))
    let isSeen = minimum(count, Tensor(1))
    let mean = total(distance) / atLeastOne
    let magnitude = total(abs(distance + last) * marks) / atLeastOne
    func positive(_ candidate: Tensor) -> Tensor {
      maximum(candidate, maximum(deviation, magnitude * 1e-4) * 1e-4)
    }
    let own: Tensor
    switch self {
    case .last: own = deviation
    case .lastAndDeviation, .meanAndDeviation:
      own = positive(sqrt(total(square(distance - mean) * marks) / atLeastOne))
    case .meanSize: own = positive(magnitude)
    case .shrunkenMeanSize:
      let others = constant(scaler.centers.map { WindowNormalization.trainingSteps * abs($0) })
      own = positive((magnitude * count + others) / (count + Float(WindowNormalization.trainingSteps)))
    case .lastAndVolatility: own = positive(WindowNormalization.volatility(filled, marks, total))
    }
    // a window without values has the scale of the training part
    let unseen =
      self == .shrunkenMeanSize
      ? constant(zip(scaler.centers, scaler.scales).map { $0 != 0 ? abs($0) : $1 > 0 ? $1 : 1 }) : deviation
    let size = own * isSeen + unseen * (1 - isSeen)
    let history: Tensor
    switch self {
    case .meanSize, .shrunkenMeanSize: history = filled + last
    case .meanAndDeviation: history = filled - mean
    case .last, .lastAndDeviation, .lastAndVolatility: history = filled
    }
    return [history / size * isSeen, size, mean]
  }

  /// Gaps filled with the value before them, those at the beginning with the first value: in a logarithm of L steps.
  private static func filled(_ values: Tensor, _ marks: Tensor) -> Tensor {
    var (filled, known) = (values, marks)
    for step in powers(below: values.shape[2]) {
      filled = filled + (1 - known) * shifted(filled, by: step)
      known = maximum(known, shifted(known, by: step))
    }
    let isFirst = known - shifted(known, by: 1)
    let shape = [values.shape[0], values.shape[1], 1]
    return filled + (1 - known) * (filled * isFirst).sum(axis: 2).reshaped(to: shape)
  }

  /// The root of the mean square of changes, of which those longer ago count less.
  private static func volatility(
    _ filled: Tensor, _ marks: Tensor, _ total: (Tensor) -> Tensor
  ) -> Tensor {
    let logarithm = log(Tensor(Float(volatilityDecay))).scalar
    // values so far
    var seen = marks
    for step in powers(below: marks.shape[2]) { seen = seen + shifted(seen, by: step) }
    let weights = exp((total(marks) - seen) * logarithm) * marks * minimum(relu(seen - 1), Tensor(1))
    let change = filled - shifted(filled, by: 1)
    return sqrt(total(square(change) * weights) / maximum(total(weights), Tensor(1)))
  }

  private static func powers(below length: Int) -> [Int] {
    sequence(first: 1) { $0 * 2 }.prefix { $0 < length }.map { $0 }
  }

  /// Later by some steps, with zeros before.
  private static func shifted(_ x: Tensor, by steps: Int) -> Tensor {
    let length = x.shape[2]
    guard steps < length else { return x * 0 }
    return concatenate(
      [x.sliced(axis: 2, 0..<steps) * 0, x.sliced(axis: 2, 0..<length - steps)], axis: 2)
  }
}
