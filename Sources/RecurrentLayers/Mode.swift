/// What a forward pass is for.
public enum Mode: Sendable {
  /// Nothing random happens.
  case inference
  /// Dropout is on; its random numbers come from the key. Use another key for every step of the training.
  ///
  /// A sequence that is read in pieces says with each where it begins, so that it gets the masks of the whole. Rows that are
  /// read in shards say with each its number, so that rows of different shards get different masks, and weights the same.
  /// An observer that is made for some rows is shown what these read; the results have the same bits without it.
  case training(RandomKey, firstStep: Int = 0, shard: Int? = nil, observer: RecurrentObserver? = nil)
  /// Nothing random happens, and recurrent layers go step by step and show an observer what they do; to the same bits.
  case observed(RecurrentObserver)

  /// The mode for a part of a module: its key is independent of that of the other parts.
  public func child(_ index: Int) -> Mode {
    switch self {
    case .inference: .inference
    case .training(let key, let firstStep, let shard, let observer):
      .training(key.child(index), firstStep: firstStep, shard: shard, observer: observer)
    case .observed: self
    }
  }

  /// The mode for the part of a sequence that begins `steps` steps later.
  public func advanced(by steps: Int) -> Mode {
    switch self {
    case .inference: .inference
    case .training(let key, let firstStep, let shard, let observer):
      .training(key, firstStep: firstStep + steps, shard: shard, observer: observer)
    case .observed: self
    }
  }

  /// The mode for one of the shards that a step is cut into; nothing else may be drawn in the whole step.
  public func inShard(_ index: Int) -> Mode {
    switch self {
    case .inference: .inference
    case .training(let key, let firstStep, _, let observer):
      .training(key, firstStep: firstStep, shard: index, observer: observer)
    case .observed: self
    }
  }

  /// The key of what is drawn for rows: masks of activations, noise, samples. Nil in inference.
  ///
  /// What is drawn for weights, which all rows share, comes from the key of the mode itself.
  public var rowKey: RandomKey? {
    guard case .training(let key, _, let shard, _) = self else { return nil }
    // apart from the numbers of parts
    return shard.map { key.child(1 << 32 + $0) } ?? key
  }
}
