import CRecurrentKernels

/// The key of a stream of random numbers.
///
/// Random numbers are a pure function of a key and a position (Philox4x32-10, Salmon et al. 2011), so they do not depend
/// on the order in which they are asked for, nor on threads. A key is split into independent ones with
/// ``child(_:)``; the same key always gives the same numbers.
///
///     let key = RandomKey(seed: 1)
///     let weights = Tensor(uniformIn: -0.1...0.1, shape: [4, 3], key: key.child(0))
public struct RandomKey: Sendable, Hashable, Codable {
  /// The 64 bits of the key.
  public let bits: UInt64

  /// The key of a seed.
  public init(seed: UInt64) { bits = RandomKey.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }

  private init(bits: UInt64) { self.bits = bits }

  /// An independent key, different for every index.
  public func child(_ index: Int) -> RandomKey {
    RandomKey(
      bits: RandomKey.mix(bits ^ RandomKey.mix(UInt64(bitPattern: Int64(index)) &+ 0xD1B5_4A32_D192_ED03)))
  }

  /// The number at a position of the stream, uniform in [0, 1), with 24 random bits.
  public func uniform(at position: Int) -> Float {
    var number: Float = 0
    CPUBackend.shared.kernels.pointee.uniform(bits, Int64(position), 1, &number)
    return number
  }

  /// `count` numbers from a position of the stream, uniform in [0, 1).
  public func uniforms(_ count: Int, from start: Int = 0) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress {
        CPUBackend.shared.kernels.pointee.uniform(bits, Int64(start), Int64(count), base)
      }
      initialized = count
    }
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection that spreads every bit.
  private static func mix(_ value: UInt64) -> UInt64 {
    var x = value
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return x ^ (x >> 31)
  }
}

extension Tensor {
  /// Numbers uniform in `range`.
  public init(uniformIn range: ClosedRange<Float>, shape: [Int], key: RandomKey) {
    if SkippedDraws.areSkipped {
      self.init(filled: 0, shape: shape)
      return
    }
    let width = range.upperBound - range.lowerBound
    self.init(shape: shape) { key.uniforms(elementCount(of: shape)).map { range.lowerBound + width * $0 } }
  }

  /// Numbers from a normal distribution.
  public init(normalWithMean mean: Float, deviation: Float, shape: [Int], key: RandomKey) {
    if SkippedDraws.areSkipped {
      self.init(filled: 0, shape: shape)
      return
    }
    self.init(shape: shape) {
      key.uniforms(elementCount(of: shape)).map { uniform in
        // the middle of the interval that the 24 bits stand for, so that 0 never occurs
        mean + deviation * Float(normalQuantile(Double(uniform) + 0x1p-25))
      }
    }
  }
}
