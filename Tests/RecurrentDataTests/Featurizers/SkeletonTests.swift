import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Channels that are the coordinates of joints.
@Suite struct SkeletonTests {
  private static let channels = ["hip_x", "hip_y", "score", "knee_x", "knee_y", "head_y", "head_x"]

  private static func series(_ seed: UInt64, steps: Int = 9, movedBy: Float = 0) -> NumericSeries {
    let draws = RandomKey(seed: seed).uniforms(steps * channels.count)
    return NumericSeries(
      channels: channels,
      values: draws.enumerated().map { $0.offset % channels.count == 2 ? $0.element : $0.element + movedBy })
  }

  private static func fitted(_ root: String?, _ series: [NumericSeries]) throws -> (
    SeriesFeaturizer, [DataNote]
  ) {
    var settings = FeatureSettings()
    settings.skeleton = root
    let (featurizer, notes) = try SeriesFeaturizer.fit(
      RecordSource(series.map { Record(.series($0)) }), labels: nil, classCount: 0, settings: settings
    ) { _ in }
    return (featurizer, notes)
  }

  @Test(
    arguments: [
      (["hip_x", "hip_y", "knee_x", "knee_y", "head_x", "head_y"], ["hip", "knee", "head"]),
      (["x_hip", "y_hip", "x_knee", "y_knee", "x_head", "y_head", "frame"], ["hip", "knee", "head"]),
      (
        ["HipX", "HipY", "HipZ", "KneeX", "KneeY", "KneeZ", "left foot.x", "left foot.y", "left foot.z"],
        ["Hip", "Knee", "left foot"]
      ),
      (["hip_x", "hip_y", "knee_x", "knee_y"], nil),
      (["hip_x", "hip_y", "knee_x", "knee_y", "head_x"], nil),
      (["hip_x", "hip_y", "knee_x", "knee_y", "head_x", "head_z"], nil),
      (["hip_x", "hip_y", "knee_x", "knee_y", "head_x", "head_y", "head_z"], nil),
      (["acc_x", "acc_y", "acc_z", "gyro_x", "gyro_y", "gyro_z"], nil),
      (["index", "box", "tax", "proxy", "max", "may"], nil),
    ] as [([String], [String]?)])
  func joints(_ channels: [String], _ names: [String]?) {
    #expect(Skeleton.joints(of: channels)?.map(\.name) == names)
  }

  /// Two steps by hand, the second without the head.
  @Test func valuesByHand() throws {
    let skeleton = try Skeleton(root: "HIP", channels: Self.channels)
    #expect(skeleton.featureCount == 11)
    #expect(
      skeleton.names(Self.channels) == [
        "knee x from hip", "knee y from hip", "head x from hip", "head y from hip",
        "velocity of knee x from hip", "velocity of knee y from hip", "velocity of head x from hip",
        "velocity of head y from hip", "velocity of hip x", "velocity of hip y", "score",
      ])
    var motion = Skeleton.Motion(skeleton)
    #expect(motion.push([1, 2, 0.5, 4, 6, 9, 3]) == [3, 4, 2, 7, 0, 0, 0, 0, 0, 0, 0.5])
    let second = motion.push([2, 2, 0.25, 4, 8, .nan, 3])
    #expect(second[..<3] == [2, 6, 1] && second[3].isNaN)
    #expect(second[4..<7] == [-1, 2, -1] && second[7].isNaN && second[8...] == [1, 0, 0.25])
    // the head from where it was last seen
    let third = motion.push([2, 2, 0.25, 4, 8, 12, 3])
    #expect(third[3] == 10 && third[7] == 3)
  }

  /// Where the body stands does not matter, at any step.
  @Test func placesDoNotMatter() throws {
    let (featurizer, notes) = try Self.fitted("hip", (0..<4).map { Self.series($0) })
    #expect(featurizer.featureCount == 11 && featurizer.channels == Self.channels && featurizer.issue == nil)
    #expect(notes.contains { $0.setting == "skeleton" && $0.text.contains("relative to hip") })
    let own = try featurizer(Record(.series(Self.series(9)))).values
    let moved = try featurizer(Record(.series(Self.series(9, movedBy: 64)))).values
    #expect(zip(own, moved).allSatisfy { abs($0 - $1) < 1e-3 })
    let (raw, _) = try Self.fitted(nil, (0..<4).map { Self.series($0) })
    #expect(try raw(Record(.series(Self.series(9)))) != raw(Record(.series(Self.series(9, movedBy: 64)))))
    // what is not asked for is named
    #expect(SequenceFeaturizer.series(featurizer).skeletonNote == nil)
    let note = try #require(SequenceFeaturizer.series(raw).skeletonNote)
    #expect(note.setting == "skeleton" && note.text.contains("3 joints (hip, knee, head)"))
    #expect(raw.featureCount == 7)
  }

  /// Step by step, with gaps, and from a state that was kept.
  @Test func streamsAreTheWhole() throws {
    var gappy = Self.series(5, steps: 12)
    for place in [3, 15, 16, 40] { gappy.values[place] = .nan }
    let (featurizer, _) = try Self.fitted("knee", [gappy, Self.series(1)])
    #expect(featurizer.missing.marksMissing && featurizer.featureCount == 33)
    let whole = try featurizer(Record(.series(gappy))).values
    var stream = try #require(featurizer.stream(readsTimes: true))
    var values: [Float] = []
    for step in 0..<12 {
      let row = gappy.values[step * 7..<step * 7 + 7].map { $0.isNaN ? JSONValue.null : .number(Double($0)) }
      values += try stream.push(.list(row), line: step + 1).flatMap(\.values)
      var other = try #require(featurizer.stream(readsTimes: true))
      let isRestored = other.restore(stream.stored)
      #expect(isRestored)
      stream = other
    }
    #expect(values == whole)
  }

  /// Three sensors with axes are no body.
  @Test func sensorsAreNoJoints() {
    let axes = ["x", "y", "z"]
    func channels(_ names: [String]) -> [String] { names.flatMap { name in axes.map { "\(name)_\($0)" } } }
    #expect(Skeleton.note(channels(["acc", "gyro", "mag"])) == nil)
    #expect(Skeleton.note(channels(["hip", "knee", "head"]))?.setting == "skeleton")
  }

  @Test func wrongRootsNameTheJoints() {
    #expect(
      throws: DataError.invalidSetting(
        name: "skeleton", expected: "one of the joints hip, knee, head", found: "pelvis")
    ) { try Skeleton(root: "pelvis", channels: Self.channels) }
    #expect(throws: DataError.self) { try Skeleton(root: "a", channels: ["a", "b"]) }
  }

  @Test func impossiblePlacesAreIssues() throws {
    let (own, _) = try Self.fitted("hip", [Self.series(1)])
    for change in [
      { (skeleton: inout Skeleton) in skeleton.others = [99] }, { $0.others = [] }, { $0.root.places = [0] },
      { $0.joints[0].places = [3, 4, 5] }, { $0.joints.removeLast() },
    ] as [(inout Skeleton) -> Void] {
      var featurizer = own
      var skeleton = try #require(own.skeleton)
      change(&skeleton)
      featurizer.skeleton = skeleton
      #expect(featurizer.issue != nil)
    }
  }
}
