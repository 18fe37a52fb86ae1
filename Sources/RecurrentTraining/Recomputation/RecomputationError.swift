/// Why a sequence cannot be trained on in the memory that was given.
public enum RecomputationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Not even the shortest chunks fit.
  case tooLittleMemory(given: MemorySize, least: MemorySize)

  /// What was given and what is needed.
  public var description: String {
    switch self {
    case .tooLittleMemory(let given, let least):
      "\(given) of memory are too little for backpropagation through time; the least that works is \(least)"
    }
  }
}
