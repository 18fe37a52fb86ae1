import RecurrentData
import RecurrentDecoding
import RecurrentTestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// e to the power of a number.
func exponential(_ value: Double) -> Double { exp(value) }

/// Models by KenLM and the scores that it gives to sentences; see `make_ngrams.py`.
struct NGramFixture {
  let file: FixtureFile

  init() throws { file = try FixtureFile("ngrams") }

  func bytes(_ name: String) throws -> [UInt8] { try file.bytes(name) }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// The sentences that were scored, as words.
  var sentences: [[String]] {
    get throws {
      try text("sentences/file").split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }
  }

  /// The text that the models were estimated from.
  var corpus: UTF8TextReader { get throws { UTF8TextReader(texts: [try text("text/file")]) } }

  /// Throws unless a model scores every word and end of the sentences as KenLM did.
  func check(_ model: NGramModel, _ name: String, tolerance: Float = 1e-5) throws {
    let expected = try file.tensor("\(name)/scores").scalars
    var index = 0
    for sentence in try sentences {
      var state = model.start
      for word in sentence + ["</s>"] {
        let token = word == "</s>" ? model.sentenceEnd : model.token(of: word)
        let (score, next) = model.score(token ?? model.unknown, after: state)
        let difference = abs(score / Float(2.302585092994046) - expected[index])
        try require(
          difference <= tolerance * max(1, abs(expected[index])),
          "\(name): \"\(word)\" of \(sentence): expected \(expected[index]), found \(score / 2.3025851)")
        (state, index) = (next, index + 1)
      }
    }
    try require(index == expected.count, "\(name): \(index) scores of \(expected.count)")
  }
}

/// A text with words by something like Zipf's law, the same on every run.
func zipfText(lines: Int, words: Int, seed: UInt64 = 1) -> String {
  var state = seed
  func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53)
  }
  return (0..<lines).map { _ in
    (0..<1 + Int(next() * 9)).map { _ in
      let x = next()
      return "w\(Int(Double(words) * x * x * x))"
    }.joined(separator: " ")
  }.joined(separator: "\n")
}
