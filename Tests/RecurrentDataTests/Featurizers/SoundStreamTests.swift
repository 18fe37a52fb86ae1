import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Sound that comes in pieces has the features of the whole, where its level does not depend on what is still to come.
@Suite struct SoundStreamTests {
  private func featurizer(_ level: SoundLevel, deltas: Int, coefficients: Int?) -> SoundFeaturizer {
    let spectrum = SpectralFeaturizer(
      rate: 8000, bandCount: 12, coefficientCount: coefficients, deltaOrder: deltas, level: level)
    let columns = (0..<spectrum.featureCount).map { [Float($0), Float($0 + 2)] }
    return SoundFeaturizer(spectrum: spectrum, scaler: ChannelScaler(method: .standard, fitting: columns))
  }

  private func samples(_ count: Int) -> [Float] {
    // quiet and loud, so that the floor counts
    RandomKey(seed: UInt64(count)).uniforms(count).enumerated().map {
      ($1 - 0.5) * ($0 / 700 % 2 == 0 ? 1e-5 : 0.5)
    }
  }

  private func features(_ featurizer: SoundFeaturizer, _ samples: [Float]) throws -> FeatureSequence {
    try featurizer(Record(.sound(Sound(rate: 8000, channels: [samples])), origin: "s"))
  }

  @Test(arguments: [1, 79, 80, 300, 719, 720, 1500, 4000], [0, 1, 2])
  func piecesAreTheWhole(_ count: Int, _ deltas: Int) throws {
    for (size, coefficients) in [(1, nil), (37, 6), (80, nil), (1000, 6), (5000, nil)] as [(Int, Int?)] {
      let own = featurizer(.fixed, deltas: deltas, coefficients: coefficients)
      let samples = samples(count)
      var stream = try #require(own.stream(readsTimes: true))
      var steps: [FeatureSequence] = []
      for (index, start) in stride(from: 0, to: count, by: size).enumerated() {
        let part = samples[start..<min(count, start + size)].map { JSONValue.number(Double($0)) }
        steps += try stream.push(part.count == 1 ? part[0] : .list(part), line: 1)
        guard index % 50 == 3 else { continue }
        // kept and gone on with
        let stored = stream.stored
        stream = try #require(own.stream(readsTimes: true))
        let isRestored = stream.restore(stored)
        #expect(isRestored)
      }
      // what waits is bounded
      #expect(stream.stored.count < 600)
      steps += stream.finish()
      let whole = try features(own, samples)
      #expect(steps.count == whole.stepCount && steps.flatMap(\.values) == whole.values)
    }
  }

  @Test func aStateOfAnotherStreamIsRefused() throws {
    let (own, other) = (
      featurizer(.fixed, deltas: 1, coefficients: nil), featurizer(.fixed, deltas: 1, coefficients: 6)
    )
    var (stream, others) = (
      try #require(own.stream(readsTimes: true)), try #require(other.stream(readsTimes: true))
    )
    let list = JSONValue.list(samples(2000).map { .number(Double($0)) })
    _ = try stream.push(list, line: 1)
    _ = try others.push(list, line: 1)
    let isOther = stream.restore(others.stored)
    #expect(!isOther)
    for place in 0..<5 {
      for number in [-1, 1 << 40, 1 << 62] as [Int64] {
        var stored = others.stored
        stored[place] = number
        var third = try #require(other.stream(readsTimes: true))
        let isTaken = third.restore(stored)
        #expect(!isTaken, "\(place): \(number)")
      }
    }
    let isEmpty = stream.restore([])
    #expect(!isEmpty)
    #expect(throws: DataError.self) { _ = try others.push(.text("a"), line: 3) }
  }

  /// No stream keeps more frames than those that wait for their differences and those that these see.
  @Test(arguments: [0, 1], [0, 1]) func framesBeyondTheReachAreRefused(_ deltas: Int, _ more: Int) throws {
    let own = featurizer(.fixed, deltas: deltas, coefficients: nil)
    let count = 12 * deltas + more
    let stored: [Int64] = [100, 0, 0, Int64(count), 100] + [Int64](repeating: 0, count: 12 * count)
    var stream = try #require(own.stream(readsTimes: true))
    let isRestored = stream.restore(stored)
    #expect(isRestored == (more == 0))
  }

  /// A tone at full scale is at about the reference level, and what is 80 decibels below it is nothing.
  @Test func theLevelIsThatOfFullScale() throws {
    let spectrum = SpectralFeaturizer(rate: 8000, bandCount: 12, level: .fixed)
    let bands = SpectralBands(spectrum)
    let loud = (0..<spectrum.windowSize).map { Float($0 % 4 < 2 ? 1 : -1) }
    let top = bands.levels(loud, from: 0).max() ?? 0
    let reference = try #require(spectrum.referenceLevel)
    #expect(abs(reference - top) < 12, "\(reference) \(top)")
    let quiet = loud.map { $0 * 1e-6 }
    #expect(Set(spectrum(quiet)[0]).count == 1)
    #expect(featurizer(.loudest, deltas: 0, coefficients: nil).stream(readsTimes: true) == nil)
  }
}
