/// What a forward pass is for.
public enum Mode: Sendable {
  /// Nothing random happens.
  case inference
  /// Dropout is on; its random numbers come from the key. Use another key for every step.
  case training(RandomKey)

  /// The mode for a part of a module: its key is independent of that of the other parts.
  public func child(_ index: Int) -> Mode {
    switch self {
    case .inference: .inference
    case .training(let key): .training(key.child(index))
    }
  }
}
