import Recurrent

/// The numbers that all sides fill parameters and inputs with; `Benchmarks/peers/worker.py` has the same.
enum SharedNumbers {
  /// 24 random bits for an element: SplitMix64 from a seed.
  private static func bits(seed: UInt64, at index: Int) -> UInt64 {
    var x = UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15 &+ seed
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return (x ^ (x >> 31)) >> 40
  }

  /// The FNV-1a hash of a name.
  private static func seed(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// Numbers uniform in ± `bound` that everybody has under this name.
  static func tensor(_ name: String, shape: [Int], bound: Float) -> Tensor {
    let seed = seed(name)
    let scalars = (0..<shape.reduce(1, *)).map { index in
      (Float(bits(seed: seed, at: index)) * 0x1p-23 - 1) * bound
    }
    return Tensor(scalars, shape: shape)
  }

  /// Token numbers that everybody has under this name.
  static func tokens(_ name: String, shape: [Int], vocabulary: Int) -> Indices {
    let seed = seed(name)
    let values = (0..<shape.reduce(1, *)).map { index in
      Int32((bits(seed: seed, at: index) &* UInt64(vocabulary)) >> 24)
    }
    return Indices(values, shape: shape)
  }
}
