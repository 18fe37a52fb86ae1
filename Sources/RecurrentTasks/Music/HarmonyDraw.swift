#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Draws the steps below a melody from what the model finds likely under it: a particle filter.
///
/// What is likeliest of all is dull, in music as in texts: tones that are held, and few. So harmonies are drawn tone by tone, side by
/// side, each as the model would write it; whenever the melody goes on each is weighed by the probability that it gave to the melody's
/// tone, and where the weights differ too much those that expected other tones make room for copies of those that did not (Gordon,
/// Salmond and Smith 1993). What is left is drawn from the probability of harmonies given the melody, the better the more there are.
struct HarmonyDraw {
  let rows: HarmonyRows
  /// Harmonies side by side.
  let count: Int
  let sampler: MusicSampler
  let key: RandomKey

  private struct Particle {
    var steps: [[MusicPiece.Tone]] = []
    var grammar: MusicGrammar
    /// The logarithm of its weight.
    var weight = 0.0
    var place: HarmonyRows.Place

    /// Multiplies the weight by the probability of a step's highest tone.
    mutating func weigh(_ tone: MusicPiece.Tone?, _ rows: HarmonyRows, temperature: Double) {
      let masked = place.scores.withUnsafeBufferPointer { grammar.masked($0) }.map { $0 / Float(temperature) }
      weight += Double(masked[Int(rows.first(of: tone, grammar))]) - HarmonyRows.logSum(masked)
    }
  }

  /// The steps under the highest tones of each.
  func steps(under top: [MusicPiece.Tone?]) -> [[MusicPiece.Tone]] {
    let beginning = Particle(grammar: grammar(after: []), place: rows.beginning())
    var particles = [Particle](repeating: beginning, count: count)
    for (index, tone) in top.enumerated() {
      let stepKey = key.child(index)
      for number in particles.indices {
        particles[number].weigh(tone, rows, temperature: sampler.tokens.temperature)
      }
      resample(&particles, uniform: Double(stepKey.uniform(at: 0)))
      draw(below: tone, in: &particles, key: stepKey)
      let ends = [Int32](repeating: rows.tokens.stepEnd, count: count)
      for (number, place) in rows.read(ends, behind: particles.map(\.place)).enumerated() {
        let tones = particles[number].grammar.tones
        particles[number].steps.append(tones)
        (particles[number].grammar, particles[number].place) = (grammar(after: tones), place)
      }
    }
    let shares = HarmonyDraw.shares(particles.map(\.weight))
    let chosen = HarmonyDraw.chosen(shares, count: 1, uniform: Double(key.child(top.count).uniform(at: 0)))
    return particles[chosen[0]].steps
  }

  private func grammar(after step: [MusicPiece.Tone]) -> MusicGrammar {
    MusicGrammar(rows.tokens, after: step, voices: sampler.voices)
  }

  /// Copies of particles in the place of others, where fewer than half of them count.
  private func resample(_ particles: inout [Particle], uniform: Double) {
    let shares = HarmonyDraw.shares(particles.map(\.weight))
    guard 1 / shares.reduce(0, { $0 + $1 * $1 }) < Double(count) / 2 else { return }
    particles = HarmonyDraw.chosen(shares, count: count, uniform: uniform).map { particles[$0] }
    for number in particles.indices { particles[number].weight = 0 }
  }

  /// Draws the tones of a step, the highest of which is given; the end of the step is not read.
  private func draw(below tone: MusicPiece.Tone?, in particles: inout [Particle], key: RandomKey) {
    var workspace = SamplerWorkspace()
    var open = Array(particles.indices)
    for place in 1... {
      var given: [Int32] = []
      let draws = key.child(place)
      open = open.filter { number in
        let own = particles[number]
        var token = rows.first(of: tone, own.grammar)
        if place > 1 {
          let masked = own.place.scores.withUnsafeBufferPointer { own.grammar.masked($0) }
          token = masked.withUnsafeBufferPointer {
            sampler.tokens.choose(
              $0, recent: [], excluded: nil, uniform: Double(draws.uniform(at: number)), workspace: &workspace
            )
          }
        }
        guard !particles[number].grammar.push(token) else { return false }
        given.append(token)
        return true
      }
      if open.isEmpty { return }
      for (number, read) in zip(open, rows.read(given, behind: open.map { particles[$0].place })) {
        particles[number].place = read
      }
    }
  }

  /// Weights as shares of the whole.
  private static func shares(_ weights: [Double]) -> [Double] {
    let largest = weights.max() ?? 0
    let own = weights.map { exp($0 - largest) }
    let sum = own.reduce(0, +)
    return own.map { $0 / sum }
  }

  /// Draws in proportion to shares, at even distances: each number as often as its share says, rounded up or down.
  static func chosen(_ shares: [Double], count: Int, uniform: Double) -> [Int] {
    var (chosen, sum) = ([Int](), 0.0)
    for (number, share) in shares.enumerated() {
      sum += share
      while chosen.count < count, (Double(chosen.count) + uniform) / Double(count) < sum {
        chosen.append(number)
      }
    }
    // a sum that is rounded ends below 1
    while chosen.count < count { chosen.append(shares.count - 1) }
    return chosen
  }
}
