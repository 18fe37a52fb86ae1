extension Module {
  /// The Euclidean norm of all parameters taken together; of a gradient, how long it is.
  public var norm: Double {
    parameters.reduce(0) { $0 + $1.value.backend.sumOfSquares($1.value) }.squareRoot()
  }

  /// A gradient whose norm is at most `limit`: scaled down as a whole, so that its direction stays
  /// (Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063; torch's `clip_grad_norm_`).
  public func clipped(norm limit: Double) -> Self {
    let scale = clippingScale(norm: norm, limit: limit)
    return scale == 1 ? self : mappingParameters { $1.mappingNonzero { $0 * Float(scale) } }
  }

  /// A gradient whose elements are within ± `limit` (torch's `clip_grad_value_`).
  public func clipped(value limit: Double) -> Self {
    mappingParameters { _, value in
      value.mappingNonzero {
        minimum(maximum($0, $0.constant(Float(-limit))), $0.constant(Float(limit)))
      }
    }
  }
}

/// What multiplies a gradient of the given norm to bring it under `limit`; 1 when it is.
public func clippingScale(norm: Double, limit: Double) -> Double {
  Swift.min(1, limit / (norm + 1e-6))
}
