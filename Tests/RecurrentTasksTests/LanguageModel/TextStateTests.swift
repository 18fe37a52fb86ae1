import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Going on from a file gives the bits of never having stopped.
@Suite struct TextStateTests {
  private func trained(_ cell: CellCatalog, seed: UInt64 = 1) throws -> TrainedTask<LanguageModelTask> {
    let vocabulary = try TextVocabulary.fit(unit: .character, texts: ["abcdefgh \n"])
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
    (configuration.hiddenSize, configuration.layerCount, configuration.cell) = (16, 2, cell)
    let model = LanguageModel(configuration, vocabularySize: vocabulary.count, key: RandomKey(seed: seed))
    return TrainedTask(LanguageModelTask(configuration: configuration, vocabulary: vocabulary), model)
  }

  private func beginning(_ trained: TrainedTask<LanguageModelTask>) -> LanguageModelSession {
    LanguageModelSession(model: trained.model, vocabulary: trained.task.vocabulary)
  }

  private func opened(
    _ path: String, _ trained: TrainedTask<LanguageModelTask>, _ hash: String = "h"
  ) throws -> (session: LanguageModelSession, rest: GeneratedRest) {
    let state = try SessionState(path: path, model: hash)
    var session = beginning(trained)
    try session.restore(state)
    return (session, try GeneratedRest(state))
  }

  @Test(arguments: [CellCatalog.lstm, .gru, .mlstm, .qrnn]) func aTextGoesOn(_ cell: CellCatalog) throws {
    let trained = try trained(cell)
    let folder = try ScratchFolder()
    let path = folder.path + "/s.safetensors"
    let sampler = Sampler(temperature: 1, repetitionPenalty: 1.2)
    let key = RandomKey(seed: 9).child(0)
    var session = LanguageModelSession(model: trained.model, vocabulary: trained.task.vocabulary)
    session.push(Array(trained.task.vocabulary.encode("abc").ids))
    let whole = Array(TextGenerator(session, sampler: sampler, length: 60, key: key)).joined()
    var first = TextGenerator(session, sampler: sampler, length: 25, key: key, goesOn: true)
    var text = ""
    while let piece = first.next() { text += piece }
    try first.rest(seed: 9).added(to: first.session.state).write(to: path, model: "h")
    let kept = try opened(path, trained)
    #expect(kept.rest.seed == 9 && kept.rest.drawCount == 25)
    #expect(kept.session.logits == first.session.logits && kept.session.recent == first.session.recent)
    text += TextGenerator(kept.session, sampler: sampler, length: 35, key: key, rest: kept.rest).joined()
    #expect(text == whole)
  }

  @Test func aStopTextMayLieAcrossTheCut() throws {
    let trained = try trained(.lstm)
    let whole = Array(
      TextGenerator(
        beginning(trained), sampler: Sampler(),
        length: 40, key: RandomKey(seed: 3))
    ).joined()
    let stop = String(whole.dropFirst(18).prefix(4))
    let expected = Array(
      TextGenerator(
        beginning(trained), sampler: Sampler(),
        length: 40, stop: [stop], key: RandomKey(seed: 3))
    ).joined()
    for cut in 17...23 {
      var first = TextGenerator(
        beginning(trained), sampler: Sampler(),
        length: cut, stop: [stop], key: RandomKey(seed: 3),
        goesOn: true)
      var text = ""
      while let piece = first.next() { text += piece }
      if first.end == .length {
        text += TextGenerator(
          first.session, sampler: Sampler(), length: 40 - cut, stop: [stop], key: RandomKey(seed: 3),
          rest: first.rest(seed: 3)
        ).joined()
      }
      #expect(text == expected, "cut at \(cut)")
    }
  }

  @Test func anEvaluationGoesOn() throws {
    let trained = try trained(.gru)
    let vocabulary = trained.task.vocabulary
    let text = "abcdefgh hgfedcba\nabc def\nfed cba gh ab\n"
    func evaluate(_ text: some StringProtocol, _ session: inout LanguageModelSession?) throws
      -> LanguageModelEvaluation
    {
      LanguageModelEvaluation(
        trained.model, vocabulary: vocabulary, text: vocabulary.encode(String(text)), session: &session
      ) { _ in }
    }
    var session: LanguageModelSession? = beginning(trained)
    let whole = try evaluate(text, &session)
    let end = session
    session = beginning(trained)
    let first = try evaluate(text.prefix(17), &session)
    let folder = try ScratchFolder()
    try #require(session).state.write(to: folder.path + "/s", model: "h")
    session = try opened(folder.path + "/s", trained).session
    let second = try evaluate(text.dropFirst(17), &session)
    #expect(first.tokenCount + second.tokenCount == whole.tokenCount)
    let sum = first.nats * Double(first.tokenCount) + second.nats * Double(second.tokenCount)
    #expect(abs(sum / Double(whole.tokenCount) - whole.nats) < 1e-6)
    #expect(session?.logits == end?.logits)
    #expect(
      session?.cells.cells.map { $0.tensors.map(\.scalars) }
        == end?.cells.cells.map { $0.tensors.map(\.scalars) })
  }

  /// Random numbers are counted as integers: a float would forget some behind the 2^24th.
  @Test(arguments: [(1 << 24) + 5, 1 << 40]) func draws(_ count: Int) throws {
    let trained = try trained(.gru)
    let folder = try ScratchFolder()
    let path = folder.path + "/s"
    let rest = GeneratedRest(seed: .max - 4, drawCount: count)
    try rest.added(to: beginning(trained).state).write(to: path, model: "h")
    #expect(try opened(path, trained).rest == rest)
  }

  @Test func anotherModelRefusesIt() throws {
    let trained = try trained(.lstm)
    let folder = try ScratchFolder()
    let path = folder.path + "/s"
    try beginning(trained).state.write(to: path, model: "0123456789abcdef0")
    let error = #expect(throws: InterchangeError.self) { try opened(path, trained, "fedcba98765432100") }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(text.contains("0123456789abcdef") && text.contains("fedcba9876543210"))
  }
}
