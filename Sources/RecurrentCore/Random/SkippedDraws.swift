/// Makes a module whose parameters are read from a file next: they are zeros in place of random numbers, which take longer to draw than to
/// read, orthogonal ones of a large layer seconds.
///
/// - Parameter make: draws its parameters with ``Tensor/init(uniformIn:shape:key:)``, ``Tensor/init(normalWithMean:deviation:shape:key:)``
///   and what is built on them, and does not look at their numbers.
package func withoutDraws<M: Module>(_ make: () throws -> M) rethrows -> M {
  try SkippedDraws.$areSkipped.withValue(true) { try make() }
}

/// Whether random numbers of tensors are left out.
package enum SkippedDraws {
  @TaskLocal package static var areSkipped = false
}
