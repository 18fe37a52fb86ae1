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

  /// Cut anywhere, from single samples to five seconds, at any rate, with frames beside each other, and the state kept in between.
  @Test(
    arguments: [8000.0, 11_025, 44_100, 6000.5],
    [nil, FrameStack(size: 3, stride: 2), FrameStack(size: 2, stride: 5)])
  func piecesAtAnotherRateAreTheWhole(_ rate: Double, _ stack: FrameStack?) throws {
    for (round, kernel) in [ResamplingKernel.kaiser, .hann, .kaiser].enumerated() {
      var own = featurizer(.fixed, deltas: round, coefficients: nil)
      (own.resampling, own.stack) = (kernel, stack)
      // two sequences are longer than the longest piece
      let counts = [1, 700, Int(rate * 1.3)] + (round == 0 && stack?.size == 3 ? [Int(rate * 6)] : [])
      for count in counts {
        let samples = samples(count)
        let whole = try own(Record(.sound(Sound(rate: rate, channels: [samples])), origin: "s"))
        func begin() throws -> FeatureStream {
          var stream = try #require(own.stream(readsTimes: true))
          try stream.resample(from: rate)
          return stream
        }
        var (stream, steps, place, piece) = (try begin(), [FeatureSequence](), 0, 0)
        let draws = RandomKey(seed: UInt64(round)).child(count).uniforms(400)
        while place < count {
          // of all orders of size
          let size = count < 1000 ? 1 : Int(exp(Double(draws[piece % 400]) * log(5 * rate)))
          let part = samples[place..<min(count, place + max(1, size))]
          steps += try stream.push(.list(part.map { .number(Double($0)) }), line: 1)
          (place, piece) = (place + part.count, piece + 1)
          guard piece % 3 == 0 else { continue }
          let stored = stream.stored
          stream = try begin()
          let isRestored = stream.restore(stored)
          #expect(isRestored)
        }
        steps += stream.finish()
        #expect(steps.count == whole.stepCount && steps.flatMap(\.values) == whole.values, "\(rate) \(count)")
      }
    }
  }

  @Test func ratesAreSaidAndHaveBounds() throws {
    var stream = try #require(featurizer(.fixed, deltas: 0, coefficients: nil).stream(readsTimes: true))
    #expect(stream.notes.isEmpty)
    try stream.resample(from: 44_100)
    #expect(stream.notes.map(\.text) == ["sound of 44.1 kHz is resampled to 8 kHz"])
    try stream.resample(from: 8000)
    #expect(stream.notes.isEmpty)
    for rate in [0, -1, Double.nan, .infinity, 100, 1e9] {
      #expect(throws: DataError.self, "\(rate)") { try stream.resample(from: rate) }
    }
    var numbers = try #require(
      SeriesFeaturizer(
        channels: ["a"], scaler: ChannelScaler(method: .none, fitting: [[0, 1]]),
        missing: MissingValues(marksMissing: false)
      )
      .stream(readsTimes: true))
    #expect(throws: DataError.self) { try numbers.resample(from: 8000) }
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
