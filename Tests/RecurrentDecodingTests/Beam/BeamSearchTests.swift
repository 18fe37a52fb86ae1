import RecurrentCore
import RecurrentTestSupport
import Testing

@testable import RecurrentDecoding

/// A model whose probabilities are a function of everything that a row has read.
private struct HashModel: StepModel {
  var tokenCount = 4
  var places = 0
  /// Whether all tokens are equally likely.
  var isUniform = false
  var startToken: Int32 { Int32(tokenCount - 1) }
  var endToken: Int32 { Int32(tokenCount - 1) }

  typealias State = [UInt64]

  private func numbers(_ state: UInt64, _ part: Int, _ count: Int) -> [Float] {
    RandomKey(seed: state).child(part).uniforms(count)
  }

  func logs(_ state: UInt64) -> [Float] {
    if isUniform { return [Float](repeating: -2, count: tokenCount) }
    return numbers(state, 0, tokenCount).map { -4 * $0 - 0.05 }
  }

  func attention(_ state: UInt64) -> [Float] { numbers(state, 1, places) }

  static func next(_ state: UInt64, _ token: Int32) -> UInt64 {
    (state &+ UInt64(token) &+ 1) &* 0x9E37_79B9_7F4A_7C15
  }

  func step(_ tokens: [Int32], _ state: [UInt64]) -> StepOutput<[UInt64]> {
    let next = zip(state, tokens).map { Self.next($0, $1) }
    return StepOutput(
      logProbabilities: next.flatMap { logs($0) }, attention: next.flatMap { attention($0) }, state: next)
  }

  func rows(_ numbers: [Int], of state: [UInt64]) -> [UInt64] { numbers.map { state[$0] } }
}

/// Likes what is unlike the token before.
private struct Contrast: Scorer {
  var start: Int32 { 0 }
  func score(_ token: Int32, after state: Int32) -> (score: Float, state: Int32) {
    (-0.3 * Float((token + state) % 3), token)
  }
  func finish(_ state: Int32) -> Float { -0.1 * Float(state) }
}

@Suite struct BeamSearchTests {
  private struct Found: Equatable {
    var tokens: [Int32]
    var score: Double
  }

  /// All sequences with their scores, by hand.
  private func all(
    _ model: HashModel, _ state: UInt64, places: Int, _ settings: BeamSearchSettings, scorer: Contrast?
  ) -> [Found] {
    var found: [Found] = []
    func walk(_ tokens: [Int32], _ state: UInt64, _ sum: Double, _ own: Int32, _ coverage: [Double]) {
      let (logs, looks) = (model.logs(state), model.attention(state))
      let seen = zip(coverage, looks).map { $0 + Double($1) }
      if tokens.count >= settings.minimumLength {
        let total = sum + Double(logs[Int(model.endToken)]) + Double(scorer?.finish(own) ?? 0)
        let score =
          total / settings.lengthPenalty.divisor(tokens.count + 1)
          - (places > 0 ? settings.coveragePenalty.penalty(seen) : 0)
        found.append(Found(tokens: tokens, score: score))
      }
      guard tokens.count < settings.maximumLength(places) else { return }
      for token in 0..<model.endToken {
        let longer = tokens + [token]
        if let size = settings.noRepeatNGramSize, longer.count >= size {
          let groups = (0...longer.count - size).map { Array(longer[$0..<$0 + size]) }
          if Set(groups).count < groups.count { continue }
        }
        let (score, next) = scorer?.score(token, after: own) ?? (0, 0)
        walk(
          longer, HashModel.next(state, token), sum + Double(logs[Int(token)]) + Double(score), next, seen)
      }
    }
    walk([], HashModel.next(state, model.startToken), 0, 0, [Double](repeating: 0, count: places))
    return found
  }

  private static let penalties: [BeamSearchSettings] = [
    .exhaustive,
    BeamSearchSettings(
      beamWidth: .max, best: .max, lengthPenalty: .wu(alpha: 0.7), coveragePenalty: .wu(beta: 0.4),
      minimumLength: 2, maximumOffset: 1, isThorough: true, scoredTokens: .max),
    BeamSearchSettings(
      beamWidth: .max, best: .max, lengthPenalty: .none, coveragePenalty: .summary(beta: 0.3),
      noRepeatNGramSize: 2,
      maximumOffset: 2, isThorough: true, scoredTokens: .max),
    BeamSearchSettings(
      beamWidth: .max, best: .max, noRepeatNGramSize: 1, maximumRatio: 0.5, maximumOffset: 4,
      isThorough: true,
      scoredTokens: .max),
  ]

