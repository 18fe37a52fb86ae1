import RecurrentTestSupport
import Testing

@testable import RecurrentData

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct SoundFeaturizerTests {
  private func tone(_ frequency: Double, rate: Double, count: Int) -> [Float] {
    (0..<count).map { Float(0.5 * sin(2 * Double.pi * frequency * Double($0) / rate)) }
  }

  /// A tone is the same at another rate, but for the ends, where there is nothing to look at.
  @Test(arguments: [(8000.0, 16_000.0), (16_000, 8000), (44_100, 16_000), (8000, 11_025), (8000, 8000)])
  func resamplesTones(_ rate: Double, _ target: Double) throws {
    let found = Resampler.resampled(tone(700, rate: rate, count: Int(rate / 5)), from: rate, to: target)
    let expected = tone(700, rate: target, count: Int((target / 5).rounded()))
    #expect(found.count == expected.count)
    let margin = Int(target / 200)
    try requireClose(
      found[margin..<found.count - margin].map { Double($0) },
      expected[margin..<found.count - margin].map { Double($0) }, relative: 0, absolute: 2e-3,
      "\(rate) to \(target)")
  }

  /// What lies above half of the new rate is taken away and not folded down.
  @Test func resamplingTakesHighTonesAway() {
    let found = Resampler.resampled(tone(6000, rate: 16_000, count: 3200), from: 16_000, to: 8000)
    #expect(found[100..<1500].allSatisfy { abs($0) < 2e-3 })
    #expect(Resampler.resampled([], from: 1, to: 2) == [])
  }

  @Test func bandsHaveMeanZeroAndDeviationOne() throws {
    let key = RandomKey(seed: 4)
    let sounds = (0..<3).map {
      Sound(rate: 8000, channels: [Tensor.random([1000 + 300 * $0], key: key.child($0)).scalars])
    }
    let records = sounds.map { Record(.sound($0), origin: "s") }
    let (featurizer, _) = try SoundFeaturizer.fit(
      RecordSource(records), labels: nil, classCount: 0,
      settings: FeatureSettings(bandCount: 6, deltaOrder: 0)
    ) { _ in }
    let features = try records.map { try featurizer($0) }
    #expect(features.map(\.stepCount) == [13, 17, 21] && featurizer.featureCount == 6)
    #expect(try records.map { try featurizer.stepCount($0) } == [13, 17, 21])
    let all = features.flatMap(\.values)
    for band in 0..<6 {
      let column = stride(from: band, to: all.count, by: 6).map { Double(all[$0]) }
      let mean = column.reduce(0, +) / Double(column.count)
      #expect(abs(mean) < 1e-5 && abs(column.reduce(0) { $0 + $1 * $1 } / Double(column.count) - 1) < 1e-4)
    }
    // two equal channels are one
    let stereo = Sound(rate: 8000, channels: [sounds[0].channels[0], sounds[0].channels[0]])
    #expect(try featurizer(Record(.sound(stereo), origin: "s")) == features[0])
  }
}
