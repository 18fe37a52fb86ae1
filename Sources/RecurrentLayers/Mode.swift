/// What a forward pass is for.
public enum Mode: Sendable {
  /// Nothing random happens.
  case inference
  /// Dropout is on; its random numbers come from the key. Use another key for every step of the training.
  ///
  /// A sequence that is read in pieces says with each where it begins, so that it gets the masks of the whole.
  case training(RandomKey, firstStep: Int = 0)
  /// Nothing random happens, and recurrent layers go step by step and show an observer what they do; to the same bits.
  case observed(RecurrentObserver)

  /// The mode for a part of a module: its key is independent of that of the other parts.
  public func child(_ index: Int) -> Mode {
    switch self {
    case .inference: .inference
    case .training(let key, let firstStep): .training(key.child(index), firstStep: firstStep)
    case .observed: self
    }
  }

  /// The mode for the part of a sequence that begins `steps` steps later.
  public func advanced(by steps: Int) -> Mode {
    switch self {
    case .inference: .inference
    case .training(let key, let firstStep): .training(key, firstStep: firstStep + steps)
    case .observed: self
    }
  }
}
