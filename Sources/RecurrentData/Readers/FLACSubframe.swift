extension FLACBits {
  /// Reads the block of one channel: as many samples as there is room for, of so many bits each.
  mutating func subframe(_ samples: inout [Int64], bits: Int) throws(DataError) {
    let head = try unsigned(8, "the head of a subframe")
    guard head & 0x80 == 0 else { throw malformed("a subframe, which begins with the bit 0", "1") }
    let wasted = head & 1 == 1 ? try unary("wasted bits") + 1 : 0
    let own = bits - wasted
    guard own > 0 else { throw malformed("at most \(bits - 1) wasted bits", "\(wasted)") }
    switch head >> 1 {
    case 0:
      let value = try signed(own, "a sample")
      for index in samples.indices { samples[index] = value }
    case 1:
      for index in samples.indices { samples[index] = try signed(own, "a sample") }
    case let kind where (8...12).contains(kind):
      let coefficients: [[Int64]] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]]
      try warmUp(&samples, order: kind - 8, bits: own)
      try residuals(&samples, order: kind - 8)
      FLACBits.predict(&samples, coefficients[kind - 8], shift: 0)
    case let kind where kind >= 32:
      let order = kind - 31
      try warmUp(&samples, order: order, bits: own)
      let (coefficients, shift) = try prediction(order: order)
      try residuals(&samples, order: order)
      FLACBits.predict(&samples, coefficients, shift: shift)
    case let kind:
      throw malformed("a subframe of the kinds 0, 1, 8 to 12 or 32 to 63", "the kind \(kind)")
    }
    if wasted > 0 { for index in samples.indices { samples[index] <<= Int64(wasted) } }
  }

  /// The samples at the beginning, which nothing predicts.
  private mutating func warmUp(_ samples: inout [Int64], order: Int, bits: Int) throws(DataError) {
    guard order <= samples.count else {
      throw malformed("a block of at least \(order) samples, as many as predict one", "\(samples.count)")
    }
    for index in 0..<order { samples[index] = try signed(bits, "a sample") }
  }

  private mutating func prediction(order: Int) throws(DataError) -> (coefficients: [Int64], shift: Int64) {
    let precision = try unsigned(4, "the precision of coefficients") + 1
    guard precision < 16 else { throw malformed("coefficients of 1 to 15 bits", "\(precision)") }
    let shift = try signed(5, "the shift of a prediction")
    guard shift >= 0 else { throw malformed("a shift of 0 to 15", "\(shift)") }
    var coefficients: [Int64] = []
    for _ in 0..<order { coefficients.append(try signed(precision, "a coefficient")) }
    return (coefficients, shift)
  }

  /// What predictions lack, in partitions with a parameter each.
  private mutating func residuals(_ samples: inout [Int64], order: Int) throws(DataError) {
    let method = try unsigned(2, "the coding of residuals")
    guard method < 2 else { throw malformed("residuals coded by the methods 0 or 1", "the method \(method)") }
    let (width, escape) = method == 0 ? (4, 15) : (5, 31)
    let partitionOrder = try unsigned(4, "the partitions of residuals")
    let size = samples.count >> partitionOrder
    guard size << partitionOrder == samples.count, size >= order else {
      throw malformed(
        "partitions that divide \(samples.count) samples, none shorter than \(order)",
        "\(1 << partitionOrder) partitions")
    }
    for partition in 0..<1 << partitionOrder {
      let own = max(partition * size, order)..<(partition + 1) * size
      let parameter = try unsigned(width, "the parameter of a partition")
      if parameter == escape {
        let bits = try unsigned(5, "the bits of a partition")
        for index in own { samples[index] = try signed(bits, "a residual") }
      } else {
        for index in own { samples[index] = try rice(parameter) }
      }
    }
  }

  /// Adds to each residual the prediction from the samples before it. Sums of damaged files wrap; what is no sample is
  /// noticed when the block is whole.
  private static func predict(_ samples: inout [Int64], _ coefficients: [Int64], shift: Int64) {
    guard !coefficients.isEmpty else { return }
    let order = coefficients.count
    samples.withUnsafeMutableBufferPointer { own in
      coefficients.withUnsafeBufferPointer { weights in
        for index in order..<max(own.count, order) {
          var sum: Int64 = 0
          for lag in 0..<order { sum &+= weights[lag] &* own[index - 1 - lag] }
          own[index] &+= sum >> shift
        }
      }
    }
  }
}
