import RecurrentFormats

/// Strokes that come point by point, any number at a time: `[x, y]`, or `[x, y, lifted]` where the pen is lifted behind a point
/// (1 or true), or a list of such points; null where it is lifted.
struct StrokeStream: FeatureStream.Steps {
  private let featurizer: StrokeFeaturizer
  private var steps: StrokeSteps

  init(_ featurizer: StrokeFeaturizer) {
    self.featurizer = featurizer
    steps = StrokeSteps(featurizer.settings, height: featurizer.height, isUpward: featurizer.isUpward)
  }

  mutating func push(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [FeatureSequence] {
    var points: [(point: StrokeSequence.Point?, isLifted: Bool)] = []
    switch value {
    case .null: points.append((nil, true))
    case .list(let values):
      if case .number? = values.first {
        points.append(try StrokeStream.point(value, malformed))
      } else {
        for value in values { points.append(try StrokeStream.point(value, malformed)) }
      }
    default: throw malformed("a point [x, y] or [x, y, lifted], a list of points, or null", "another value")
    }
    var numbers: [Float] = []
    for (point, isLifted) in points {
      if let point { steps.push(point, to: &numbers) }
      if isLifted { steps.lift(to: &numbers) }
    }
    return sequences(numbers)
  }

  private static func point(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> (point: StrokeSequence.Point?, isLifted: Bool) {
    let point = try StrokeSequence.point(value, malformed)
    guard case .list(let numbers) = value, numbers.count > 2 else { return (point, false) }
    switch numbers[2] {
    case .bool(let isLifted): return (point, isLifted)
    case .number(let number) where number == 0 || number == 1: return (point, number == 1)
    default: throw malformed("whether the pen is lifted, 0 or 1", numbers[2].field ?? "a list or an object")
    }
  }

  mutating func finish() -> [FeatureSequence] {
    var numbers: [Float] = []
    steps.lift(to: &numbers)
    return sequences(numbers)
  }

  /// One for each step.
  private func sequences(_ numbers: [Float]) -> [FeatureSequence] {
    let (width, values) = (featurizer.featureCount, featurizer.scaled(numbers))
    return stride(from: 0, to: values.count, by: width).map {
      FeatureSequence(featureCount: width, values: Array(values[$0..<$0 + width]))
    }
  }

  var stored: [Int64] { steps.stored }
  mutating func restore(_ numbers: inout StoredNumbers) { steps.restore(&numbers) }
}
