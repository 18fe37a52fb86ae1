import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A pendulum that is to be swung up and held there by a weak motor, as Gymnasium's Pendulum-v1.
///
/// With θ the angle from above and a torque u in ± 2:
///
///     θ'' = 3 g / (2 l) sin θ + 3 / (m l²) u,   g = 10, m = 1, l = 1
///
/// in steps of 0.05 s, θ' within ± 8 and used at once. A step costs θ² + 0.1 θ'² + 0.001 u², with θ in ± π before it. An
/// episode is broken off after 200 steps.
public struct Pendulum: Environment {
  /// θ, θ'.
  private(set) var state = [Double.pi, 0.0]
  private var stepCount = 0

  /// A pendulum that hangs.
  public init() {}

  /// Three numbers, one torque.
  public var spaces: EnvironmentSpaces {
    EnvironmentSpaces(
      observations: ["cosine", "sine", "angular velocity"],
      actions: .continuous([ActionBounds("torque", -2...2)]), stepLimit: 200)
  }

  /// θ uniform in ± π, θ' in ± 1.
  public mutating func reset(seed: UInt64) -> [Float] {
    let numbers = RandomKey(seed: seed).uniforms(2).map { 2 * Double($0) - 1 }
    return place(at: [Double.pi * numbers[0], numbers[1]])
  }

  /// Begins an episode in a state: θ, θ'.
  mutating func place(at state: [Double]) -> [Float] {
    (self.state, stepCount) = (state, 0)
    return observation
  }

  private var observation: [Float] { [Float(cos(state[0])), Float(sin(state[0])), Float(state[1])] }

  /// Turns for 0.05 s.
  public mutating func step(_ action: [Float]) -> EnvironmentStep {
    let torque = Double(min(max(action[0], -2), 2))
    let angle = state[0]
    // the remainder as in Python, of the sign of the divisor
    let whole = angle + .pi
    let centered = whole - 2 * .pi * (whole / (2 * .pi)).rounded(.down) - .pi
    let cost = centered * centered + 0.1 * state[1] * state[1] + 0.001 * torque * torque
    let turn = min(max(state[1] + (15 * sin(angle) + 3 * torque) * 0.05, -8), 8)
    state = [angle + turn * 0.05, turn]
    stepCount += 1
    return EnvironmentStep(
      observation: observation, reward: -cost, isTerminated: false, isTruncated: stepCount >= 200)
  }

  /// The rod around its axis.
  public var scene: Scene? {
    Scene(shapes: [
      .circle((0, 0), radius: 0.9, isStrong: false),
      .line([(0, 0), (0.8 * sin(state[0]), 0.8 * cos(state[0]))], isStrong: true),
      .circle((0.8 * sin(state[0]), 0.8 * cos(state[0])), radius: 0.06, isStrong: true),
    ])
  }
}
