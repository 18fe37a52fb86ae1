import Foundation
import Recurrent
import Testing

// article: begin
/// Tracks of ships as steps from point to point, in units of the usual step, with whether the engine ran: the same wherever a
/// voyage begins.
struct TrackFeaturizer: Featurizer {
  static let modality = Modality.series

  /// The root of the mean square of the offsets of the training part.
  var scale: Float
  /// To the right, down, engine.
  var featureCount: Int { 3 }

  static func fit(
    _ records: RecordSource, labels: [Int]?, classCount: Int, settings: FeatureSettings,
    progress: (Double) -> Void
  ) throws -> (featurizer: TrackFeaturizer, notes: [DataNote]) {
    var (sum, count) = (0.0, 0)
    for index in 0..<records.count {
      for (x, y, _) in try offsets(records.record(index)) {
        sum += Double(x * x + y * y)
        count += 2
      }
      progress(Double(index + 1) / Double(records.count))
    }
    let scale = (sum / Double(max(count, 1))).squareRoot()
    let notes = scale > 0 ? [] : [DataNote(.warning, "the ship never moves")]
    return (TrackFeaturizer(scale: scale > 0 ? Float(scale) : 1), notes)
  }

  func callAsFunction(_ record: Record) throws -> FeatureSequence {
    let values = try TrackFeaturizer.offsets(record).flatMap { [$0.x / scale, $0.y / scale, $0.engine] }
    return FeatureSequence(featureCount: featureCount, values: values)
  }

  private static func offsets(_ record: Record) throws -> [(x: Float, y: Float, engine: Float)] {
    guard case .series(let points) = try record.read(), points.channels == ["x", "y", "engine"] else {
      throw DataError.malformed(
        path: record.origin, place: .record, expected: "points with x, y and engine", found: "other columns")
    }
    let (x, y, engine) = (points.column(0), points.column(1), points.column(2))
    return x.indices.dropFirst().map { (x[$0] - x[$0 - 1], y[$0] - y[$0 - 1], engine[$0]) }
  }

  var issue: String? { scale > 0 && scale.isFinite ? nil : "scale is \(scale), expected a positive number" }
}
// article: end

@Test func addingAModality() throws {
  // article: begin
  func voyage(from left: Float, size: Float) -> Record {
    let points: [(x: Float, y: Float, engine: Float)] = [(0, 0, 1), (2, 0, 1), (2, 3, 1), (0, 3, 0)]
    let values = points.flatMap { [left + size * $0.x, size * $0.y, $0.engine] }
    return Record(.series(NumericSeries(channels: ["x", "y", "engine"], values: values)))
  }
  let training = RecordSource([voyage(from: 0, size: 1), voyage(from: 5, size: 1)])
  let (featurizer, _) = try TrackFeaturizer.fit(
    training, labels: nil, classCount: 0, settings: FeatureSettings()
  ) { _ in }

  let features = try featurizer(voyage(from: 0, size: 1))
  precondition(features.stepCount == 3)
  precondition(try! featurizer(voyage(from: 40, size: 1)) == features)  // wherever it begins

  let restored = try JSONDecoder().decode(TrackFeaturizer.self, from: JSONEncoder().encode(featurizer))
  precondition(restored == featurizer)  // a bundle keeps it

  let model = PooledNetwork(
    PooledNetworkConfiguration(
      network: SequenceNetworkConfiguration(featureCount: featurizer.featureCount, hiddenSize: 4),
      classCount: 2), key: RandomKey(seed: 1))
  let scores = model(FeatureBatch([features]))
  precondition(scores.shape == [1, 2])
  // article: end
  let big = try TrackFeaturizer.fit(
    RecordSource([voyage(from: 0, size: 3)]), labels: nil, classCount: 0, settings: FeatureSettings()
  ) { _ in }
  let scaled = try big.featurizer(voyage(from: 0, size: 3))
  #expect(zip(scaled.values, features.values).allSatisfy { abs($0 - $1) < 1e-6 })
  #expect(TrackFeaturizer(scale: .nan).issue != nil && featurizer.issue == nil)
  #expect(throws: DataError.self) { try featurizer(Record(.text("a"), origin: "a.txt")) }
}
