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
