import Foundation
import RecurrentTestSupport
import Testing

@Suite struct NeuralCacheTests {
  private static let (width, count, vocabulary) = (7, 40, 5)
  private static let key = RandomKey(seed: 61)
  private static let outputs = Tensor.random([count, width], key: key)
  private static let symbols = key.child(1).integers(count, below: vocabulary).map { Int32($0) }

  private static func cache(window: Int, flatness: Double = 0.7) -> NeuralCache {
    NeuralCache(.init(window: window, flatness: flatness, weight: 0.3), width: width)
  }

  /// What the definition gives for symbols behind the output of a step, in double precision.
  private static func reference(_ step: Int, window: Int, flatness: Double) -> [Double] {
    let numbers = outputs.scalars.map { Double($0) }
    func row(_ index: Int) -> ArraySlice<Double> { numbers[index * width..<(index + 1) * width] }
    var weights = [Double](repeating: 0, count: vocabulary)
    for entry in max(0, step - window)..<step {
      let product = zip(row(entry), row(step)).reduce(0.0) { $0 + $1.0 * $1.1 }
      weights[Int(symbols[entry])] += Foundation.exp(flatness * product)
    }
    let total = weights.reduce(0, +)
    return weights.map { total > 0 ? $0 / total : 0 }
  }

  @Test(arguments: [(1, 0.7), (6, 0), (6, 2.5), (1000, 0.7)]) func isItsDefinition(
    _ window: Int, _ flatness: Double
  ) throws {
    var cache = Self.cache(window: window, flatness: flatness)
    let found = cache.read(Self.outputs, Self.symbols)
    for step in 0..<Self.count {
      let expected = Self.reference(step, window: window, flatness: flatness)
      let own = expected[Int(Self.symbols[step])]
      #expect(abs(found[step].probability - own) < 1e-5, "step \(step)")
      #expect(abs(found[step].weight - 0.3 * Double(min(step, window)) / Double(window)) < 1e-12)
    }
  }

  /// All symbols at once are a distribution, and have the probabilities that each has alone.
  @Test func mixesADistribution() throws {
    var cache = Self.cache(window: 12)
    var alone = cache
    let single = alone.read(Self.outputs, Self.symbols)
    for step in 0..<Self.count {
      let own = Array(Self.outputs.scalars[step * Self.width..<(step + 1) * Self.width])
      let output = Tensor(own, shape: [1, Self.width])
      var probabilities = [Double](repeating: 0.2, count: Self.vocabulary)
      cache.mix(output, into: &probabilities)
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-9)
      let symbol = Int(Self.symbols[step])
      let expected = (1 - single[step].weight) * 0.2 + single[step].weight * single[step].probability
      #expect(abs(probabilities[symbol] - expected) < 1e-9, "step \(step)")
      cache.add(output, [Self.symbols[step]])
    }
  }

  /// How symbols are cut into pieces changes no bit, and neither do threads and instruction sets.
  @Test func piecesAreTheWhole() throws {
    try checkSameBits("cache") {
      var whole = Self.cache(window: 9)
      let expected = whole.read(Self.outputs, Self.symbols)
      for piece in [1, 3, 17] {
        var (cache, found) = (Self.cache(window: 9), [(probability: Double, weight: Double)]())
        for start in stride(from: 0, to: Self.count, by: piece) {
          let range = start..<min(Self.count, start + piece)
          found += cache.read(Self.outputs.sliced(axis: 0, range), Array(Self.symbols[range]))
        }
        for (own, wanted) in zip(found, expected) {
          try require(own == wanted, "\(own) in pieces of \(piece), expected \(wanted)")
        }
        let (kept, all) = (cache.entries, whole.entries)
        try requireSameBits(kept.outputs, all.outputs, "entries")
        try require(kept.symbols == all.symbols && kept.symbols.count == 9, "the window is kept")
      }
      return [Tensor(expected.map { Float($0.probability) })]
    }
  }

  @Test func forgetsWhatIsOld() {
    var cache = Self.cache(window: 3)
    for _ in 0..<60 { _ = cache.read(Self.outputs, Self.symbols) }
    #expect(cache.count == 3 && cache.entries.symbols == Self.symbols.suffix(3))
  }
}
