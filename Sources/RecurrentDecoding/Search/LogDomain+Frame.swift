extension LogDomain {
  /// log of the sum of e^x over the V numbers of a frame: a number less it is the logarithm of a probability.
  ///
  /// - Throws: ``SearchError/notANumber(frame:output:found:)`` where a number is none or infinitely large,
  ///   ``SearchError/noProbability(frame:)`` where all are minus infinity.
  static func normaliser(
    _ logits: UnsafePointer<Float>, _ width: Int, frame: Int
  ) throws(SearchError) -> Double {
    let largest = Self.largest(logits, width)
    guard largest > -.infinity else {
      if largest == -.infinity { throw .noProbability(frame: frame) }
      let output = (0..<width).first { !(logits[$0] <= .greatestFiniteMagnitude) } ?? 0
      throw .notANumber(frame: frame, output: output, found: logits[output])
    }
    return sum(logits, width, largest: largest)
  }
}
