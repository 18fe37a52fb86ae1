import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A car in a valley whose engine is too weak for the slope: it has to swing (Moore 1990), as Gymnasium's
/// MountainCarContinuous-v0.
///
/// With a force u in ± 1, in steps of one, v within ± 0.07 and x within -1.2 ... 0.6, where the left end takes the speed:
///
///     v += 0.0015 u - 0.0025 cos 3x,   x += v
///
/// A step costs 0.1 u²; the goal at x ≥ 0.45 is worth 100 and ends the episode, which is broken off after 999 steps.
public struct MountainCar: Environment {
  /// x, v; kept in single precision as Gymnasium does.
  private(set) var state: [Float] = [-0.5, 0]
  private var stepCount = 0

  /// A car at the bottom.
  public init() {}

  /// Two numbers, one force.
  public var spaces: EnvironmentSpaces {
    EnvironmentSpaces(
      observations: ["position", "velocity"], actions: .continuous([ActionBounds("force", -1...1)]),
      stepLimit: 999, successReturn: 90)
  }

  /// x uniform in -0.6 ... -0.4, at rest.
  public mutating func reset(seed: UInt64) -> [Float] {
    place(at: [-0.6 + 0.2 * RandomKey(seed: seed).uniform(at: 0), 0])
  }

  /// Begins an episode in a state: x, v.
  mutating func place(at state: [Float]) -> [Float] {
    (self.state, stepCount) = (state, 0)
    return state
  }

  /// Drives for one step.
  public mutating func step(_ action: [Float]) -> EnvironmentStep {
    let force = min(max(action[0], -1), 1)
    let slope = Float(0.0025 * cos(3 * Double(state[0])))
    var velocity = min(max(state[1] + (force * 0.0015 - slope), -0.07), 0.07)
    let place = min(max(state[0] + velocity, -1.2), 0.6)
    if place == -1.2, velocity < 0 { velocity = 0 }
    state = [place, velocity]
    stepCount += 1
    let hasArrived = place >= 0.45 && velocity >= 0
    let cost = 0.1 * Double(action[0]) * Double(action[0])
    return EnvironmentStep(
      observation: state, reward: (hasArrived ? 100 : 0) - cost, isTerminated: hasArrived,
      isTruncated: !hasArrived && stepCount >= 999)
  }

  /// The car on its hill.
  public var scene: Scene? {
    func point(_ x: Double) -> (x: Double, y: Double) { ((x + 0.3) / 0.95, 0.7 * sin(3 * x)) }
    let hill = (0...36).map { point(-1.2 + 0.05 * Double($0)) }
    let goal = point(0.45)
    return Scene(shapes: [
      .line(hill, isStrong: false), .line([goal, (goal.x, goal.y + 0.25)], isStrong: false),
      .circle(point(Double(state[0])), radius: 0.09, isStrong: true),
    ])
  }
}
