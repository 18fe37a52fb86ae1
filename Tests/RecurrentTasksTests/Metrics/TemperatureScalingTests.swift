import Foundation
import RecurrentTestSupport
import Testing

@Suite struct TemperatureScalingTests {
  @Test(arguments: ["many", "two", "ties"]) func isTheLikeliest(_ name: String) throws {
    let fixture = try MetricsFixture(name)
    let fitted = TemperatureScaling(fitting: fixture.logits, labels: fixture.labels).temperature
    #expect(abs(fitted / (try fixture.numbers("best_temperature")[0]) - 1) < 1e-3)
  }

  @Test func findsWhatScoresWereMultipliedBy() throws {
    let fixture = try MetricsFixture("many")
    let plain = TemperatureScaling(fitting: fixture.logits, labels: fixture.labels).temperature
    let tooSure = fixture.logits.map { $0.map { $0 * 3 } }
    let fitted = TemperatureScaling(fitting: tooSure, labels: fixture.labels).temperature
    #expect(abs(fitted / plain - 3) < 1e-3)
  }

  @Test func staysWithinItsBounds() {
    let right: [[Float]] = [[1, 0], [0, 1]]
    #expect(abs(TemperatureScaling(fitting: right, labels: [0, 1]).temperature - 0.05) < 1e-4)
    #expect(abs(TemperatureScaling(fitting: right, labels: [1, 0]).temperature - 20) < 1e-2)
    // all wrong, and so sure that probabilities vanish
    let sure: [[Float]] = [[5000, 0], [0, 5000]]
    #expect(abs(TemperatureScaling(fitting: sure, labels: [1, 0]).temperature - 20) < 1e-2)
    #expect(TemperatureScaling(fitting: [], labels: []).temperature == 1)
    #expect(TemperatureScaling(fitting: [[.nan, 1]], labels: [0]).temperature == 1)
  }

  @Test func oneVerySureMistakeAmongRightAnswers() {
    // 99 right by 2, one wrong by 4000: the likeliest temperature is the largest
    var logits = [[Float]](repeating: [2, 0], count: 99)
    logits.append([4000, 0])
    let labels = [Int](repeating: 0, count: 99) + [1]
    #expect(TemperatureScaling(fitting: logits, labels: labels).temperature > 19)
  }

  @Test(
    arguments: [
      ([0, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]), ([5000, 0], [1, 0]), ([.infinity, 0], [1, 0]),
      ([.infinity, .infinity, 0], [0.5, 0.5, 0]), ([.nan, 0], [0, 1]), ([.nan, .nan], [0.5, 0.5]),
      ([-.infinity, -.infinity], [0.5, 0.5]), ([], []),
    ] as [([Float], [Double])])
  func probabilities(_ logits: [Float], _ expected: [Double]) {
    #expect(TemperatureScaling(temperature: 2).probabilities(logits) == expected)
  }

  @Test func dividesByTheTemperature() {
    let own = TemperatureScaling(temperature: 2).probabilities([Float(2 * log(3.0)), 0])
    #expect(areClose(own, [0.75, 0.25]))
  }
}