  @Test(arguments: 0..<4, [false, true])
  func everythingIsFound(_ number: Int, _ hasScorer: Bool) {
    var settings = Self.penalties[number]
    if settings.maximumOffset > 4 { settings.maximumOffset = 1 }
    for (seed, places) in [(3, 2), (4, 0), (5, 1)] as [(UInt64, Int)] {
      let model = HashModel(places: places)
      let scorer = hasScorer ? Contrast() : nil
      let search = scorer.map { BeamSearch(scorer: $0, settings: settings) } ?? BeamSearch(settings: settings)
      let found = search.decode(model, from: [seed], sourceLengths: [places])[0]
      let expected = all(model, seed, places: places, settings, scorer: scorer)
      #expect(found.count == expected.count && found.count > 3)
      let byTokens = Dictionary(uniqueKeysWithValues: expected.map { ($0.tokens, $0.score) })
      for own in found {
        #expect(byTokens[own.tokens].map { abs($0 - own.score) < 1e-12 } ?? false, "\(own.tokens)")
      }
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
      // the search ends early where nothing can be better
      settings.best = 2
      let two =
        (scorer.map { BeamSearch(scorer: $0, settings: settings) } ?? BeamSearch(settings: settings))
        .decode(model, from: [seed], sourceLengths: [places])[0]
      #expect(two == Array(found.prefix(2)))
      settings.best = .max
    }
  }

  @Test(arguments: [1, 2, 7, 32], [false, true])
  func rowsOfBatches(_ size: Int, _ isThorough: Bool) {
    let model = HashModel(tokenCount: 23, places: 9)
    let settings = BeamSearchSettings(
      beamWidth: 4, best: 3, lengthPenalty: .wu(alpha: 0.6), coveragePenalty: .wu(beta: 0.2),
      noRepeatNGramSize: 3,
      maximumRatio: 1.5, maximumOffset: 2, isThorough: isThorough, scoredTokens: 8)
    let rows: [(state: UInt64, places: Int)] = (0..<size).map { row in (UInt64(row * 31 + 5), row * 7 % 10) }
    let draws = RandomKey(seed: UInt64(size)).uniforms(size)
    let order = Array(0..<size).sorted { draws[$0] < draws[$1] }
    for search in [BeamSearch(settings: settings), BeamSearch(scorer: Contrast(), settings: settings)] {
      let alone = rows.map { search.decode(model, from: [$0.state], sourceLengths: [$0.places])[0] }
      let together = search.decode(
        model, from: order.map { rows[$0].state }, sourceLengths: order.map { rows[$0].places })
      for (place, row) in order.enumerated() {
        #expect(!alone[row].isEmpty && together[place] == alone[row])
        #expect(alone[row].allSatisfy { $0.tokens.count <= settings.maximumLength(rows[row].places) })
      }
    }
    #expect(BeamSearch().decode(model, from: [], sourceLengths: []) == [])
  }

  /// Logits are as good as the logarithms of their softmax, and what is excluded is not written.
  @Test func logitsAndExcludedTokens() {
    struct Shifted: StepModel {
      let base: HashModel
      let givesLogits: Bool
      var tokenCount: Int { base.tokenCount }
      var startToken: Int32 { base.startToken }
      var endToken: Int32 { base.endToken }
      let excludedTokens: Set<Int32> = [0, 5]
      func step(_ tokens: [Int32], _ state: [UInt64]) -> StepOutput<[UInt64]> {
        let next = zip(state, tokens).map { HashModel.next($0, $1) }
        let logits = Tensor(next.flatMap { base.logs($0) }, shape: [next.count, tokenCount])
        return givesLogits
          ? StepOutput(logits: logits + 3, state: next)
          : StepOutput(logProbabilities: logSoftmax(logits + 3).scalars, state: next)
      }
      func rows(_ numbers: [Int], of state: [UInt64]) -> [UInt64] { base.rows(numbers, of: state) }
    }
    let base = HashModel(tokenCount: 77)
    let settings = BeamSearchSettings(beamWidth: 5, best: 5, minimumLength: 1)
    for search in [BeamSearch(settings: settings), BeamSearch(scorer: Contrast(), settings: settings)] {
      let (logits, logs) = (true, false)
      let found = [logits, logs].map {
        search.decode(Shifted(base: base, givesLogits: $0), from: [1, 2, 3], sourceLengths: [0, 3, 6])
      }
      #expect(found[0] == found[1] && found[0].allSatisfy { $0.count == 5 })
      #expect(found[0].joined().allSatisfy { !$0.tokens.contains(0) && !$0.tokens.contains(5) })
    }
  }

