#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Chooses the numbers of an adaptation by sequences that are scored for nothing else: the least cross-entropy of their tokens.
///
/// Of dynamic evaluation first the rate, twice and half as large as long as that is better, then the pull; of the cache the best
/// of a grid, by itself and beside dynamic evaluation.
struct AdaptationTuner<Model: AdaptableModel> {
  /// Sequences of tokens, read in their order.
  let sequences: [[Int32]]
  private let model: Model
  private var passCount = 0

  /// The most tokens that numbers are chosen by.
  static var limit: Int { 1 << 16 }
  /// Passes over the sequences that a choice takes, roughly.
  private static var usualPasses: Double { 14 }
  /// How often a rate is doubled or halved at most.
  private static var mostDoublings: Int { 8 }

  /// Chooses by the first tokens of sequences.
  init(_ model: Model, _ sequences: [[Int32]]) {
    self.model = model
    var rest = AdaptationTuner.limit
    var kept: [[Int32]] = []
    for sequence in sequences where rest > 0 {
      kept.append(Array(sequence.prefix(rest)))
      rest -= kept[kept.count - 1].count
    }
    self.sequences = kept
  }

  /// The best numbers that were found.
  ///
  /// - Throws: what `progress` throws; ``TaskError/unsupported(_:)`` where the sequences predict nothing.
  mutating func tuned(
    from standard: Adaptation, progress: (Double) throws -> Void
  ) throws -> TunedAdaptation {
    let plain = try recorded(Adaptation.Rule(), progress)
    guard plain.nats.count > 1 else {
      throw TaskError.unsupported("numbers of an adaptation are chosen by at least 3 tokens")
    }
    var result = TunedAdaptation(adaptation: standard, tokenCount: plain.nats.count, plain: plain.mean)
    let cache = try bestCache(plain, standard.cache, progress)
    (result.adaptation.cache, result.cache) = (cache.settings, cache.nats)
    let dynamic = try bestDynamic(standard.dynamic, plain: plain.mean, progress)
    (result.adaptation.dynamic, result.dynamic) = (dynamic.dynamic, dynamic.nats)
    let moved = try recorded(Adaptation.Rule(dynamic: dynamic.dynamic), progress)
    let both = try bestCache(moved, standard.cacheBesideDynamic, progress)
    (result.adaptation.cacheBesideDynamic, result.both) = (both.settings, both.nats)
    return result
  }

  // MARK: Dynamic evaluation

  private mutating func bestDynamic(
    _ standard: Adaptation.Dynamic, plain: Double, _ progress: (Double) throws -> Void
  ) throws -> (dynamic: Adaptation.Dynamic, nats: Double) {
    var best = (dynamic: standard, nats: try nats(Adaptation.Rule(dynamic: standard), progress))
    func tried(_ change: (inout Adaptation.Dynamic) -> Void) throws -> Bool {
      var next = best.dynamic
      change(&next)
      let nats = try nats(Adaptation.Rule(dynamic: next), progress)
      // what is no number is not better; ever smaller rates come ever closer to the model as it is
      guard nats < best.nats - 1e-4 || best.nats.isNaN else { return false }
      best = (next, nats)
      return true
    }
    var (rises, falls) = (0, 0)
    while rises < AdaptationTuner.mostDoublings, try tried({ $0.rate *= 2 }) { rises += 1 }
    while rises == 0, falls < AdaptationTuner.mostDoublings, try tried({ $0.rate /= 2 }) { falls += 1 }
    for pull in [0, 0.002, 0.02] where pull != best.dynamic.pull { _ = try tried { $0.pull = pull } }
    guard best.nats < plain else {
      best.dynamic.rate = 0
      return (best.dynamic, plain)
    }
    return best
  }

  private mutating func nats(
    _ rule: Adaptation.Rule, _ progress: (Double) throws -> Void
  ) throws -> Double {
    var reader = AdaptedReader(model, rule)
    var (sum, count) = (0.0, 0)
    for sequence in sequences {
      reader.beginSequence()
      for own in reader.read(sequence) {
        sum += own
        count += 1
      }
    }
    try pass(progress)
    return sum / Double(max(count, 1))
  }

  private mutating func pass(_ progress: (Double) throws -> Void) throws {
    passCount += 1
    try progress(min(0.99, Double(passCount) / AdaptationTuner.usualPasses))
  }

  // MARK: Cache

  /// What the network has made of the sequences.
  private struct Recording {
    /// `[n, H]`, the token behind each, and its cross-entropy by the network.
    var outputs: [Tensor] = []
    var targets: [[Int32]] = []
    var nats: [Double] = []

    var mean: Double { nats.reduce(0, +) / Double(max(nats.count, 1)) }
  }

  private mutating func recorded(
    _ rule: Adaptation.Rule, _ progress: (Double) throws -> Void
  ) throws -> Recording {
    var reader = AdaptedReader(model, rule)
    var recording = Recording()
    for sequence in sequences {
      reader.beginSequence()
      recording.nats += reader.read(
        sequence,
        seen: { outputs, targets, _ in
          recording.outputs.append(outputs)
          recording.targets.append(targets)
        })
    }
    try pass(progress)
    return recording
  }

  private mutating func bestCache(
    _ recording: Recording, _ standard: NeuralCache.Settings, _ progress: (Double) throws -> Void
  ) throws -> (settings: NeuralCache.Settings, nats: Double) {
    var best = (settings: standard, nats: Double.infinity)
    for window in [500, 2000] where window == 500 || window < recording.nats.count {
      for flatness in [0, 0.1, 0.2, 0.4, 0.8] {
        let found = probabilities(recording, window: window, flatness: flatness)
        for weight in [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5] {
          let nats = zip(recording.nats, found).reduce(0.0) { sum, item in
            let share = weight * item.1.filled
            return sum - log((1 - share) * exp(-item.0) + share * item.1.probability)
          }
          if nats < best.nats {
            best = (NeuralCache.Settings(window: window, flatness: flatness, weight: weight), nats)
          }
        }
      }
      try pass(progress)
    }
    best.nats /= Double(recording.nats.count)
    // what is worse than nothing is not used
    if best.nats >= recording.mean { (best.settings.weight, best.nats) = (0, recording.mean) }
    return best
  }

  /// What a cache makes of each token, and how full it is.
  private func probabilities(
    _ recording: Recording, window: Int, flatness: Double
  ) -> [(probability: Double, filled: Double)] {
    let weight = 0.5
    var cache = NeuralCache(
      NeuralCache.Settings(window: window, flatness: flatness, weight: weight),
      width: model.recurrent.outputSize)
    var found: [(probability: Double, filled: Double)] = []
    for (outputs, targets) in zip(recording.outputs, recording.targets) {
      for own in cache.read(outputs, targets) { found.append((own.probability, own.weight / weight)) }
    }
    return found
  }
}
