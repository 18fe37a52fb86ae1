/// Joints of a body whose coordinates are channels of a series, as cameras and suits for motion capture write them: read relative to
/// a root joint, so that where the body stands does not matter, with the velocities of all.
///
/// Of J joints with A coordinates each, and M other channels, a step becomes
///
///     q_j      = p_j - p_root           (J - 1) A numbers
///     q_j - q_j'                        (J - 1) A, the differences from the step before, 0 at the first
///     p_root - p_root'                  A
///     the other channels                M
///
/// A coordinate that is missing leaves those missing that it enters; a velocity is measured from the last step that had both.
public struct Skeleton: Sendable, Equatable, Codable {
  /// A joint with the places of its coordinates among the channels.
  public struct Joint: Sendable, Equatable, Codable {
    /// Its name.
    public var name: String
    /// The places of x, y and perhaps z.
    public var places: [Int]
  }

  /// The joint that all others are relative to.
  public var root: Joint
  /// The others.
  public var joints: [Joint]
  /// Places of channels that are no coordinates, such as how certain a joint is.
  public var others: [Int]

  /// The joints of channels, relative to one of them.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where the channels are no joints, or none has that name.
  init(root name: String, channels: [String]) throws(DataError) {
    guard let all = Skeleton.joints(of: channels) else {
      throw .invalidSetting(
        name: "skeleton",
        expected: "channels that are coordinates of joints, such as hip_x, hip_y, knee_x, knee_y",
        found: channels.prefix(12).joined(separator: ", "))
    }
    guard let place = all.firstIndex(where: { $0.name.lowercased() == name.lowercased() }) else {
      throw .invalidSetting(
        name: "skeleton", expected: "one of the joints " + all.map(\.name).joined(separator: ", "),
        found: name)
    }
    root = all[place]
    joints = all.filter { $0 != all[place] }
    let taken = Set(all.flatMap(\.places))
    others = channels.indices.filter { !taken.contains($0) }
  }

  /// The names of the numbers of a step.
  func names(_ channels: [String]) -> [String] {
    let axes = ["x", "y", "z"].prefix(root.places.count)
    let relative = joints.flatMap { joint in axes.map { "\(joint.name) \($0) from \(root.name)" } }
    return relative + relative.map { "velocity of \($0)" } + axes.map { "velocity of \(root.name) \($0)" }
      + others.map { channels[$0] }
  }

  /// Numbers of a step.
  var featureCount: Int { (2 * joints.count + 1) * root.places.count + others.count }

  /// Throws where the places are impossible for so many channels.
  func check(channels: Int) throws(ValueIssue) {
    let all = ([root] + joints).flatMap(\.places) + others
    try ValueIssue.check("the places of skeleton", each: all, in: 0...max(channels - 1, 0))
    try ValueIssue.check(
      Set(all).count == channels && all.count == channels, "the places of skeleton are not each channel once")
    try ValueIssue.check("the axes of skeleton.root", root.places.count, in: 2...3)
    for joint in joints {
      try ValueIssue.check(
        "the axes of \"\(joint.name)\"", joint.places.count, equals: root.places.count, "those of the root")
    }
  }

  /// The numbers of steps that come one after the other.
  struct Motion: Sendable {
    private let skeleton: Skeleton
    /// The relative places and those of the root as they were last known; NaN before.
    private var last: [Float]

    init(_ skeleton: Skeleton) {
      self.skeleton = skeleton
      last = [Float](repeating: .nan, count: (skeleton.joints.count + 1) * skeleton.root.places.count)
    }

    /// The numbers of a step of all channels.
    mutating func push(_ step: [Float]) -> [Float] {
      let root = skeleton.root.places.map { step[$0] }
      var places: [Float] = []
      places.reserveCapacity(last.count)
      for joint in skeleton.joints {
        for (axis, place) in joint.places.enumerated() { places.append(step[place] - root[axis]) }
      }
      places += root
      var velocities: [Float] = []
      velocities.reserveCapacity(last.count)
      for (index, place) in places.enumerated() {
        velocities.append(place.isFinite && !last[index].isFinite ? 0 : place - last[index])
        if place.isFinite { last[index] = place }
      }
      return places.dropLast(root.count) + velocities + skeleton.others.map { step[$0] }
    }

