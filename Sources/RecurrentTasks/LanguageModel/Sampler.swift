#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Chooses the next token from the scores of a model.
///
/// In this order: the scores of recent tokens are lowered, divided by the temperature, cut to the likeliest few, cut to
/// the smallest set that holds enough probability, and one of those left is drawn.
public struct Sampler: Sendable, Equatable, Codable {
  /// Divides the scores: below 1 bolder, above 1 wilder, 0 for always the likeliest.
  public var temperature: Double
  /// Keeps this many tokens; nil for all.
  public var topK: Int?
  /// Keeps the likeliest tokens that together have this probability (Holtzman et al. 2020, arXiv:1904.09751).
  public var topP: Double
  /// Divides positive and multiplies negative scores of recent tokens (Keskar et al. 2019, arXiv:1909.05858); 1 for
  /// nothing.
  public var repetitionPenalty: Double
  /// How many of the last tokens count as recent.
  public var repetitionWindow: Int

  /// A way to choose.
  public init(
    temperature: Double = 1, topK: Int? = nil, topP: Double = 1, repetitionPenalty: Double = 1,
    repetitionWindow: Int = 64
  ) {
    trapUnless(temperature >= 0, "Sampler: expected a temperature of at least 0, received \(temperature)")
    trapUnless(topP > 0 && topP <= 1, "Sampler: expected topP in 0 < p <= 1, received \(topP)")
    trapUnless(repetitionPenalty > 0, "Sampler: expected a positive penalty, received \(repetitionPenalty)")
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.repetitionPenalty = repetitionPenalty
    self.repetitionWindow = repetitionWindow
  }

  /// A token number.
  ///
  /// - Parameters:
  ///   - logits: `[V]`.
  ///   - recent: the tokens so far.
  ///   - excluded: a token that is never chosen.
  ///   - uniform: a random number in [0, 1).
  public func choose(_ logits: [Float], recent: [Int32], excluded: Int32?, uniform: Double) -> Int32 {
    var scores = logits.map { Double($0) }
    if repetitionPenalty != 1 {
      for id in Set(recent.suffix(repetitionWindow)) {
        let score = scores[Int(id)]
        scores[Int(id)] = score > 0 ? score / repetitionPenalty : score * repetitionPenalty
      }
    }
    if let excluded { scores[Int(excluded)] = -.infinity }
    guard temperature > 0, let largest = scores.max() else {
      return Int32(scores.indices.max { scores[$0] < scores[$1] } ?? 0)
    }
    var weights = scores.map { exp(($0 - largest) / temperature) }
    if (topK.map { $0 < weights.count } ?? false) || topP < 1 {
      let order = weights.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
      var kept = order.prefix(topK ?? order.count)
      if topP < 1 {
        let enough = topP * kept.reduce(0) { $0 + weights[$1] }
        var sum = 0.0
        let needed = kept.prefix { index in
          defer { sum += weights[index] }
          return sum < enough
        }
        kept = needed.isEmpty ? kept.prefix(1) : needed
      }
      var filtered = Array(repeating: 0.0, count: weights.count)
      for index in kept { filtered[index] = weights[index] }
      weights = filtered
    }
    var rest = uniform * weights.reduce(0, +)
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      last = index
      rest -= weight
      if rest < 0 { break }
    }
    return Int32(last)
  }
}
