import Foundation
import RecurrentTestSupport
import Testing

@Suite struct ConformalIntervalsTests {
  @Test func theRankByHand() {
    // of nine scores the 90 % one is the ninth, the 50 % one the fifth; a hundredth more needs the next
    let scores = (1...9).map { Double($0) }
    func widening(_ nominal: Double) -> Double? {
      ConformalIntervals(nominals: [nominal], scores: [[scores.reversed()]]).widening(
        nominal: nominal, step: 0)
    }
    #expect(widening(0.9) == 9 && widening(0.5) == 5 && widening(0.51) == 6 && widening(0.1) == 1)
    #expect(widening(0.99) == 9 && widening(0) == 1)
  }

  @Test func wholeRanksStay() {
    // 100 * 0.55 is a little more than 55
    let scores = (1...99).map { Double($0) }
    let fitted = ConformalIntervals(nominals: [0.55], scores: [[scores]])
    #expect(fitted.widenings[0].steps == [55])
  }

  @Test func whatIsMissing() {
    let fitted = ConformalIntervals(nominals: [0.9, 0.5], scores: [[[.nan], []], [[1, .nan, 3], [2]]])
    #expect(fitted.widenings.map(\.nominal) == [0.5, 0.9])
    #expect(fitted.widenings.map(\.steps) == [[3, 2], [0, 0]])
    #expect(fitted.widening(nominal: 0.8, step: 0) == nil && fitted.widening(nominal: 0.5, step: 2) == nil)
  }

  @Test func scoresAreNegativeWithin() {
    #expect(ConformalIntervals.score(truth: 5, low: 0, high: 4) == 1)
    #expect(ConformalIntervals.score(truth: -2, low: 0, high: 4) == 2)
    #expect(ConformalIntervals.score(truth: 1, low: 0, high: 4) == -1)
  }

  /// Intervals that are far too narrow or too wide hold what they promise after they were widened.
  @Test(arguments: [0.1, 1, 5]) func holdsWhatItPromises(_ width: Double) {
    let nominals = [0.5, 0.8, 0.95]
    let key = RandomKey(seed: 12)
    // the error of step s is spread s + 1 times as much
    func truths(_ key: RandomKey, step: Int) -> [Double] {
      let (a, b) = (key.child(step).child(0).uniforms(4000), key.child(step).child(1).uniforms(4000))
      return zip(a, b).map { Double($0 + $1 - 1) * Double(step + 1) * 2 }
    }
    let scores = nominals.map { nominal in
      (0..<3).map { step in
        truths(key.child(0), step: step).map {
          ConformalIntervals.score(truth: $0, low: -width * nominal, high: width * nominal)
        }
      }
    }
    let fitted = ConformalIntervals(nominals: nominals, scores: scores)
    for nominal in nominals {
      for step in 0..<3 {
        let half = width * nominal + (fitted.widening(nominal: nominal, step: step) ?? .nan)
        let inside = truths(key.child(1), step: step).count { abs($0) <= half }
        // four standard deviations of both shares
        let slack = 4 * (2 * nominal * (1 - nominal) / 4000).squareRoot()
        #expect(abs(Double(inside) / 4000 - nominal) < slack, "\(nominal) \(step) \(inside)")
      }
    }
  }

  @Test func theSameJSONEveryTime() throws {
    let fitted = ConformalIntervals(nominals: [0.95, 0.5, 0.8], scores: [[[1, 2]], [[3, 4]], [[5, 6]]])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(fitted)
    #expect(
      String(decoding: data, as: UTF8.self)
        == #"{"widenings":[{"nominal":0.5,"steps":[4]},{"nominal":0.8,"steps":[6]},"#
        + #"{"nominal":0.95,"steps":[2]}]}"#
    )
    #expect(try JSONDecoder().decode(ConformalIntervals.self, from: data) == fitted)
  }
}
