import RecurrentTestSupport
import Testing

@Suite struct LanguageModelTests {
  struct Kind: CustomTestStringConvertible, Sendable {
    let cell: CellCatalog
    let layers: Int
    let isTied: Bool
    let embedding: Int
    var isAdaptive = false

    var configuration: LanguageModelConfiguration {
      var result = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
      result.cell = cell
      (result.layerCount, result.hiddenSize, result.embeddingSize) = (layers, 7, embedding)
      result.tiesEmbeddings = isTied
      if isAdaptive {
        result.adaptiveSoftmax = AdaptiveSoftmaxConfiguration(cutoffs: [3, 6], division: 2)
      }
      return result
    }

    var testDescription: String {
      "\(cell.rawValue), \(layers) layers, \(isTied ? "tied" : isAdaptive ? "adaptive" : "free"), \(embedding)"
    }

    static let all = CellCatalog.allCases.flatMap { cell in
      [(1, false, 5, false), (2, true, 5, false), (3, true, 7, false), (1, false, 5, true)].map {
        Kind(cell: cell, layers: $0, isTied: $1, embedding: $2, isAdaptive: $3)
      }
    }
  }

  private static let text = String(repeating: "abcab cabbage, bac! ", count: 40)

  private func vocabulary() throws -> TextVocabulary {
    try TextVocabulary.fit(unit: .character, texts: [LanguageModelTests.text])
  }

