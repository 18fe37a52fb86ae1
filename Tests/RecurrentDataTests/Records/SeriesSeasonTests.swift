import Foundation
import RecurrentData
import Testing

@Suite struct SeriesSeasonTests {
  private static func noise(_ count: Int, _ seed: UInt64) -> [Double] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func uniform() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    return (0..<count).map { _ in (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
  }

  private func wave(_ step: Int, _ period: Double) -> Double { sin(2 * Double.pi * Double(step) / period) }

  @Test(arguments: [7, 12, 24, 48, 100], [0.0, 0.3])
  func waves(_ period: Int, _ noise: Double) {
    for seed in 1...4 as ClosedRange<UInt64> {
      let extra = SeriesSeasonTests.noise(1000, seed)
      let values = (0..<1000).map {
        50 + 0.02 * Double($0) + 3 * wave($0, Double(period)) + 3 * noise * extra[$0]
      }
      let season = SeriesSeason([values], frequency: .steps(1))
      #expect(season.length == period && season.isFound, "\(season)")
    }
  }

  /// A smooth wave is like itself a few steps before, too; that is no season.
  @Test(arguments: [48, 52]) func smoothWaves(_ period: Int) {
    for seed in 1...4 as ClosedRange<UInt64> {
      let extra = SeriesSeasonTests.noise(960, seed)
      let values = (0..<960).map { wave($0, Double(period)) + 0.1 * extra[$0] }
      let found = SeriesSeason([values], frequency: .steps(1)).length
      #expect(abs(found - period) <= 1, "\(found)")
    }
  }

  /// A morning and an evening of a day.
  @Test func twoWavesADay() {
    let extra = SeriesSeasonTests.noise(960, 3)
    let values = (0..<960).map { 10 + wave($0, 24) + 1.5 * wave($0, 12) + 0.1 * extra[$0] }
    #expect(SeriesSeason([values], frequency: .steps(1)).length == 24)
    #expect(SeriesSeason([values], frequency: .seconds(3600)).length == 24)
  }

  /// Weeks of hours that are alike, and days that are not.
  @Test func weeksOfHours() {
    let values = (0..<1680).map { step in
      let day = step / 24 % 7
      return 10 + (day < 5 ? 8 : 0) * max(0, wave(step, 24)) + Double([0, 3, 1, 4, 2, -6, -8][day])
    }
    #expect(SeriesSeason([values], frequency: .steps(1)).length == 168)
  }

  @Test func monthsAndDays() {
    let months = (0..<96).map { 100 + Double($0) + 9 * wave($0, 12) }
    #expect(SeriesSeason([months], frequency: .months(1)).length == 12)
    let days = (0..<200).map { 100.0 + [5, 4, 3, 4, 6, -9, -12][$0 % 7] + 0.1 * Double($0) }
    let season = SeriesSeason([days], frequency: .seconds(86_400))
    #expect(season.length == 7 && !season.isFound)
    // two years of months are too few for the numbers to say anything
    #expect(SeriesSeason([Array(months.prefix(24))], frequency: .months(1)).length == 12)
  }

  @Test(arguments: [100, 300, 1000])
  func noneWhereThereIsNone(_ count: Int) {
    var (walks, noises) = (0, 0)
    for seed in 1...15 as ClosedRange<UInt64> {
      let steps = SeriesSeasonTests.noise(count, seed)
      var sum = 100.0
      let walk = steps.map { step in
        sum += step
        return sum
      }
      walks += SeriesSeason([walk], frequency: .steps(1)).length == 1 ? 0 : 1
      noises += SeriesSeason([steps], frequency: .steps(1)).length == 1 ? 0 : 1
    }
    #expect(walks <= 1 && noises <= 1, "\(walks) \(noises)")
    let trend = (0..<count).map { 100 * (1 + 0.02 * Double($0)) }
    #expect(SeriesSeason([trend], frequency: .months(12)).length == 1)
  }

  @Test func gapsKeepTheirPlace() {
    let values = (0..<600).map { $0 % 5 == 3 || (200..<230).contains($0) ? .nan : 10 + wave($0, 24) }
    #expect(SeriesSeason([values], frequency: .steps(1)).length == 24)
    #expect(SeriesSeason([[.nan, .nan]], frequency: .steps(1)).length == 1)
    #expect(SeriesSeason([], frequency: .seconds(3600)).length == 24)
  }
}
