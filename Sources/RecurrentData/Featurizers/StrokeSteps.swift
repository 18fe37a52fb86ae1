/// How high strokes are: the mean of their heights, each counted by its length.
struct StrokeExtent: Sendable, Equatable {
  private var lengthSum = 0.0
  private var heightSum = 0.0

  /// The height; nil where no stroke has one.
  var height: Double? {
    let height = heightSum / lengthSum
    return lengthSum > 0 && height > 0 ? height : nil
  }

  mutating func add(_ stroke: [StrokeSequence.Point]) {
    var (low, high, length) = (Double.infinity, -Double.infinity, 0.0)
    for (index, point) in stroke.enumerated() {
      (low, high) = (min(low, Double(point.y)), max(high, Double(point.y)))
      if index > 0 { length += StrokeExtent.distance(stroke[index - 1], point) }
    }
    guard length > 0 else { return }
    lengthSum += length
    heightSum += length * (high - low)
  }

  static func distance(_ a: StrokeSequence.Point, _ b: StrokeSequence.Point) -> Double {
    let (x, y) = (Double(b.x) - Double(a.x), Double(b.y) - Double(a.y))
    return (x * x + y * y).squareRoot()
  }

  var stored: [Int64] { [lengthSum.stored, heightSum.stored] }

  mutating func restore(_ numbers: inout StoredNumbers) {
    (lengthSum, heightSum) = (numbers.double(), numbers.double())
  }
}

/// Strokes that come point by point, and the steps that these make.
struct StrokeSteps: Sendable {
  /// To the right, upward, lifted, height.
  static let featureCount = 4
  /// The most points that a step between two points of the device may become.
  private static let insertionLimit = 1024

  private let settings: StrokeSettings
  private let usualHeight: Double
  private let up: Double
  /// The height of all strokes, where it is known beforehand, and the mean of their y.
  private var whole: (height: Double, middle: Double)?
  private var extent = StrokeExtent()
  /// Points of the stroke whose scale is not settled.
  private var waiting: [StrokeSequence.Point] = []
  /// The scale of the stroke; nil before it is settled.
  private var scale: Double?
  /// Points of the stroke that were taken.
  private var count = 0
  /// The last point of the device.
  private var last: StrokeSequence.Point?
  /// The point of the last step.
  private var given: StrokeSequence.Point?
  /// Whether the next step begins a stroke.
  private var isLifted = true
  /// The mean of y is that of the points of all steps so far.
  private var (heightSum, stepCount) = (0.0, 0.0)

  init(_ settings: StrokeSettings, height: Double, isUpward: Bool) {
    (self.settings, usualHeight, up) = (settings, height, isUpward ? 1 : -1)
  }

  /// Takes the scale of the whole.
  mutating func settle(_ strokes: StrokeSequence) {
    var (extent, sum) = (StrokeExtent(), 0.0)
    for stroke in strokes.strokes {
      extent.add(stroke)
      for point in stroke { sum += Double(point.y) }
    }
    let height = settings.scale == .box ? StrokeSteps.side(of: strokes) : extent.height
    whole = (height ?? usualHeight, sum / Double(max(strokes.pointCount, 1)))
  }

  /// The larger side of the box around all points; nil where it has none.
  private static func side(of strokes: StrokeSequence) -> Double? {
    let points = strokes.strokes.joined()
    func extent(_ values: some Sequence<Float>) -> Double {
      Double(values.max() ?? 0) - Double(values.min() ?? 0)
    }
    let side = max(extent(points.lazy.map(\.x)), extent(points.lazy.map(\.y)))
    return side > 0 ? side : nil
  }

  /// Appends the steps that a point makes known, ``featureCount`` numbers each.
  mutating func push(_ point: StrokeSequence.Point, to values: inout [Float]) {
    // some devices go on counting where the pen rests
    if let last, !isAtBeginning, last == point { return }
    count += 1
    last = point
    guard scale == nil else { return appendSteps(upTo: point, to: &values) }
    waiting.append(point)
    if whole != nil || waiting.count == StrokeSettings.settlingCount { appendWaiting(to: &values) }
  }

