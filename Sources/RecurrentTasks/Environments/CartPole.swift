import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A pole on a cart that is pushed to the left or to the right (Barto, Sutton and Anderson 1983), as Gymnasium's CartPole-v1.
///
/// With x the place of the cart, θ the angle of the pole, F = ± 10 N, M = 1.1 kg in all, m = 0.1 kg, l = 0.5 m, g = 9.8 m/s²:
///
///     u   = (F + m l θ'² sin θ) / M
///     θ'' = (g sin θ - u cos θ) / (l (4/3 - m cos² θ / M))
///     x'' = u - m l θ'' cos θ / M
///
/// by Euler's method in steps of 0.02 s: x and θ move on with the old velocities. Each step is worth 1. The episode ends
/// beyond 2.4 m or 12 degrees, and is broken off after 500 steps.
public struct CartPole: Environment {
  /// x, x', θ, θ'.
  private(set) var state = [0.0, 0.0, 0.0, 0.0]
  private var stepCount = 0

  /// A cart that stands in the middle.
  public init() {}

  private static let limits = (place: 2.4, angle: 12 * 2 * Double.pi / 360)

  /// Four numbers, two actions.
  public var spaces: EnvironmentSpaces {
    EnvironmentSpaces(
      observations: ["position", "velocity", "angle", "angular velocity"],
      actions: .discrete(["left", "right"]), stepLimit: 500, successReturn: 475)
  }

  /// All four numbers uniform in ± 0.05.
  public mutating func reset(seed: UInt64) -> [Float] {
    place(at: RandomKey(seed: seed).uniforms(4).map { 0.1 * Double($0) - 0.05 })
  }

  /// Begins an episode in a state: x, x', θ, θ'.
  mutating func place(at state: [Double]) -> [Float] {
    (self.state, stepCount) = (state, 0)
    return state.map { Float($0) }
  }

  /// Pushes for 0.02 s.
  public mutating func step(_ action: [Float]) -> EnvironmentStep {
    let (velocity, angle, turn) = (state[1], state[2], state[3])
    let force = action[0] == 1 ? 10.0 : -10.0
    let (cosine, sine) = (cos(angle), sin(angle))
    let push = (force + 0.05 * (turn * turn) * sine) / 1.1
    let turning = (9.8 * sine - cosine * push) / (0.5 * (4.0 / 3.0 - 0.1 * (cosine * cosine) / 1.1))
    let moving = push - 0.05 * turning * cosine / 1.1
    state = [
      state[0] + 0.02 * velocity, velocity + 0.02 * moving, angle + 0.02 * turn, turn + 0.02 * turning,
    ]
    stepCount += 1
    let hasFallen = abs(state[0]) > CartPole.limits.place || abs(state[2]) > CartPole.limits.angle
    return EnvironmentStep(
      observation: state.map { Float($0) }, reward: 1, isTerminated: hasFallen,
      isTruncated: !hasFallen && stepCount >= 500)
  }

  /// The cart on its track with the pole.
  public var scene: Scene? {
    let x = state[0] / 2.4
    return Scene(shapes: [
      .line([(-1, -0.5), (1, -0.5)], isStrong: false),
      .line([(x - 0.15, -0.5), (x - 0.15, -0.38), (x + 0.15, -0.38), (x + 0.15, -0.5)], isStrong: true),
      .line([(x, -0.38), (x + 0.8 * sin(state[2]), -0.38 + 0.8 * cos(state[2]))], isStrong: true),
    ])
  }
}
