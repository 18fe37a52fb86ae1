import CRecurrentKernels
import RecurrentTestSupport
import Testing

@testable import RecurrentCore

@Suite struct RandomKeyTests {
  /// The first words of Philox4x32-10 for key 0 and counters 0 and 1, from Random123's known answers and from a second
  /// implementation below. Element e of a stream is word e % 64 / 16 of counter e / 64 * 16 + e % 16, in 24 bits.
  @Test func knownAnswers() {
    #expect(philox(counter: 0, key: 0) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    var numbers = [Float](repeating: 0, count: 64 * 40)
    for key in [0, 0xffff_ffff_ffff_ffff, 0x0123_4567_89ab_cdef] as [UInt64] {
      CPUBackend.shared.kernels.pointee.uniform(key, 0, Int64(numbers.count), &numbers)
      for (element, number) in numbers.enumerated() {
        let words = philox(counter: UInt64(element / 64 * 16 + element % 16), key: key)
        #expect(number == Float(words[element % 64 / 16] >> 8) * 0x1p-24)
      }
    }
  }

  /// A counter above 32 bits reaches the second counter word.
  @Test func farPosition() {
    let position = (1 << 40) + 77
    let words = philox(counter: UInt64(position / 64 * 16 + position % 16), key: RandomKey(seed: 9).bits)
    #expect(RandomKey(seed: 9).uniform(at: position) == Float(words[position % 64 / 16] >> 8) * 0x1p-24)
  }

  /// Any part of a stream can be made alone.
  @Test func positions() {
    let key = RandomKey(seed: 3)
    let stream = key.uniforms(300)
    for position in [0, 1, 15, 16, 63, 64, 65, 200, 299] {
      #expect(key.uniform(at: position) == stream[position])
    }
    #expect(Array(key.uniforms(70)) == Array(stream.prefix(70)))
  }

  @Test func uniformMoments() {
    let numbers = RandomKey(seed: 1).uniforms(200_000).map { Double($0) }
    let mean = numbers.reduce(0, +) / 200_000
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200_000
    // five standard errors
    #expect(abs(mean - 0.5) < 5 * 0.2887 / 200_000.squareRoot())
    #expect(abs(variance - 1.0 / 12) < 5 * 0.0745 / 200_000.squareRoot())
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test func normalMoments() {
    let numbers = Tensor(normalWithMean: 2, deviation: 3, shape: [100_000], key: RandomKey(seed: 2)).doubles
    let mean = numbers.reduce(0, +) / 100_000
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
    #expect(abs(mean - 2) < 5 * 3 / 100_000.squareRoot())
    #expect(abs(variance / 9 - 1) < 5 * 2.0.squareRoot() / 100_000.squareRoot())
    #expect(numbers.count { abs($0 - 2) > 6 } > 4000)
    #expect(numbers.allSatisfy { $0.isFinite })
  }

  /// Quantiles of the normal distribution from tables, in the middle and in both tails.
  @Test(arguments: [
    (0.5, 0.0), (0.975, 1.959963984540054), (0.9, 1.2815515655446004), (1e-3, -3.090232306167813),
    (1e-10, -6.361340902404056), (1e-20, -9.262340089798408),
  ])
  func quantiles(_ p: Double, _ expected: Double) {
    #expect(abs(normalQuantile(p) - expected) < 1e-12 * max(1, abs(expected)))
  }

  /// Children differ from each other, from their parent and from grandchildren, and their streams are uncorrelated.
  @Test func childrenAreIndependent() {
    let key = RandomKey(seed: 4)
    let keys = [key] + (-3..<200).map { key.child($0) } + (0..<200).map { key.child(0).child($0) }
    #expect(Set(keys).count == keys.count)
    #expect(key.child(7) == RandomKey(seed: 4).child(7))
    let streams = keys.prefix(6).map { $0.uniforms(20_000).map { Double($0) - 0.5 } }
    for (i, a) in streams.enumerated() {
      for b in streams[(i + 1)...] {
        let correlation = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / 20_000 * 12
        #expect(abs(correlation) < 5 / 20_000.squareRoot())
      }
    }
  }

  /// Philox4x32-10 in plain words (Salmon et al. 2011), for one 64-bit counter.
  private func philox(counter: UInt64, key: UInt64) -> [UInt32] {
    var x = [UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), 0, 0]
    var (k0, k1) = (UInt32(truncatingIfNeeded: key), UInt32(key >> 32))
    for _ in 0..<10 {
      let (a, b) = (UInt64(x[0]) * 0xD251_1F53, UInt64(x[2]) * 0xCD9E_8D57)
      x = [
        UInt32(b >> 32) ^ x[1] ^ k0, UInt32(truncatingIfNeeded: b), UInt32(a >> 32) ^ x[3] ^ k1,
        UInt32(truncatingIfNeeded: a),
      ]
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return x
  }
}
