/// One step of truncated back-propagation through time: T' steps of B streams.
public struct BPTTWindow: Sendable, Equatable {
  /// The tokens, time-major `[T', B]`: step t of stream b is `values[t * B + b]`.
  public let inputs: Indices
  /// The token after each of `inputs`, `[T', B]`.
  public let targets: Indices
  /// What to multiply the learning rate by: T'/T under ``RandomisedWindows``, else 1.
  public let learningRateFactor: Float
}
