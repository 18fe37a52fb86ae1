import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// A model that goes on learning scores before it learns, whatever the tokens are and however they are cut.
@Suite struct AdaptedReaderTests {
  /// Kinds of next-token models: characters, words with tied vectors and with an adaptive softmax, events of music, items.
  enum Kind: String, CaseIterable, Sendable { case character, tied, adaptive, music, items }

  private static let key = RandomKey(seed: 71)
  static let rules = [
    Adaptation.Rule(dynamic: .init(rate: 0.5, pull: 0.05, segment: 5)),
    Adaptation.Rule(cache: .init(window: 9, flatness: 0.5, weight: 0.3)),
    Adaptation.Rule(
      dynamic: .init(rate: 0.5, pull: 0.05, segment: 5), cache: .init(window: 9, flatness: 0.5, weight: 0.3)),
  ]

  static func language(_ kind: Kind) -> LanguageModel {
    var configuration = LanguageModelConfiguration.standard(unit: .word, tokenCount: 1000)
    (configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount) = (9, 5, 2)
    configuration.tiesEmbeddings = kind == .tied
    if kind == .adaptive { configuration.adaptiveSoftmax = AdaptiveSoftmaxConfiguration(cutoffs: [4, 9]) }
    if kind == .music {
      return PerformanceTaskTests.task().makeModel(key: key)
    }
    return LanguageModel(configuration, vocabularySize: vocabularySize(kind), key: key)
  }

  private static func vocabularySize(_ kind: Kind) -> Int {
    switch kind {
    case .character: 11
    case .tied, .adaptive: 30
    case .music: PerformanceTaskTests.task().tokens.count
    case .items: 9
    }
  }

  private static func ids(_ count: Int, _ kind: Kind) -> [Int32] {
    key.child(5).integers(count, below: vocabularySize(kind)).map { Int32($0) }
  }

  /// The cross-entropies of tokens that are read in pieces.
  private static func nats(
    _ ids: [Int32], pieces: [Int] = [], _ kind: Kind, _ rule: Adaptation.Rule
  ) -> [Double] {
    func read<Model: AdaptableModel>(_ model: Model) -> [Double] {
      var (reader, rest, found) = (AdaptedReader(model, rule), ids[...], [Double]())
      for piece in pieces {
        found += reader.read(Array(rest.prefix(piece)))
        rest = rest.dropFirst(piece)
      }
      return found + reader.read(Array(rest))
    }
    return kind == .items
      ? read(RecommendationTaskTests.task().makeModel(key: key)) : read(language(kind))
  }

  @Test(arguments: Kind.allCases, rules) func scoresBeforeItLearns(
    _ kind: Kind, _ rule: Adaptation.Rule
  ) {
    let ids = Self.ids(33, kind)
    let whole = Self.nats(ids, kind, rule)
    #expect(whole.count == 32 && whole.allSatisfy { $0.isFinite && $0 > 0 })
    for place in [1, 4, 5, 6, 17, 32] {
      var other = ids
      other[place] = (other[place] + 1) % Int32(Self.vocabularySize(kind))
      let changed = Self.nats(other, kind, rule)
      // token `place` is scored at place - 1
      #expect(changed[..<(place - 1)] == whole[..<(place - 1)], "token \(place)")
      #expect(changed[(place - 1)...] != whole[(place - 1)...], "token \(place)")
    }
  }

  @Test(arguments: Kind.allCases, rules) func piecesAreTheWhole(_ kind: Kind, _ rule: Adaptation.Rule) {
    let ids = Self.ids(41, kind)
    let whole = Self.nats(ids, kind, rule)
    for pieces in [[Int](repeating: 1, count: 40), [1, 5, 5, 3, 2, 0, 13], [4, 11], [7, 30]] {
      #expect(Self.nats(ids, pieces: pieces, kind, rule) == whole, "pieces of \(pieces)")
    }
  }

  @Test(arguments: Kind.allCases) func threadsChangeNoBit(_ kind: Kind) throws {
    try checkSameBits("adapted \(kind)") {
      [Tensor(Self.nats(Self.ids(23, kind), kind, Self.rules[2]).map { Float($0) })]
    }
  }

  /// The log-probabilities of all tokens say the same as the cross-entropies, and nothing of it depends on being asked.
  @Test(arguments: Kind.allCases, rules) func allTokensAreScored(_ kind: Kind, _ rule: Adaptation.Rule) {
    let ids = Self.ids(24, kind)
    func check<Model: AdaptableModel>(_ model: Model) {
      var (own, alone) = (AdaptedReader(model, rule), AdaptedReader(model, rule))
      var rows: [Int: [Float]] = [:]
      let found = own.read(ids, scored: { rows[$0] = $1 })
      let expected = alone.read(ids)
      #expect(rows.keys.sorted() == Array(1..<24))
      for place in 1..<24 {
        let logs = rows[place] ?? []
        #expect(abs(logs.reduce(0) { $0 + exp(Double($1)) } - 1) < 1e-5)
        #expect(abs(Double(-logs[Int(ids[place])]) - expected[place - 1]) < 1e-4)
        #expect(abs(found[place - 1] - expected[place - 1]) < 1e-4)
      }
    }
    if kind == .items {
      check(RecommendationTaskTests.task().makeModel(key: Self.key))
    } else {
      check(Self.language(kind))
    }
  }

