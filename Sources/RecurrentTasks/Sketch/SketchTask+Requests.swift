#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SketchTask {
  /// The side of a paper that a drawing of the training part has around it, in units of the data.
  public var paperSide: Double { 1.25 * max(drawings.side, 1e-6) }

  /// The points of a drawing that is to be gone on with.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func begun(_ source: DataSource) throws -> [PenStep] {
    try BegunDrawing(source).strokes(onSide: paperSide).penSteps
  }

  /// What is asked for by words: `cat`, or `cat:0.7,dog:0.3` for something between two.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` for words that the model does not know, and for a model that knows none.
  public func style(_ text: String) throws(DataError) -> SketchStepper.Condition {
    func invalid(_ expected: String, _ found: String) -> DataError {
      .invalidSetting(name: "style", expected: expected, found: found)
    }
    guard !labels.isEmpty else {
      throw invalid("none, for the model was trained without words", "\"\(text)\"")
    }
    var condition = SketchStepper.Condition(labels: [Float](repeating: 0, count: labels.count))
    for part in text.split(separator: ",") {
      // a word may have a colon itself
      var (word, share) = (String(part), Float(1))
      if labels.firstIndex(of: word) == nil, let colon = part.lastIndex(of: ":") {
        guard let own = Float(part[part.index(after: colon)...]), own >= 0, own <= 1 else {
          throw invalid("a share from 0 to 1 behind the colon", "\"\(part)\"")
        }
        (word, share) = (String(part[..<colon]), own)
      }
      guard let label = labels.firstIndex(of: word) else {
        throw invalid("words of \(labels.prefix(12).joined(separator: ", "))", "\"\(word)\"")
      }
      condition.labels[label] += share
    }
    return condition
  }

  /// Conditions on the way from one drawing to another, both among them: their latent vectors along the arc between them, what they show
  /// along the line.
  ///
  /// - Throws: ``DataError`` or a format error, also for a model without a latent vector.
  public func conditions(
    _ model: SketchModel, from first: DataSource, to last: DataSource, count: Int
  ) throws -> [SketchStepper.Condition] {
    guard network.latentSize > 0 else {
      throw DataError.invalidSetting(
        name: "interpolate", expected: "a model that was trained with `latent`, such as 128",
        found: "one without")
    }
    let examples = try [first, last].map { source -> Example in
      let record = try RecordSource.drawings([source]).record(0)
      guard case .strokes(let strokes) = record.content else {
        throw DataError.empty(path: source.name)
      }
      // what was simplified has a side of 255, whatever the data have
      let isPicture = try BegunDrawing(source).side != nil
      let factor = isPicture ? Float(drawings.side) / max(strokes.side, 1e-6) : 1
      return example(strokes.moved(from: StrokeSequence.Point(0, 0), times: factor), label: record.label)
    }
    guard let latents = latents(model, of: examples)?.mean.scalars else { return [] }
    let size = network.latentSize
    let labels = examples.map { condition(label: $0.label).labels }
    let (a, b) = (latents[..<size].map { Double($0) }, latents[size...].map { Double($0) })
    return (0..<count).map { index in
      let share = count > 1 ? Double(index) / Double(count - 1) : 0
      return SketchStepper.Condition(
        labels: zip(labels[0], labels[1]).map { Float(1 - share) * $0 + Float(share) * $1 },
        latent: SketchTask.between(a, b, share).map { Float($0) })
    }
  }

  /// A point of the arc between two vectors (Shoemake 1985); of the line where they have one direction.
  static func between(_ a: [Double], _ b: [Double], _ share: Double) -> [Double] {
    func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let lengths = (product(a, a) * product(b, b)).squareRoot()
    let cosine = lengths > 0 ? min(max(product(a, b) / lengths, -1), 1) : 1
    let angle = acos(cosine)
    guard sin(angle) > 1e-6 else { return zip(a, b).map { (1 - share) * $0 + share * $1 } }
    let (first, second) = (sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle))
    return zip(a, b).map { first * $0 + second * $1 }
  }
}
