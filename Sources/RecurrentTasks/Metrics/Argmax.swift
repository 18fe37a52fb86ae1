// for numbers of one type: what is generic allocates where it is not specialised, and a step of a session must not
extension UnsafeBufferPointer<Float> {
  /// The first place of the largest element, from 0; what is not a number counts for nothing, but in the first place.
  var argmax: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}

extension [Float] {
  /// The first place of the largest element, from 0; what is not a number counts for nothing, but in the first place.
  var argmax: Int { withUnsafeBufferPointer(\.argmax) }
}