  /// Without a rate and with an empty weight the model is as it is.
  @Test(arguments: [Kind.character, .tied, .adaptive]) func nothingLearntIsTheModel(_ kind: Kind) {
    let (model, ids) = (Self.language(kind), Self.ids(30, kind))
    let logits = model(Indices(Array(ids.dropLast()), shape: [29, 1])).logits
    let expected = LanguageModelTask.nats(logits, Array(ids.dropFirst()))
    var still = AdaptedReader(model, Adaptation.Rule(dynamic: .init(rate: 0, pull: 0, segment: 7)))
    var unused = AdaptedReader(model, Adaptation.Rule(cache: .init(window: 7, flatness: 1, weight: 0)))
    for found in [still.read(ids), unused.read(ids)] {
      for (own, wanted) in zip(found, expected) { #expect(abs(own - Double(wanted)) < 1e-5) }
    }
  }

  /// The step behind a segment is that of the training: its gradient is that of a window of the library's own problem.
  @Test func learnsByTheGradientOfTheTraining() throws {
    let model = Self.language(.tied)
    var configuration = LanguageModelConfiguration.standard(unit: .word, tokenCount: 1000)
    (configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount) = (9, 5, 2)
    (configuration.tiesEmbeddings, configuration.sequenceLength, configuration.dropoutRate) = (true, 5, 0)
    let ids = Self.ids(11, .tied)
    let problem = try LanguageModelProblem(
      training: ids, validation: [], configuration: configuration, settings: .short(batchSize: 1))
    let gradient = try problem.gradient(
      model, at: StepPosition(), carry: problem.initialCarry(model), mode: .inference
    ).gradient
    var (expected, optimizer) = (model, AnchoredSGD(at: model, learningRate: 0.5, pull: 0.05))
    optimizer.update(&expected, gradient)
    var reader = AdaptedReader(model, Self.rules[0])
    _ = reader.read(Array(ids.prefix(6)))
    for (own, wanted) in zip(reader.model.parameters, expected.parameters) {
      try requireClose(own.value, wanted.value, relative: 1e-5, absolute: 1e-6, own.name)
    }
    #expect(zip(reader.model.parameters, model.parameters).contains { $0.value.scalars != $1.value.scalars })
  }

  @Test(arguments: rules) func stateIsKept(_ rule: Adaptation.Rule) throws {
    let (model, ids) = (Self.language(.tied), Self.ids(50, .tied))
    let whole = Self.nats(ids, .tied, rule)
    for cut in [0, 1, 5, 13, 21] {
      var first = AdaptedReader(model, rule)
      var found = first.read(Array(ids.prefix(cut)))
      var second = AdaptedReader(model, rule)
      try second.restore(first.kept)
      found += second.read(Array(ids.dropFirst(cut)))
      #expect(found == whole, "cut at \(cut)")
    }
    var other = rule
    other.dynamic?.rate = 0.25
    other.cache?.window = 8
    var reader = AdaptedReader(model, other)
    #expect(throws: InterchangeError.self) { try reader.restore(AdaptedReader(model, rule).kept) }
    #expect(throws: InterchangeError.self) { try reader.restore(SessionState()) }
    var damaged = AdaptedReader(model, rule).kept
    damaged.integers = damaged.integers.map { ($0.name, $0.name == "adapted.recent" ? [99] : $0.values) }
    var same = AdaptedReader(model, rule)
    #expect(throws: InterchangeError.self) { try same.restore(damaged) }
  }

  /// What is kept of a long text is bounded.
  @Test func memoryDoesNotGrow() {
    var reader = AdaptedReader(Self.language(.tied), Self.rules[2])
    for _ in 0..<40 { _ = reader.read(Self.ids(200, .tied)) }
    #expect(reader.recent.count <= 2048 && reader.cache?.entries.symbols.count == 9)
  }

  @Test func sequencesShareWhatIsLearnt() {
    let ids = Self.ids(8, .tied)
    var reader = AdaptedReader(Self.language(.tied), Self.rules[2])
    var sums: [Double] = []
    for _ in 0..<6 {
      reader.beginSequence()
      sums.append(reader.read(ids).reduce(0, +))
    }
    #expect(sums[5] < sums[0] - 0.5, "\(sums)")
  }
}
