import Synchronization

/// What is made once for an epoch and asked for at each of its steps: the order of what it reads.
final class EpochCache<Value: Sendable>: Sendable {
  private let latest = Mutex<(epoch: Int, value: Value)?>(nil)

  /// The value of the epoch that was asked for last, or a new one.
  func value(_ epoch: Int, _ make: () -> Value) -> Value {
    latest.withLock { latest in
      if let latest, latest.epoch == epoch { return latest.value }
      let value = make()
      latest = (epoch, value)
      return value
    }
  }
}
