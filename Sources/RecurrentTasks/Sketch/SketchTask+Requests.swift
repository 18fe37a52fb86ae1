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

  /// The word under which a model finds a drawing the likeliest; nil where it was trained without words.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func nearestStyle(_ model: SketchModel, to source: DataSource) throws -> String? {
    guard !labels.isEmpty else { return nil }
    let drawing = try example(of: source).steps
    let all = labels.names.indices.map { Example(steps: drawing, label: $0) }
    let nats = predictions(model, to: all).map(\.nats)
    return nats.indices.min { nats[$0] < nats[$1] }.map { labels.names[$0] }
  }

  /// A drawing as large as those of the training part: what was simplified has a side of 255, whatever the data have.
  private func example(of source: DataSource) throws -> Example {
    let record = try RecordSource.drawings([source]).record(0)
    guard case .strokes(let strokes) = record.content else { throw DataError.empty(path: source.name) }
    let isPicture = try BegunDrawing(source).side != nil
    let factor = isPicture ? Float(drawings.side) / max(strokes.side, 1e-6) : 1
    return example(strokes.moved(from: StrokeSequence.Point(0, 0), times: factor), label: record.label)
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
    let examples = try [first, last].map { try example(of: $0) }
    guard let latents = latents(model, of: examples)?.mean.scalars else { return [] }
    let size = network.latentSize
    let labels = examples.map { self.labels.shares(of: $0.label) }
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
