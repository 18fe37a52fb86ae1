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

@Suite struct ResamplerTests {
  static func tone(_ frequency: Double, rate: Double, count: Int) -> [Float] {
    (0..<count).map { Float(0.5 * sin(2 * Double.pi * frequency * Double($0) / rate)) }
  }

  private static let rates = [
    (8000.0, 16_000.0), (16_000, 8000), (44_100, 16_000), (48_000, 16_000), (8000, 11_025), (37_003, 16_000),
    (12_345, 16_000), (14_400, 16_000), (17_600, 16_000), (16_000, 16_000.5),
  ]

  /// In decibels, that of a tone of amplitude 0.5 being 0, without the ends.
  private func level(_ samples: some Sequence<Double>, margin: Int) -> Double {
    let own = Array(samples).dropFirst(margin).dropLast(margin)
    return 10 * log10(8 * own.reduce(0) { $0 + $1 * $1 } / Double(own.count) + 1e-30)
  }

  /// A tone up to 0.9 of half of the lower rate is the same at the other rate.
  @Test(arguments: rates)
  func passesTones(_ rate: Double, _ target: Double) {
    let resampler = Resampler(from: rate, to: target)
    for share in [0.01, 0.3, 0.7, 0.9] {
      let frequency = share * min(rate, target) / 2
      let found = resampler(Self.tone(frequency, rate: rate, count: Int(rate / 5)))
      let expected = Self.tone(frequency, rate: target, count: Int((target / 5).rounded()))
      #expect(found.count == expected.count)
      let error = zip(found, expected).map { Double($0) - Double($1) }
      #expect(level(error, margin: Int(target / 50)) < -75, "\(frequency) Hz, \(rate) to \(target)")
    }
  }

  /// What lies above half of the new rate is taken away and not folded down.
  @Test(arguments: rates.filter { $0.0 > $0.1 })
  func takesHighTonesAway(_ rate: Double, _ target: Double) {
    let resampler = Resampler(from: rate, to: target)
    for place in 0...20 {
      let frequency = target / 2 + (rate - target) / 2 * (0.001 + 0.998 * Double(place) / 20)
      let found = resampler(Self.tone(frequency, rate: rate, count: Int(rate / 5)))
      #expect(
        level(found.map { Double($0) }, margin: Int(target / 50)) < -60,
        "\(frequency) Hz, \(rate) to \(target)")
    }
  }

  /// The window of before: gentler, with the same samples as ever.
  @Test func theOldWindowIsKept() {
    let old = Resampler(from: 16_000, to: 8000, kernel: .hann)
    let found = old(Self.tone(6000, rate: 16_000, count: 3200))
    #expect(found[100..<1500].allSatisfy { abs($0) < 2e-3 })
    let impulse = old([0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    #expect(impulse.count == 5 && impulse[2] == 0.5 && abs(impulse[1] - impulse[3]) < 1e-7)
    #expect(abs(impulse[1]) < 1e-7)
  }

  @Test func whatIsConstantStays() {
    for (rate, target) in Self.rates {
      let found = Resampler(from: rate, to: target)([Float](repeating: 0.25, count: 2000))
      let margin = found.count / 4
      #expect(found[margin..<found.count - margin].allSatisfy { abs($0 - 0.25) < 1e-6 })
    }
    #expect(Resampler(from: 1, to: 2)([]) == [] && Resampler(from: 5, to: 5)([1, 2]) == [1, 2])
    #expect(Resampler(from: 44_100, to: 8000)([1]).count == 1)
  }

  /// Any cutting gives the bits of the whole, with the state kept and gone on with.
  @Test(arguments: rates, [ResamplingKernel.kaiser, .hann])
  func piecesAreTheWhole(_ rates: (Double, Double), _ kernel: ResamplingKernel) {
    let resampler = Resampler(from: rates.0, to: rates.1, kernel: kernel)
    for count in [0, 1, 50, 7000] {
      let samples = RandomKey(seed: 3).uniforms(count)
      let whole = resampler(samples)
      for sizes in [[1], [1, 7, 1000, 3], [13, 5000]] where count < 1000 || sizes != [1] {
        var stream = ResamplingStream(resampler)
        var (found, place, index) = ([Float](), 0, 0)
        while place < count {
          let size = min(sizes[index % sizes.count], count - place)
          found += stream.push(Array(samples[place..<place + size]))
          (place, index) = (place + size, index + 1)
          #expect(stream.stored.count <= 2 * resampler.reach + 3)
          var numbers = StoredNumbers(stream.stored)
          stream = ResamplingStream(resampler)
          stream.restore(&numbers)
          #expect(numbers.areWhole)
        }
        found += stream.finish()
        #expect(found == whole)
      }
    }
  }

  @Test func aStateOfAnotherRateIsRefused() {
    let (one, other) = (Resampler(from: 44_100, to: 8000), Resampler(from: 48_000, to: 8000))
    var stream = ResamplingStream(one)
    _ = stream.push(RandomKey(seed: 3).uniforms(3000))
    let stored = stream.stored
    var damaged: [[Int64]] = [[], Array(stored.dropLast()), stored + [0]]
    for place in 1..<3 {
      for number in [-1, 1 << 40, 1 << 62] as [Int64] {
        damaged.append(stored)
        damaged[damaged.count - 1][place] = number
      }
    }
    for (own, state) in [(other, stored)] + damaged.map({ (one, $0) }) {
      var (numbers, second) = (StoredNumbers(state), ResamplingStream(own))
      second.restore(&numbers)
      #expect(!numbers.areWhole)
    }
  }
}
