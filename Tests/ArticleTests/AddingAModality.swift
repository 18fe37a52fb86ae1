import Foundation
import Recurrent
import Testing

// article: begin
/// Pen strokes as steps from point to point, in units of the usual step, with whether the pen was down: the same wherever a
/// drawing stands.
struct StrokeFeaturizer: Featurizer {
  static let modality = Modality.series

  /// The root of the mean square of the offsets of the training part.
  var scale: Float
  /// To the right, down, pen.
  var featureCount: Int { 3 }

  static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: StrokeFeaturizer, notes: [DataNote]) {
    var (sum, count) = (0.0, 0)
    for index in 0..<records.count {
      for (x, y, _) in try offsets(records.record(index)) {
        sum += Double(x * x + y * y)
        count += 2
      }
      progress(Double(index + 1) / Double(records.count))
    }
    let scale = (sum / Double(max(count, 1))).squareRoot()
    let notes = scale > 0 ? [] : [DataNote(.warning, "the pen never moves")]
    return (StrokeFeaturizer(scale: scale > 0 ? Float(scale) : 1), notes)
  }

  func callAsFunction(_ record: Record) throws -> FeatureSequence {
    let values = try StrokeFeaturizer.offsets(record).flatMap { [$0.x / scale, $0.y / scale, $0.pen] }
    return FeatureSequence(featureCount: featureCount, values: values)
  }

  private static func offsets(_ record: Record) throws -> [(x: Float, y: Float, pen: Float)] {
    guard case .series(let points) = try record.read(), points.channels == ["x", "y", "pen"] else {
      throw DataError.malformed(
        path: record.origin, place: .line(1), expected: "points with x, y and pen", found: "other columns")
    }
    let (x, y, pen) = (points.column(0), points.column(1), points.column(2))
    return x.indices.dropFirst().map { (x[$0] - x[$0 - 1], y[$0] - y[$0 - 1], pen[$0]) }
  }

  var issue: String? { scale > 0 && scale.isFinite ? nil : "scale is \(scale), expected a positive number" }
}
// article: end

@Test func addingAModality() throws {
  // article: begin
  func drawing(at left: Float, size: Float) -> Record {
    let points: [(x: Float, y: Float, pen: Float)] = [(0, 0, 1), (2, 0, 1), (2, 3, 1), (0, 3, 0)]
    let values = points.flatMap { [left + size * $0.x, size * $0.y, $0.pen] }
    return Record(.series(NumericSeries(channels: ["x", "y", "pen"], values: values)))
  }
  let training = RecordSource([drawing(at: 0, size: 1), drawing(at: 5, size: 1)])
  let (featurizer, _) = try StrokeFeaturizer.fit(
    training, labels: nil, classCount: 0, settings: FeatureSettings()
  ) { _ in }

  let features = try featurizer(drawing(at: 0, size: 1))
  precondition(features.stepCount == 3)
  precondition(try! featurizer(drawing(at: 40, size: 1)) == features)  // wherever it stands

  let restored = try JSONDecoder().decode(StrokeFeaturizer.self, from: JSONEncoder().encode(featurizer))
  precondition(restored == featurizer)  // a bundle keeps it

  let model = PooledNetwork(
    PooledNetworkConfiguration(
      network: SequenceNetworkConfiguration(featureCount: featurizer.featureCount, hiddenSize: 4),
      classCount: 2), key: RandomKey(seed: 1))
  let scores = model(FeatureBatch([features]))
  precondition(scores.shape == [1, 2])
  // article: end
  let big = try StrokeFeaturizer.fit(
    RecordSource([drawing(at: 0, size: 3)]), labels: nil, classCount: 0, settings: FeatureSettings()
  ) { _ in }
  let scaled = try big.featurizer(drawing(at: 0, size: 3))
  #expect(zip(scaled.values, features.values).allSatisfy { abs($0 - $1) < 1e-6 })
  #expect(StrokeFeaturizer(scale: .nan).issue != nil && featurizer.issue == nil)
  #expect(throws: DataError.self) { try featurizer(Record(.text("a"), origin: "a.txt")) }
}