  /// Whether no point of the stroke was taken.
  private var isAtBeginning: Bool { count == 0 }

  /// Appends the steps that the end of a stroke makes known.
  mutating func lift(to values: inout [Float]) {
    guard !isAtBeginning else { return }
    if scale == nil { appendWaiting(to: &values) }
    // the last point counts, however near it is to the last step
    if settings.spacing != nil, let last, last != given { appendStep(at: last, to: &values) }
    (waiting, scale, count, isLifted) = ([], nil, 0, true)
  }

  /// Finds the scale of the stroke, and appends the steps of the points that waited for it.
  private mutating func appendWaiting(to values: inout [Float]) {
    extent.add(waiting)
    scale = whole?.height ?? extent.height ?? usualHeight
    let points = waiting
    waiting = []
    for point in points { appendSteps(upTo: point, to: &values) }
  }

  /// Appends the steps up to a point of the device.
  private mutating func appendSteps(upTo point: StrokeSequence.Point, to values: inout [Float]) {
    guard let spacing = settings.spacing, !isLifted, let scale, let from = given else {
      return appendStep(at: point, to: &values)
    }
    let distance = StrokeExtent.distance(from, point)
    let length = spacing * scale
    guard length > 0, distance >= length else { return }
    // a flat stroke that is long has more steps than any integer
    let insertions = Int(min(distance / length, Double(StrokeSteps.insertionLimit)))
    let share = insertions == StrokeSteps.insertionLimit ? 1 / Double(insertions) : length / distance
    for place in 1...insertions {
      let part = share * Double(place)
      let next = StrokeSequence.Point(
        Float(Double(from.x) + part * (Double(point.x) - Double(from.x))),
        Float(Double(from.y) + part * (Double(point.y) - Double(from.y))))
      appendStep(at: next, to: &values)
    }
  }

  private mutating func appendStep(at point: StrokeSequence.Point, to values: inout [Float]) {
    let scale = scale ?? usualHeight
    let from = given ?? point
    heightSum += Double(point.y)
    stepCount += 1
    let middle = whole?.middle ?? heightSum / stepCount
    func number(_ value: Double) -> Float { Float(min(max(value / scale, -1e4), 1e4)) }
    values.append(number(Double(point.x) - Double(from.x)))
    values.append(number(up * (Double(point.y) - Double(from.y))))
    values.append(isLifted ? 1 : 0)
    values.append(number(up * (Double(point.y) - middle)))
    (given, isLifted) = (point, false)
  }
}

extension StrokeSteps {
  /// What is kept of the strokes so far.
  var stored: [Int64] {
    func stored(_ point: StrokeSequence.Point?) -> [Int64] {
      [point == nil ? 0 : 1, Double(point?.x ?? 0).stored, Double(point?.y ?? 0).stored]
    }
    return extent.stored + [Int64(waiting.count)]
      + waiting.flatMap { [Double($0.x).stored, Double($0.y).stored] }
      + StoredNumbers.stored(scale) + [Int64(count)] + stored(last) + stored(given)
      + [isLifted ? 1 : 0, heightSum.stored, stepCount.stored]
  }

  /// Takes over what was kept.
  mutating func restore(_ numbers: inout StoredNumbers) {
    func point(_ numbers: inout StoredNumbers) -> StrokeSequence.Point {
      StrokeSequence.Point(Float(numbers.double()), Float(numbers.double()))
    }
    func optionalPoint(_ numbers: inout StoredNumbers) -> StrokeSequence.Point? {
      let isSome = numbers.integer(in: 0...1) == 1
      let own = point(&numbers)
      return isSome ? own : nil
    }
    extent.restore(&numbers)
    waiting = []
    for _ in 0..<numbers.integer(in: 0...StrokeSettings.settlingCount - 1) { waiting.append(point(&numbers)) }
    scale = numbers.optionalScale()
    count = numbers.integer()
    (last, given) = (optionalPoint(&numbers), optionalPoint(&numbers))
    isLifted = numbers.integer(in: 0...1) == 1
    (heightSum, stepCount) = (numbers.double(), numbers.double())
  }
}