  @Test(arguments: Kind.all) func parameterCount(_ kind: Kind) {
    let model = LanguageModel(kind.configuration, vocabularySize: 11, key: RandomKey(seed: 1))
    #expect(kind.configuration.parameterCount(vocabularySize: 11) == model.parameterCount)
    #expect(Set(model.parameters.map(\.name)).count == model.parameters.count)
    #expect(
      model.parameters.contains { $0.name == "projection.weight" } == (kind.isTied && kind.embedding != 7))
    #expect(model.parameters.contains { $0.name == "decoder.weight" } == !(kind.isTied || kind.isAdaptive))
    #expect(model.parameters.contains { $0.name == "softmax.head.weight" } == kind.isAdaptive)
  }

  /// Reading in pieces with a carried state, and side by side, is reading at once.
  @Test(arguments: Kind.all) func piecesAreTheWhole(_ kind: Kind) throws {
    let model = LanguageModel(kind.configuration, vocabularySize: 11, key: RandomKey(seed: 1))
    let ids = RandomKey(seed: 2).integers(40, below: 11).map { Int32($0) }
    let (whole, _) = model(Indices(ids, shape: [20, 2]))
    var state: LanguageModel.State?
    for piece in [0..<1, 1..<7, 7..<20] {
      let part = Indices(Array(ids[piece.lowerBound * 2..<piece.upperBound * 2]), shape: [piece.count, 2])
      let (logits, next) = model.packed()(part, state: state)
      state = next
      for (step, index) in piece.enumerated() {
        try requireSameBits(logits[step], whole[index], "step \(index)")
      }
    }
  }

  /// The loss is the cross-entropy of the scores, also where tokens are not numbered by frequency.
  @Test(arguments: Kind.all.filter { $0.cell == .gru }) func lossOfScores(_ kind: Kind) throws {
    let ids = RandomKey(seed: 2).integers(42, below: 11).map { Int32($0) }
    let inputs = Indices(Array(ids.dropLast(2)), shape: [20, 2])
    let targets = Indices(Array(ids.dropFirst(2)), shape: [20, 2])
    for order in [nil, [4, 2, 10, 0, 1, 3, 9, 8, 7, 5, 6]] as [[Int32]?] {
      let model = LanguageModel(
        kind.configuration, vocabularySize: 11, tokenOrder: order, key: RandomKey(seed: 1))
      let (logits, state) = model(inputs)
      let (loss, other) = model.loss(inputs, targets: targets)
      #expect(abs(loss.scalar - crossEntropy(logits, targets).scalar) < 1e-5)
      for (found, expected) in zip(state.cells, other.cells) {
        try requireSameBits(found.tensors[0], expected.tensors[0], "state")
      }
    }
  }

  /// Only the rows of the tokens that were read make up the gradient of a table, unless it is also the output's.
  @Test(arguments: [false, true]) func gradientOfTheTable(_ isTied: Bool) throws {
    let kind = Kind(cell: .gru, layers: 1, isTied: isTied, embedding: 7)
    let model = LanguageModel(kind.configuration, vocabularySize: 90, key: RandomKey(seed: 1))
    let ids = Indices([5, 80, 5, 3], shape: [2, 2])
    func gradient(_ loss: (LanguageModel) -> Tensor) -> LanguageModel {
      valueAndGradient(of: model) { loss($0) }.gradient
    }
    let found = gradient { $0.loss(ids, targets: ids).loss }
    let rows = found.embedding.weight.sparseRows
    #expect(rows?.ids.values == (isTied ? nil : [3, 5, 80]))
    let expected = gradient { crossEntropy($0(ids).logits, ids) }
    #expect(found.norm == expected.norm)
    for (found, expected) in zip(found.parameters, expected.parameters) {
      try requireSameBits(found.value, expected.value, found.name)
    }
    try requireSameBits(
      found.clipped(norm: 0.1).embedding.weight, expected.embedding.weight * Float(0.1 / (found.norm + 1e-6)),
      "clipped")
    try requireSameBits(
      found.clipped(value: 0.001).embedding.weight,
      minimum(maximum(expected.embedding.weight, Tensor(-0.001)), Tensor(0.001)), "clipped by value")
  }

  /// The most frequent token of the order has the first row of the head.
  @Test func orderOfTokens() throws {
    let kind = Kind(cell: .gru, layers: 1, isTied: false, embedding: 5, isAdaptive: true)
    var model = LanguageModel(
      kind.configuration, vocabularySize: 11, tokenOrder: [4, 2, 10, 0, 1, 3, 9, 8, 7, 5, 6],
      key: RandomKey(seed: 1))
    var bias = [Float](repeating: 0, count: 5)
    bias[0] = 50
    model.adaptiveSoftmax?.head.bias = Tensor(bias)
    let scores = model(Indices([1], shape: [1, 1])).logits.scalars
    #expect(scores.indices.max { scores[$0] < scores[$1] } == 4)
  }

  /// The evaluation, which reads in pieces, against one pass over everything.
  @Test func evaluation() throws {
    let vocabulary = try vocabulary()
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
    (configuration.hiddenSize, configuration.embeddingSize) = (6, 4)
    let model = LanguageModel(configuration, vocabularySize: vocabulary.count, key: RandomKey(seed: 1))
    let long = String(repeating: LanguageModelTests.text, count: 7) + "xé!"
    let encoded = vocabulary.encode(long)
    var pieces = 0
    var none: LanguageModelSession?
    let found = LanguageModelEvaluation(
      model, vocabulary: vocabulary, text: encoded, session: &none, progress: { _ in pieces += 1 })
    #expect(pieces > 1)
    let count = encoded.ids.count - 1
    let (logits, _) = model(Indices(Array(encoded.ids.dropLast()), shape: [count, 1]))
    let direct = crossEntropy(logits, Indices(Array(encoded.ids.dropFirst()), shape: [count, 1]))
    #expect(abs(found.nats - Double(direct.scalar)) < 1e-5)
    #expect(found.tokenCount == count && found.characterCount == count && found.byteCount == count + 1)
    #expect(abs(found.bitsPerCharacter - found.nats / 0.693147180559945) < 1e-9)
    #expect(abs(found.perplexity - perplexityOfNats(found.nats)) < 1e-9)
    #expect(found.unknownCount == 2 && found.unknownExamples == ["x", "é"])
    #expect(throws: CancellationError.self) {
      try LanguageModelEvaluation(
        model, vocabulary: vocabulary, text: encoded, session: &none,
        progress: { _ in throw CancellationError() })
    }
  }

  private func session() throws -> LanguageModelSession {
    let vocabulary = try vocabulary()
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
    (configuration.hiddenSize, configuration.embeddingSize) = (6, 4)
    let model = LanguageModel(configuration, vocabularySize: vocabulary.count, key: RandomKey(seed: 1))
    return LanguageModelSession(model: model, vocabulary: vocabulary)
  }

  /// A copy goes on as the original does, and neither disturbs the other.
  @Test func copiedSessionsAndGenerators() throws {
    var beginning = try session()
    beginning.push(Array(beginning.vocabulary.encode("abc").ids))
    let copy = beginning
    func write(_ session: LanguageModelSession) -> String {
      Array(TextGenerator(session, sampler: Sampler(), length: 50, key: RandomKey(seed: 5))).joined()
    }
    let text = write(beginning)
    #expect(text.count == 50)
    #expect(write(copy) == text)
    beginning.push(Array(beginning.vocabulary.encode("bbb").ids))
    #expect(write(beginning) != text)
    #expect(write(copy) == text)

    var generator = TextGenerator(copy, sampler: Sampler(), length: 50, key: RandomKey(seed: 5))
    let first = (0..<20).compactMap { _ in generator.next() }.joined()
    var branch = generator
    let rest = Array(generator).joined()
    #expect(first + rest == text)
    var branched = ""
    while let piece = branch.next() { branched += piece }
    #expect(branched == rest && branch.end == .length)
    #expect(branch.session.recent.count == 53)
  }

  /// A text read at once or token by token leaves the same session.
  @Test func sessionsDoNotDependOnHowTheyAreFed() throws {
    var (whole, single) = (try session(), try session())
    let ids = Array(whole.vocabulary.encode(LanguageModelTests.text).ids.prefix(600))
    whole.push(ids)
    for id in ids { single.push([id]) }
    #expect(whole.logits == single.logits && whole.recent == single.recent)
    whole.push([])
    #expect(whole.logits == single.logits)
  }

  /// The scores of a session are those of the whole text, for every kind of output.
  @Test(arguments: Kind.all) func sessionsReadAsTheModelDoes(_ kind: Kind) throws {
    let vocabulary = try vocabulary()
    let model = LanguageModel(kind.configuration, vocabularySize: vocabulary.count, key: RandomKey(seed: 1))
    let ids = Array(vocabulary.encode(LanguageModelTests.text).ids.prefix(300))
    let (logits, end) = model(Indices(ids, shape: [ids.count, 1]))
    var session = LanguageModelSession(model: model, vocabulary: vocabulary)
    #expect(session.logits == nil)
    session.push(Array(ids.prefix(280)))
    #expect(session.logits == logits[279].scalars)
    for (index, id) in ids.enumerated().dropFirst(280) {
      session.push([id])
      #expect(session.logits == logits[index].scalars)
    }
    try requireSameBits(
      session.cells.cells.flatMap(\.tensors), end.cells.flatMap(\.tensors), "\(kind.testDescription)")
  }

  /// A token is chosen, read and spelt without asking for memory.
  @Test(.enabled(if: AllocationCount.isAvailable), arguments: [TextUnit.character, .byte, .word, .bpe])
  func generationDoesNotAllocate(_ unit: TextUnit) throws {
    let vocabulary = try TextVocabulary.fit(
      unit: unit, texts: [LanguageModelTests.text], size: unit == .bpe ? 270 : nil)
    var configuration = LanguageModelConfiguration.standard(unit: unit, tokenCount: 1000)
    (configuration.layerCount, configuration.hiddenSize, configuration.embeddingSize) = (2, 24, 8)
    var model = LanguageModel(configuration, vocabularySize: vocabulary.count, key: RandomKey(seed: 1))
    if unit == .byte || unit == .bpe {
      // a model that writes text: malformed bytes are repaired in memory that the standard library takes
      model.decoder?.bias = Tensor((0..<vocabulary.count).map { (128..<256).contains($0) ? -100 : 0 })
    }
    let session = LanguageModelSession(model: model, vocabulary: vocabulary)
    let sampler = Sampler(temperature: 0.9, topK: 20, topP: 0.95, repetitionPenalty: 1.2)
    var generator = TextGenerator(
      session, sampler: sampler, length: 3000, stop: ["zzz"], key: RandomKey(seed: 2))
    for _ in 0..<50 { _ = generator.next() }
    var length = 0
    let count = AllocationCount.during {
      for _ in 0..<1000 { length += generator.next()?.utf8.count ?? 0 }
    }
    #expect(count == 0)
    #expect(length > 500)
  }

  /// Long texts do not gather in the memory.
  @Test func recentTokensAreLimited() throws {
    var session = try session()
    let ids = Array(session.vocabulary.encode(LanguageModelTests.text).ids)
    for _ in 0..<6 { session.push(ids) }
    #expect(session.recent.count <= 2048 && session.recent.suffix(20) == ids.suffix(20))
  }

  /// Words go on after a space, also behind a prompt.
  @Test func wordsAfterAPrompt() throws {
    let vocabulary = try TextVocabulary.fit(unit: .word, texts: ["red green blue red green blue"])
    var configuration = LanguageModelConfiguration.standard(unit: .word, tokenCount: 1000)
    (configuration.hiddenSize, configuration.embeddingSize) = (3, 2)
    let model = LanguageModel(configuration, vocabularySize: vocabulary.count, key: RandomKey(seed: 1))
    var session = LanguageModelSession(model: model, vocabulary: vocabulary)
    let fresh = Array(TextGenerator(session, sampler: Sampler(), length: 3, key: RandomKey(seed: 1))).joined()
    #expect(fresh.first != " " && fresh.split(separator: " ").count == 3)
    session.push(Array(vocabulary.encode("red").ids))
    let text = Array(TextGenerator(session, sampler: Sampler(), length: 3, key: RandomKey(seed: 1))).joined()
    #expect(text.first == " " && text.split(separator: " ").count == 3)
  }

  @Test(arguments: TextUnit.allCases) func standardConfigurations(_ unit: TextUnit) throws {
    for count in [0, 1, 17, 1000, 50_000, 1_000_000, 1_000_000_000] {
      var settings = Settings()
      settings[.unit] = unit
      let (configuration, suggested) = LanguageModelTask.standard(tokenCount: count, settings)
      #expect(
        suggested.training.epochs >= 2 && suggested.batchSize >= 1 && configuration.sequenceLength >= 1)
      // what is chosen can be trained on
      if count >= 2 { #expect(suggested.batchSize * configuration.sequenceLength < count) }
    }
  }
}
