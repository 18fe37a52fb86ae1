import RecurrentCore
import RecurrentDecoding

/// Tokens as texts.
struct TokenList: OutputTokens {
  var texts: [String]
  var unknownID: Int32?

  init(_ texts: [String], unknownID: Int32? = nil) { (self.texts, self.unknownID) = (texts, unknownID) }

  var count: Int { texts.count }
  func bytes(of id: Int32) -> [UInt8]? { texts.indices.contains(Int(id)) ? Array(texts[Int(id)].utf8) : nil }
}

extension OutputUnits {
  /// Letters and a space, the blank last.
  static let letters = try! OutputUnits(spelling: TokenList(["a", "b", " "]), blank: .last)
}

/// Random scores `[T, V]`.
func randomLogits(_ frames: Int, _ outputs: Int, seed: Int, scale: Float = 3) -> [Float] {
  RandomKey(seed: UInt64(seed)).uniforms(frames * outputs).map { scale * ($0 - 0.5) }
}

/// Scores of a network that is fairly sure: spikes of random tokens between blanks, and noise.
func spikyLogits(_ frames: Int, _ outputs: Int, blank: Int, seed: Int, noise: Float = 5) -> [Float] {
  let key = RandomKey(seed: UInt64(seed))
  var logits = key.child(0).uniforms(frames * outputs).map { noise * $0 }
  let (kinds, tokens) = (key.child(1).uniforms(frames), key.child(2).uniforms(frames))
  for frame in 0..<frames {
    let token = min(outputs - 1, Int(tokens[frame] * Float(outputs)))
    logits[frame * outputs + (kinds[frame] < 0.6 ? blank : token)] += 5
  }
  return logits
}

/// A small language model of words: every pair has a score of its own.
struct PairScorer: WordScorer, StorableScorer {
  var words: [String]

  var start: Int32 { -2 }
  var unknown: Int32 { -1 }
  func token(of word: String) -> Int32? { words.firstIndex(of: word).map { Int32($0) } }
  func score(_ token: Int32, after state: Int32) -> (score: Float, state: Int32) {
    (-Float((Int(token) * 7 + Int(state) * 13 + 100) % 11) / 4, token)
  }
  func finish(_ state: Int32) -> Float { -Float((Int(state) + 5) % 3) / 2 }
  func stored(_ state: Int32) -> [Int64] { [Int64(state)] }
  func state(of stored: [Int64]) -> Int32? {
    stored.count == 1 && (-2..<Int64(words.count)).contains(stored[0]) ? Int32(stored[0]) : nil
  }

  /// The score of a whole text, with weights; a word that is not listed costs besides.
  func score(_ text: String, alpha: Double, beta: Double, perWord: Double, perCharacter: Double) -> Double {
    var (sum, state) = (0.0, start)
    for word in text.split(separator: " ") {
      let token = token(of: String(word))
      if token == nil { sum += perWord + perCharacter * Double(word.unicodeScalars.count) }
      let (own, next) = score(token ?? unknown, after: state)
      sum += alpha * Double(own) + beta
      state = next
    }
    return sum + alpha * Double(finish(state))
  }
}
