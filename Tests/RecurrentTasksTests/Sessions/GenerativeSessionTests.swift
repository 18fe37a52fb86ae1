import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// One loop feeds back what any session chooses.
@Suite struct GenerativeSessionTests {
  /// A walk on a circle of so many places: the sampler says how likely a step of two places is.
  struct Walk: GenerativeSession {
    let places: Int
    private(set) var path: [Int] = []

    mutating func read(_ step: Int) { path.append(step) }
    var outputs: [Int] { path.suffix(1) }
    var state: SessionState { SessionState(integers: [(name: "path", values: path.map { Int64($0) })]) }
    mutating func restore(_ state: SessionState) throws { path = try state.integers("path").map { Int($0) } }

    init(places: Int) { self.places = places }
    var opening: Int? { path.isEmpty ? 5 : nil }
    func sample(_ sampler: Double, uniform: Double, workspace: inout Void) -> Int {
      ((path.last ?? 0) + (uniform < sampler ? 2 : 1)) % places
    }
  }

  private let key = RandomKey(seed: 9)

  @Test func choicesAreRead() {
    var steps = generate(Walk(places: 7), 0, key: key)
    #expect((0..<9).map { _ in steps.next() } == [6, 0, 1, 2, 3, 4, 5, 6, 0])
    #expect(steps.session.path == [5, 6, 0, 1, 2, 3, 4, 5, 6, 0] && steps.drawCount == 9)
    #expect(Array(generate(Walk(places: 7), 1, key: key).prefix(4)) == [0, 2, 4, 6])
  }

  @Test func theKeyDecides() {
    let expected = key.uniforms(200).reduce(into: [5]) {
      $0.append(($0[$0.count - 1] + ($1 < 0.3 ? 2 : 1)) % 11)
    }
    let steps = Array(generate(Walk(places: 11), 0.3, key: key).prefix(200))
    #expect(steps == Array(expected.dropFirst()))
    #expect(steps != Array(generate(Walk(places: 11), 0.3, key: RandomKey(seed: 10)).prefix(200)))
  }

  /// Steps are gone on with from a kept state and the number of draws.
  @Test func goesOn() throws {
    let whole = Array(generate(Walk(places: 11), 0.5, key: key).prefix(60))
    var first = generate(Walk(places: 11), 0.5, key: key)
    let beginning = (0..<25).compactMap { _ in first.next() }
    var session = Walk(places: 11)
    try session.restore(first.session.state)
    let rest = generate(session, 0.5, key: key, drawCount: first.drawCount).prefix(35)
    #expect(beginning + rest == whole)
  }

  // MARK: Tokenizer

  /// Notes of an octave by their letters; each waits until it is known whether a sharp follows.
  struct Notes: Tokenizer {
    struct Decoder: TokenDecoder {
      private var waiting = ""
      mutating func push(_ id: Int32) -> String {
        defer { waiting = id == 7 ? "" : "CDEFGAB".map { "\($0)" }[Int(id)] }
        return id == 7 ? "\(waiting)#" : waiting
      }
      mutating func finish() -> String { waiting }
    }

    let count = 8
    let unknownID: Int32? = nil

    func encode(_ text: String) -> EncodedText {
      var encoded = EncodedText(vocabularySize: count)
      for letter in text { encoded.ids.append(Int32("CDEFGAB#".map { $0 }.firstIndex(of: letter) ?? 0)) }
      return encoded
    }

    func makeDecoder() -> any TokenDecoder { Decoder() }
  }

  @Test func otherTokensAreGenerated() {
    let notes = Notes()
    #expect(Array(notes.encode("CF#A").ids) == [0, 3, 7, 5] && notes.decode([0, 3, 7, 5]) == "CF#A")
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
    (configuration.hiddenSize, configuration.embeddingSize) = (5, 4)
    let model = LanguageModel(configuration, vocabularySize: notes.count, key: key)
    var session = LanguageModelSession(model: model, vocabulary: notes)
    session.push(Array(notes.encode("CE").ids))
    let text = TextGenerator(session, sampler: Sampler(), length: 40, key: key).joined()
    let tokens = Array(generate(session, Sampler(), key: key).prefix(40))
    #expect(text == notes.decode([2] + tokens) && Set(tokens).count > 3)
  }
}
