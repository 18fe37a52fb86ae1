import RecurrentTestSupport
import Testing

@Suite struct NaiveForecastTests {
  @Test func seasons() {
    #expect(NaiveForecast.seasonal([9, 1, 2, 3], period: 3, horizon: 7) == [1, 2, 3, 1, 2, 3, 1])
    #expect(NaiveForecast.seasonal([1, 2, 3], period: 3, horizon: 2) == [1, 2])
    #expect(NaiveForecast.seasonal([1, 2], period: 9, horizon: 3) == [1, 2, 1])
    #expect(NaiveForecast.seasonal([1, 2], period: 1, horizon: 2) == [2, 2])
    #expect(NaiveForecast.seasonal([], period: 1, horizon: 2).allSatisfy { $0.isNaN })
    #expect(NaiveForecast.seasonal([1], period: 1, horizon: 0).isEmpty)
  }

  @Test func missingValues() {
    #expect(NaiveForecast.seasonal([1, 2, 3, 4, .nan, 6], period: 2, horizon: 4) == [3, 6, 3, 6])
    let none = NaiveForecast.seasonal([.nan, 2, .nan, 4], period: 2, horizon: 3)
    #expect(none[0].isNaN && none[1] == 4 && none[2].isNaN)
    #expect(NaiveForecast.last([1, 5, .nan], horizon: 2) == [5, 5])
    #expect(NaiveForecast.last([.nan], horizon: 1)[0].isNaN)
  }

  @Test func scales() {
    // |3 - 1| and |7 - 2|
    #expect(NaiveForecast.scale([1, 2, 3, 7], period: 2) == 3.5)
    #expect(NaiveForecast.scale([1, 2, .nan, 7], period: 2) == 5)
    #expect(NaiveForecast.scale([1, 2], period: 2) == 0)
    #expect(NaiveForecast.scale([1, 2], period: 0) == 0)
    #expect(NaiveForecast.scale([.nan, 2, 3], period: 2) == 0)
  }
}
