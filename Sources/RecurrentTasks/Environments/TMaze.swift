import RecurrentReports

/// A corridor that ends in a junction (Bakker 2001): a signal at its beginning alone says which way is the right one there, so
/// that without memory every second guess is wrong.
///
/// The observation is the signal, -1 or 1 at the first place and 0 behind it, and whether this is the junction. The corridor has
/// `length` places before the junction; going forward leads to the next one, and turning to a side hits the wall and costs 0.1,
/// as does going forward at the junction. Turning there ends the episode: the side of the signal is worth 1, the other -1. An
/// episode is broken off after 2 (length + 1) steps.
public struct TMaze: Environment {
  /// Places before the junction.
  public let length: Int
  private var signal: Float = 1
  private var place = 0
  private var stepCount = 0

  /// A maze. Traps unless the length is at least 1.
  public init(length: Int) {
    trapUnless(length >= 1, "TMaze: expected a length of at least 1, received \(length)")
    self.length = length
  }

  /// Two numbers, three actions.
  public var spaces: EnvironmentSpaces {
    EnvironmentSpaces(
      observations: ["signal", "junction"], actions: .discrete(["forward", "left", "right"]),
      stepLimit: 2 * (length + 1), successReturn: 0)
  }

  /// Left and right are equally likely.
  public mutating func reset(seed: UInt64) -> [Float] {
    signal = RandomKey(seed: seed).uniform(at: 0) < 0.5 ? -1 : 1
    (place, stepCount) = (0, 0)
    return observation
  }

  private var observation: [Float] { [place == 0 ? signal : 0, place == length ? 1 : 0] }

  /// Goes forward or turns to a side.
  public mutating func step(_ action: [Float]) -> EnvironmentStep {
    stepCount += 1
    let isForward = action[0] == 0
    let hasTurned = place == length && !isForward
    let isRight = (action[0] == 2) == (signal > 0)
    let reward = hasTurned ? (isRight ? 1 : -1) : isForward && place < length ? 0 : -0.1
    if isForward, place < length { place += 1 }
    return EnvironmentStep(
      observation: observation, reward: reward, isTerminated: hasTurned,
      isTruncated: !hasTurned && stepCount >= spaces.stepLimit)
  }

  /// The maze with the place in it, and the signal where it is seen.
  public var scene: Scene? {
    let x = -0.9 + 1.7 * Double(place) / Double(length)
    var shapes: [Scene.Shape] = [
      .line(
        [(-1, -0.1), (0.7, -0.1), (0.7, -0.7), (0.9, -0.7), (0.9, 0.7), (0.7, 0.7), (0.7, 0.1), (-1, 0.1)],
        isStrong: false),
      .circle((x, 0), radius: 0.07, isStrong: true),
    ]
    if place == 0 {
      let side = signal > 0 ? -0.4 : 0.4
      shapes.append(.line([(-0.9, 0.6 * side / 0.4 * 0.5), (-0.9, side)], isStrong: true))
    }
    return Scene(shapes: shapes)
  }
}
