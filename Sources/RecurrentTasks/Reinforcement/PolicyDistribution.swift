#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How likely actions are by what an actor gives out: a softmax over P scores, or P normal distributions whose numbers from -1 to
/// 1 stand for those between the bounds of an action.
struct PolicyDistribution: Sendable {
  /// What can be done.
  let actions: ActionSpace
  /// The standard deviations of continuous actions.
  let deviations: [Float]

  /// The distribution of a model.
  init(_ actions: ActionSpace, _ model: PolicyModel) {
    self.actions = actions
    deviations = model.logDeviations?.scalars.map { exp($0) } ?? []
  }

  /// Numbers of an action.
  var size: Int { actions.size }

  /// Draws an action.
  ///
  /// - Parameters:
  ///   - scores: P numbers of the actor.
  ///   - uniforms: ``size`` numbers in [0, 1).
  ///   - action: gets the number of a discrete action, or numbers that ``value(_:)`` gives to the environment.
  /// - Returns: the logarithm of its probability or density.
  func sample(
    _ scores: UnsafeBufferPointer<Float>, uniforms: [Float], into action: inout [Float]
  ) -> Float {
    switch actions {
    case .discrete:
      let weights = PolicyDistribution.probabilities(scores)
      var (sum, chosen) = (0.0, weights.count - 1)
      for (index, weight) in weights.enumerated() {
        sum += weight
        if Double(uniforms[0]) < sum {
          chosen = index
          break
        }
      }
      action[0] = Float(chosen)
      return Float(log(weights[chosen]))
    case .continuous:
      var total = 0.0
      for place in deviations.indices {
        // the middle of the interval that the 24 bits stand for
        let draw = normalQuantile(Double(uniforms[place]) + 0x1p-25)
        action[place] = scores[place] + deviations[place] * Float(draw)
        total += PolicyDistribution.logDensity(
          action[place], mean: scores[place], deviation: deviations[place])
      }
      return Float(total)
    }
  }

  /// The likeliest action.
  func best(_ scores: UnsafeBufferPointer<Float>, into action: inout [Float]) {
    switch actions {
    case .discrete: action[0] = Float(PolicyDistribution.largest(scores))
    case .continuous: for place in action.indices { action[place] = scores[place] }
    }
  }

  /// An action as the environment takes it.
  func value(_ action: [Float]) -> [Float] {
    guard case .continuous(let bounds) = actions else { return action }
    return zip(bounds, action).map { $0.value($1) }
  }

  /// The first of the largest scores.
  static func largest(_ scores: UnsafeBufferPointer<Float>) -> Int {
    var best = 0
    for index in scores.indices where scores[index] > scores[best] { best = index }
    return best
  }

  /// `softmax(s)` in double precision.
  static func probabilities(_ scores: UnsafeBufferPointer<Float>) -> [Double] {
    let largest = Double(scores.max() ?? 0)
    let weights = scores.map { exp(Double($0) - largest) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// The logarithm of the density of a normal distribution.
  static func logDensity(_ x: Float, mean: Float, deviation: Float) -> Double {
    let distance = (Double(x) - Double(mean)) / Double(deviation)
    return -0.5 * distance * distance - log(Double(deviation)) - 0.5 * log(2 * Double.pi)
  }
}
