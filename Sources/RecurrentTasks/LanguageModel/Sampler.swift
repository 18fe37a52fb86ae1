/// Chooses the next token from the scores of a model.
///
/// In this order: what is biased is added to the scores, those of recent tokens are lowered, all are divided by the temperature, cut to the likeliest few, cut to
/// the smallest set that holds enough probability, and one of those left is drawn.
public struct Sampler: Sendable, Equatable, Codable {
  /// Divides the scores: below 1 more cautious, above 1 wilder, 0 for always the likeliest.
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
  /// Taken from the scores of all tokens that the text has, as far back as it is remembered; 0 for nothing.
  public var presencePenalty = 0.0
  /// Taken from the score of a token for each time that the text has it, as far back as it is remembered; 0 for nothing.
  public var frequencyPenalty = 0.0
  /// Added to the scores of tokens, by their numbers; of others than the model has nothing.
  public var bias: [Int32: Double] = [:]

  /// A way to choose.
  public init(
    temperature: Double = 1, topK: Int? = nil, topP: Double = 1, repetitionPenalty: Double = 1,
    repetitionWindow: Int = 64
  ) {
    trapUnless(temperature >= 0, "Sampler: expected a temperature of at least 0, received \(temperature)")
    trapUnless(topP > 0 && topP <= 1, "Sampler: expected topP in 0 < p <= 1, received \(topP)")
    trapUnless(repetitionPenalty > 0, "Sampler: expected a positive penalty, received \(repetitionPenalty)")
    (self.temperature, self.topK, self.topP) = (temperature, topK, topP)
    (self.repetitionPenalty, self.repetitionWindow) = (repetitionPenalty, repetitionWindow)
  }

  /// A token number.
  ///
  /// - Parameters:
  ///   - logits: `[V]`.
  ///   - recent: the tokens so far.
  ///   - excluded: a token that is never chosen.
  ///   - uniform: a random number in [0, 1).
  public func choose(_ logits: [Float], recent: [Int32], excluded: Int32?, uniform: Double) -> Int32 {
    var workspace = SamplerWorkspace()
    return logits.withUnsafeBufferPointer {
      choose($0, recent: recent, excluded: excluded, uniform: uniform, workspace: &workspace)
    }
  }

  /// The same in memory that is kept from token to token.
  func choose(
    _ logits: UnsafeBufferPointer<Float>, recent: [Int32], excluded: Int32?, uniform: Double,
    workspace: inout SamplerWorkspace
  ) -> Int32 {
    workspace.load(logits)
    if !bias.isEmpty { workspace.add(bias) }
    if presencePenalty != 0 || frequencyPenalty != 0 {
      workspace.lower(recent, presence: presencePenalty, frequency: frequencyPenalty)
    }
    if repetitionPenalty != 1 { workspace.lower(recent.suffix(repetitionWindow), by: repetitionPenalty) }
    if let excluded { workspace.exclude(excluded) }
    guard temperature > 0, let largest = workspace.scores.max() else { return workspace.likeliest }
    workspace.weigh(largest: largest, temperature: temperature)
    let count = min(topK ?? logits.count, logits.count)
    if count < logits.count || topP < 1 { workspace.keepLikeliest(count, probability: topP) }
    return workspace.draw(uniform)
  }
}
