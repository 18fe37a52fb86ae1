import Synchronization

/// What a node keeps from one run to the next, made at the first run.
final class NodeCache: Sendable {
  private let kept = Mutex<(any Sendable)?>(nil)

  /// What is kept, made by `make` where there is nothing yet.
  func value<Value: Sendable>(_ make: () throws -> Value) rethrows -> Value {
    if let value = kept.withLock({ $0 }) as? Value { return value }
    let made = try make()
    kept.withLock { $0 = made }
    return made
  }
}
