extension Tensor {
  /// Numbers uniform in ± `bound` on the current backend: the same on every one.
  public static func random(_ shape: [Int], bound: Float = 1, key: RandomKey) -> Tensor {
    Tensor(uniformIn: -bound...bound, shape: shape, key: key)
  }
}

extension RandomKey {
  /// Whole numbers in `0 ..< limit` from the start of the stream.
  public func integers(_ count: Int, below limit: Int) -> [Int] {
    uniforms(count).map { min(limit - 1, Int($0 * Float(limit))) }
  }
}

/// Leaves blocks full of NaN in the storage pool, so that a kernel that reads memory which it did not write shows it.
func poisonStoragePool() {
  var poison: [Tensor] = []
  for exponent in 7..<17 {
    for eighth in 8..<16 {
      for _ in 0..<3 { poison.append(CPUBackend.shared.filled(.nan, shape: [eighth << (exponent - 3)])) }
    }
  }
}
