#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How likely a step of a piece is after those before it.
public struct MusicStepPrediction: Sendable, Equatable {
  /// Its negative log-likelihood, in nats.
  public var nats: Float
  /// Events: of tokens those that were the likeliest; of independent keys those that sound and were likelier than not.
  public var correct: Int
  /// The tokens; or the keys that sound or were likelier than not.
  public var counted: Int
  /// Tones that sound, and with events the end of the step.
  public var eventCount: Int
  /// How likely keys were, those of at least a twentieth, the lowest first; of events each at the event at which it was the likeliest.
  public var probabilities: [KeyProbability]

  /// How likely a key was.
  public struct KeyProbability: Sendable, Equatable {
    /// The number of the key.
    public var key: Int
    /// Its probability.
    public var probability: Float
  }

  /// The least probability that is kept.
  static let least: Float = 0.05
}

/// Measures the steps of a piece by the scores of a network.
struct MusicMeter: Sendable {
  private let tokens: MusicTokens
  private var grammar: MusicGrammar
  private var nats = 0.0
  private var correct = 0
  private var counted = 0
  /// Of each key from the lowest on.
  private var probabilities: [Float]

  /// A step after another one.
  init(_ tokens: MusicTokens, after before: [MusicPiece.Tone]) {
    self.tokens = tokens
    grammar = MusicGrammar(tokens, after: before)
    probabilities = [Float](repeating: 0, count: tokens.keyCount)
  }

  /// Takes the next token, with the scores `[V]` of what might have come. Tokens that may not come have no part in the probability.
  mutating func push(_ token: Int32, _ scores: UnsafeBufferPointer<Float>) {
    var largest = -Float.infinity
    var best = token
    for index in scores.indices where scores[index] > largest && grammar.allows(Int32(index)) {
      (largest, best) = (scores[index], Int32(index))
    }
    var total = 0.0
    for index in scores.indices where grammar.allows(Int32(index)) {
      total += exp(Double(scores[index]) - Double(largest))
    }
    for index in scores.indices {
      guard let tone = tokens.tone(Int32(index)), grammar.allows(Int32(index)) else { continue }
      let probability = Float(exp(Double(scores[index]) - Double(largest)) / total)
      guard probability >= MusicStepPrediction.least else { continue }
      let place = tone.key - tokens.lowest
      probabilities[place] = max(probabilities[place], probability)
    }
    // what a piece of other data has although it may not come is as unlikely as can be
    let own =
      grammar.allows(token)
      ? Double(scores[Int(token)]) - Double(largest) - log(total) : -Double(MusicMeter.most)
    nats -= max(own, -Double(MusicMeter.most))
    correct += best == token ? 1 : 0
    counted += 1
    _ = grammar.push(token)
  }

  private static let most: Float = 100

  /// The step that was taken.
  var prediction: MusicStepPrediction {
    MusicStepPrediction(
      nats: Float(nats), correct: correct, counted: counted, eventCount: counted,
      probabilities: probabilities.indices.filter { probabilities[$0] > 0 }.map {
        .init(key: $0 + tokens.lowest, probability: probabilities[$0])
      })
  }

  /// A step of keys that are independent of each other, by their scores `[K]`.
  static func roll(
    _ step: [MusicPiece.Tone], _ scores: UnsafeBufferPointer<Float>, _ tokens: MusicTokens
  ) -> MusicStepPrediction {
    var sounds = [Bool](repeating: false, count: scores.count)
    for tone in step { sounds[tone.key - tokens.lowest] = true }
    let nats = BernoulliOutput(count: scores.count).negativeLogLikelihood(scores) { sounds[$0] }
    var (correct, counted) = (0, 0)
    var probabilities: [MusicStepPrediction.KeyProbability] = []
    for (place, score) in scores.enumerated() {
      correct += sounds[place] && score > 0 ? 1 : 0
      counted += sounds[place] || score > 0 ? 1 : 0
      let probability = Float(1 / (1 + exp(-Double(score))))
      if probability >= MusicStepPrediction.least {
        probabilities.append(.init(key: place + tokens.lowest, probability: probability))
      }
    }
    return MusicStepPrediction(
      nats: Float(nats), correct: correct, counted: counted, eventCount: step.count,
      probabilities: probabilities)
  }
}
