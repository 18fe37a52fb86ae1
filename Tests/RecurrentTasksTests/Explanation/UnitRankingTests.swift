import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// What units follow.
@Suite struct UnitRankingTests {
  private static let key = RandomKey(seed: 81)

  @Test func textSignals() {
    let tokens = "ab (C1) \"x\"\n“y".map(String.init)
    let all = Dictionary(
      uniqueKeysWithValues: TextSignals(tokens, areWords: false).all.map { ($0.name, $0.values) })
    #expect(all["position"] == (0..<tokens.count).map { Float($0) })
    #expect(all["length of the word"] == [1, 2, 0, 0, 1, 2, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(all["bracket"] == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(all["quote"] == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1])
    #expect(all["upper case"] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(all["digit"] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(all["position in the line"] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2])
    // what never changes is nothing to follow
    #expect(
      TextSignals(["a", "a"], areWords: false).all.map(\.name) == [
        "position", "position in the line", "length of the word",
      ])
    #expect(
      TextSignals(["the", "a"], areWords: true).all.first { $0.name == "length of the word" }?.values == [
        3, 1,
      ])
  }

  @Test func order() {
    let signals = [
      StepSignal("a", [0, 1, 0, 1]), StepSignal("b", [0, 1, 2, 3]), StepSignal("c", [2, 2, 2, 2]),
    ]
    let units = UnitRanking.units(
      [[5, 0, 0.3, 0], [5, -1, 0.9, .nan], [5, -2, 0.2, 0], [5, -3, 0.8, 1]], following: signals)
    #expect(units.map(\.unit) == [1, 2, 0, 3])
    #expect(units[0].signal == "b" && abs(units[0].correlation + 1) < 1e-9)
    #expect(units[1].signal == "a" && units[1].correlation > 0.98)
    #expect(units[2] == FollowedSignal(unit: 0, signal: "", correlation: 0))
    #expect(UnitRanking.units([], following: signals).isEmpty)
  }

  /// A unit that counts and one that knows whether a quote is open are planted into an LSTM of random weights that reads
  /// random texts of a grammar with quotes: both are found, in 40 of 40 networks nine times in ten at least.
  @Test func plantedUnits() throws {
    let (alphabet, units, count) = (Array("ab “”").map(String.init), 12, 120)
    var found = (counters: 0, quotes: 0)
    for seed in 0..<40 {
      let key = Self.key.child(seed)
      let (counter, quote) = (
        seed % units, (seed * 5 + 3) % units == seed % units ? (seed + 1) % units : (seed * 5 + 3) % units
      )
      let text = Self.grammar(count, key: key.child(0))
      var input = [Float](repeating: 0, count: count * 5)
      for (step, token) in text.enumerated() { input[step * 5 + (alphabet.firstIndex(of: token) ?? 0)] = 1 }
      let layer = RecurrentLayer(inputSize: 5, key: key.child(1)) { _, key in
        planted(LSTM(inputSize: 5, hiddenSize: units, key: key), counter: counter, quote: quote, units)
      }
      let trace = layer.trace(SequenceBatch(Tensor(input, shape: [count, 1, 5])))[0]
      let hidden = try #require(trace.first { $0.name == "hidden" }).values.scalars
      let ranking = UnitRanking.units(
        (0..<count).map { Array(hidden[$0 * units..<($0 + 1) * units]) },
        following: TextSignals(text, areWords: false).all)
      let top = ranking.prefix(4)
      found.counters += top.contains { $0.unit == counter && $0.signal == "position" } ? 1 : 0
      found.quotes += top.contains { $0.unit == quote && $0.signal == "quote" } ? 1 : 0
    }
    #expect(found.counters >= 36 && found.quotes >= 36, "\(found)")
  }

  /// Letters and spaces; a quote opens and closes now and then.
  private static func grammar(_ count: Int, key: RandomKey) -> [String] {
    var isOpen = false
    return key.uniforms(count).map { number in
      if number < 0.1 {
        isOpen.toggle()
        return isOpen ? "“" : "”"
      }
      return number < 0.25 ? " " : number < 0.7 ? "a" : "b"
    }
  }

  private func planted(_ cell: LSTM, counter: Int, quote: Int, _ units: Int) -> LSTM {
    var cell = cell
    var (input, recurrent) = (cell.weightInputHidden.scalars, cell.weightHiddenHidden.scalars)
    var bias = cell.biasInputHidden?.scalars ?? []
    var other = cell.biasHiddenHidden?.scalars ?? []
    // gates i f g o in rows of `units`
    func set(_ gate: Int, _ unit: Int, bias value: Float, _ weights: [Float]) {
      let row = gate * units + unit
      for column in 0..<5 { input[row * 5 + column] = weights[column] }
      for column in 0..<units { recurrent[row * units + column] = 0 }
      (bias[row], other[row]) = (value, 0)
    }
    let none: [Float] = [0, 0, 0, 0, 0]
    // the counter keeps everything and adds a little at each step
    set(0, counter, bias: 0, none)
    set(1, counter, bias: 12, none)
    set(2, counter, bias: 0.008, none)
    set(3, counter, bias: 12, none)
    // the quote is written at both signs, with what stands there, and forgotten at both
    set(0, quote, bias: -8, [0, 0, 0, 16, 16])
    set(1, quote, bias: 8, [0, 0, 0, -16, -16])
    set(2, quote, bias: 0, [0, 0, 0, 4, -4])
    set(3, quote, bias: 8, none)
    cell.weightInputHidden = Tensor(input, shape: cell.weightInputHidden.shape)
    cell.weightHiddenHidden = Tensor(recurrent, shape: cell.weightHiddenHidden.shape)
    cell.biasInputHidden = Tensor(bias)
    cell.biasHiddenHidden = Tensor(other)
    return cell
  }
}