  /// One sequence at a time takes what is likeliest.
  @Test func narrowSearchIsGreedy() {
    let model = HashModel(tokenCount: 5)
    for seed in 0..<20 as Range<UInt64> {
      let found = BeamSearch(settings: BeamSearchSettings(beamWidth: 1)).decode(
        model, from: [seed], sourceLengths: [0])[0]
      var (state, tokens, sum) = (HashModel.next(seed, 4), [Int32](), 0.0)
      while true {
        let logs = model.logs(state)
        let isFull = tokens.count == 10
        let token = isFull ? 4 : logs.indices.max { logs[$0] < logs[$1] } ?? 0
        sum += Double(logs[token])
        if token == 4 { break }
        tokens.append(Int32(token))
        state = HashModel.next(state, Int32(token))
      }
      #expect(found.map(\.tokens) == [tokens] && found[0].logProbability == sum)
      #expect(found[0].tokenLogProbabilities.count == tokens.count + 1 && found[0].attention.isEmpty)
    }
  }

  /// Equal scores rank by their tokens, always.
  @Test func tiesAreRankedByTokens() {
    let model = HashModel(isUniform: true)
    let settings = BeamSearchSettings(
      beamWidth: 3, best: 3, lengthPenalty: .none, minimumLength: 2, maximumOffset: 2)
    let found = BeamSearch(settings: settings).decode(model, from: [1, 2], sourceLengths: [0, 0])
    #expect(found[0].map(\.tokens) == [[0, 0], [0, 1], [0, 2]] && found[0] == found[1])
  }

  @Test func attentionIsThatOfTheTokens() {
    let model = HashModel(places: 3)
    let found = BeamSearch().decode(model, from: [8], sourceLengths: [2])[0][0]
    var state = HashModel.next(8, 3)
    for (token, attention) in zip(found.tokens + [3], found.attention) {
      #expect(attention == Array(model.attention(state).prefix(2)))
      state = HashModel.next(state, token)
    }
    #expect(found.attention.count == found.tokens.count + 1)
  }

  /// A model that gives no numbers ends nothing, and traps nowhere.
  @Test func noNumbersFindNothing() {
    struct Broken: StepModel {
      let tokenCount = 3
      let startToken: Int32 = 2
      let endToken: Int32 = 2
      func step(_ tokens: [Int32], _ state: Int) -> StepOutput<Int> {
        StepOutput(logProbabilities: [Float](repeating: .nan, count: 3 * tokens.count), state: state)
      }
      func rows(_ numbers: [Int], of state: Int) -> Int { state }
    }
    #expect(BeamSearch().decode(Broken(), from: 0, sourceLengths: [4, 5]) == [[], []])
    #expect(BeamSearch(scorer: Contrast()).decode(Broken(), from: 0, sourceLengths: [4]) == [[]])
  }

  @Test func impossibleSettingsAreSaid() {
    #expect(BeamSearchSettings().issue == nil && BeamSearchSettings.exhaustive.issue == nil)
    let wrong = [
      BeamSearchSettings(beamWidth: 0), BeamSearchSettings(best: 0),
      BeamSearchSettings(lengthPenalty: .wu(alpha: -1)),
      BeamSearchSettings(lengthPenalty: .average(alpha: .nan)),
      BeamSearchSettings(coveragePenalty: .summary(beta: -1)), BeamSearchSettings(noRepeatNGramSize: 0),
      BeamSearchSettings(minimumLength: -1), BeamSearchSettings(maximumRatio: .infinity),
      BeamSearchSettings(maximumOffset: -1), BeamSearchSettings(scoredTokens: 0),
    ]
    for settings in wrong { #expect(settings.issue?.contains("expected") ?? false) }
  }

  @Test func penaltiesAreThoseOfThePapers() {
    #expect(abs(LengthPenalty.wu(alpha: 0.5).divisor(19) - 2) < 1e-12)
    #expect(LengthPenalty.average(alpha: 1).divisor(7) == 7 && LengthPenalty.none.divisor(7) == 1)
    #expect(abs(CoveragePenalty.wu(beta: 2).penalty([0.5, 3]) - 1.3862943611198906) < 1e-12)
    #expect(abs(CoveragePenalty.summary(beta: 2).penalty([0.5, 3]) - 4) < 1e-12)
    #expect(CoveragePenalty.wu(beta: 1).penalty([0]).isFinite)
  }
}