    /// What is kept of the steps so far.
    var stored: [Int64] { last.map { Double($0).stored } }

    /// Takes over what was kept.
    mutating func restore(_ numbers: inout StoredNumbers) {
      last = numbers.doubles(last.count).map { Float($0) }
    }
  }
}

extension Skeleton {
  /// The joints that names of channels say: at least three, each with x and y, or with x, y and z; nil where they say none.
  ///
  /// `hip_x`, `hip.x`, `hip x`, `hipX` and `x_hip` are the same, so that `hip_x`, `hip_y` are a joint `hip`.
  static func joints(of channels: [String]) -> [Joint]? {
    var (names, places) = ([String](), [String: [Int?]]())
    for (place, channel) in channels.enumerated() {
      guard let (joint, axis) = coordinate(channel) else { continue }
      if places[joint] == nil { names.append(joint) }
      var own = places[joint] ?? [nil, nil, nil]
      guard own[axis] == nil else { return nil }
      own[axis] = place
      places[joint] = own
    }
    var joints: [Joint] = []
    for name in names {
      let own = places[name] ?? []
      let known = own.compactMap { $0 }
      // x and y, or all three
      guard known.count >= 2, own.prefix(known.count).allSatisfy({ $0 != nil }) else { return nil }
      joints.append(Joint(name: name, places: known))
    }
    guard joints.count >= 3, Set(joints.map(\.places.count)).count == 1 else { return nil }
    return joints
  }

  /// The joint and the axis, 0 to 2, that the name of a channel says.
  private static func coordinate(_ channel: String) -> (joint: String, axis: Int)? {
    let axes: [Character: Int] = ["x": 0, "y": 1, "z": 2]
    func axis(_ word: Substring) -> Int? {
      word.count == 1 ? word.lowercased().first.flatMap { axes[$0] } : nil
    }
    let marks: Set<Character> = ["_", ".", "-", " ", ":", "/"]
    if let mark = channel.lastIndex(where: { marks.contains($0) }), mark > channel.startIndex,
      let own = axis(channel[channel.index(after: mark)...])
    {
      return (String(channel[..<mark]), own)
    }
    if let mark = channel.firstIndex(where: { marks.contains($0) }), let own = axis(channel[..<mark]),
      channel.index(after: mark) < channel.endIndex
    {
      return (String(channel[channel.index(after: mark)...]), own)
    }
    // hipX
    guard let last = channel.last, last.isUppercase, let own = axis(channel.suffix(1)),
      let before = channel.dropLast().last, before.isLowercase || before.isNumber
    else { return nil }
    return (String(channel.dropLast()), own)
  }

  /// Sensors that measure along axes and are no joints.
  private static let sensors = ["acc", "gyr", "mag", "grav", "lin", "ang", "vel", "force", "orient"]

  /// What is said where channels look like joints and nobody says how they are read; nil where they may be sensors.
  static func note(_ channels: [String]) -> DataNote? {
    guard let joints = joints(of: channels),
      !joints.contains(where: { joint in sensors.contains { joint.name.lowercased().hasPrefix($0) } })
    else { return nil }
    let shown = joints.prefix(4).map(\.name).joined(separator: ", ") + (joints.count > 4 ? ", ..." : "")
    return DataNote(
      .found,
      "the channels are the coordinates of \(joints.count) joints (\(shown)), read as they are; a root joint makes them relative "
        + "to it, with velocities", setting: "skeleton")
  }
}

extension SequenceFeaturizer {
  /// What is said where channels look like joints and nobody says how they are read.
  package var skeletonNote: DataNote? {
    guard case .series(let own) = self, own.skeleton == nil else { return nil }
    return Skeleton.note(own.channels)
  }
}
