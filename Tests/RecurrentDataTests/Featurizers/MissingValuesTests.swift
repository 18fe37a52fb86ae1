import RecurrentData
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct MissingValuesTests {
  private let steps: [[Float]] = [[.nan, 1], [2, .nan], [.nan, .infinity], [3, 4]]

  @Test func theLastValueStandsForMissingOnes() {
    let rule = MissingValues(marksMissing: false)
    #expect(rule.featureCount(channels: 2) == 2)
    #expect(rule.filled(steps) == [[0, 1], [2, 1], [2, 1], [3, 4]])
    #expect(rule.filled([]) == [])
  }

  @Test(arguments: [nil, [10, 12, 13, 20]] as [[Double]?])
  func marksSayWhatIsKnownAndForHowLongNothingWas(_ times: [Double]?) {
    let rule = MissingValues(marksMissing: true, timeScale: 2)
    #expect(rule.featureCount(channels: 2) == 6)
    func age(_ elapsed: Double) -> Float { Float(log1p(elapsed)) }
    let ages: [[Float]] =
      times == nil
      ? [[0, 0], [0, age(1)], [age(1), age(2)], [0, 0]]
      : [[0, 0], [0, age(1)], [age(0.5), age(1.5)], [0, 0]]
    let expected: [[Float]] = [[0, 1, 0, 1], [2, 1, 1, 0], [2, 1, 0, 0], [3, 4, 1, 1]]
    #expect(rule.filled(steps, times: times) == zip(expected, ages).map { $0 + $1 })
  }

  @Test func aScaleIsPositive() {
    for scale in [0, -1, .nan] as [Double] {
      #expect(MissingValues(marksMissing: true, timeScale: scale).timeScale == 1)
    }
  }
}
