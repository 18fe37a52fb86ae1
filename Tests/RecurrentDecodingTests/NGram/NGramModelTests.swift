import RecurrentData
import RecurrentDecoding
import RecurrentTestSupport
import Testing

@Suite struct NGramModelTests {
  /// A model in which some n-grams lack a shorter end, and b ends nothing that matters.
  private static let arpa = """
    \\data\\
    ngram 1=6
    ngram 2=3
    ngram 3=2

    \\1-grams:
    -2\t<unk>
    -99\t<s>\t-0.5
    -1\t</s>
    -0.75\ta\t-0.25
    -1.25\tb
    -1.5\tc\t-0.125

    \\2-grams:
    -0.5\t<s> a\t-0.0625
    -0.25\ta b\t-0.375
    -0.375\tc a

    \\3-grams:
    -0.125\t<s> a b
    -0.0625\ta b c

    \\end\\
    """

  private func model() throws -> NGramModel { try NGramModel(bytes: Array(NGramModelTests.arpa.utf8)) }

  /// Scores to the base 10 of the words of a sentence and its end.
  private func scores(_ model: NGramModel, _ sentence: [String]) -> [Float] {
    var state = model.start
    let words = sentence.map { model.token(of: $0) ?? model.unknown } + [model.sentenceEnd ?? 0]
    return words.map {
      let (score, next) = model.score($0, after: state)
      state = next
      return score / 2.3025850929940457
    }
  }

  @Test func takesTheLongestMatchAndBackOffWeights() throws {
    let model = try model()
    #expect(model.order == 3 && model.counts == [6, 3, 2] && model.vocabularyCount == 6)
    func check(_ sentence: [String], _ expected: [Float]) {
      for (found, expected) in zip(scores(model, sentence), expected) {
        #expect(abs(found - expected) < 1e-5, "\(sentence): \(found), \(expected)")
      }
    }
    // <s> a, <s> a b, a b c, then the end: no c </s>, no b c </s>; the context b c is no n-gram
    check(["a", "b", "c"], [-0.5, -0.125, -0.0625, -0.125 - 1])
    // after <s> a nothing else: -0.0625 (<s> a), -0.25 (a), unigram
    check(["a", "c"], [-0.5, -0.0625 - 0.25 - 1.5, -0.125 - 1])
    // an unknown word empties the context
    check(["z", "b"], [-0.5 - 2, -1.25, -1])
    // a b has a weight, although b has none
    check(["a", "b", "b"], [-0.5, -0.125, -0.375 - 1.25, -1])
    #expect(abs(model.finish(model.start) - (-0.5 - 1) * 2.3025851) < 1e-5)
    #expect(abs(model.score(sentence: [3, 4]) - Double(-0.5 - 0.125 - 0.375 - 1) * 2.302585092994046) < 1e-5)
  }

  @Test func statesAreTheContextsThatMatter() throws {
    let model = try model()
    func state(_ words: [String], from start: NGramModel.State? = nil) -> NGramModel.State {
      words.reduce(start ?? model.start) { state, word in
        model.score(model.token(of: word) ?? model.unknown, after: state).state
      }
    }
    let empty = state(["z"])
    #expect(state(["b"]) == empty && state(["c", "b"]) == empty && state(["z", "z"]) == empty)
    // c a is followed by nothing and weighs nothing, so it is a
    #expect(state(["c", "a"]) == state(["z", "a"]))
    #expect(state(["a"]) != state(["z", "a"]) && state(["a"]) != model.start)
    #expect(state(["z", "a", "b"]) == state(["a", "b"]) && state(["a", "b"]) != empty)
  }

  /// The longest match by strings, without trees: every sentence of two words and an unknown one, for the model of a text.
  @Test func agreesWithASearchOfTheFile() throws {
    let fixture = try NGramFixture()
    for name in ["estimated", "pruned"] {
      let reference = TextModel(try fixture.text("\(name)/arpa"))
      let model = try NGramModel(bytes: fixture.bytes("\(name)/arpa"))
      for sentence in try fixture.sentences {
        let found = scores(model, sentence)
        for (place, score) in found.enumerated() {
          let words = ["<s>"] + sentence + ["</s>"]
          let expected = reference.score(Array(words[...(place + 1)]))
          #expect(abs(score - expected) < 1e-4, "\(name) \(words[...(place + 1)])")
        }
      }
    }
  }

  @Test(arguments: ["arpa", "probing"]) func queriesAllocateNothing(_ form: String) throws {
    guard AllocationCount.isAvailable else { return }
    let fixture = try NGramFixture()
    let model = try NGramModel(bytes: fixture.bytes("estimated/\(form)"))
    let tokens = try fixture.sentences.joined().map { model.token(of: $0) ?? model.unknown }
    // what is made once is made
    var result = model.score(tokens[0], after: model.start)
    var allocations = 0
    for token in tokens {
      let state = result.state
      allocations += AllocationCount.during { result = model.score(token, after: state) }
    }
    #expect(allocations == 0, "\(allocations) for \(tokens.count)")
  }

  @Test func wordsAndNumbers() throws {
    let model = try model()
    #expect(model.token(of: "a") == 3 && model.word(of: 3) == "a" && model.token(of: "z") == nil)
    #expect(model.word(of: -1) == nil && model.word(of: 6) == nil && model.unknown == 0)
    #expect(model.sentenceBegin == 1 && model.sentenceEnd == 2)
  }
}

/// A back-off model as dictionaries of texts.
private struct TextModel {
  private var grams: [String: (score: Float, backoff: Float)] = [:]
  private var order = 1

  init(_ arpa: String) {
    for line in arpa.split(separator: "\n") {
      let fields = line.split(separator: "\t")
      guard fields.count >= 2, let score = Float(fields[0]) else { continue }
      grams[String(fields[1])] = (score, fields.count > 2 ? Float(fields[2]) ?? .nan : 0)
      order = max(order, fields[1].split(separator: " ").count)
    }
  }

  /// The score of the last word after the others.
  func score(_ words: [String]) -> Float {
    let words = words.map { grams[$0] == nil ? "<unk>" : $0 }
    var backoff: Float = 0
    for start in max(0, words.count - order)..<words.count {
      if let gram = grams[words[start...].joined(separator: " ")] { return gram.score + backoff }
      backoff += grams[words[start..<(words.count - 1)].joined(separator: " ")]?.backoff ?? 0
    }
    return .nan
  }
}
