import CAllocationCounter

/// Calls of the system's allocator.
public enum AllocationCount {
  /// Whether they can be counted here.
  public static let isAvailable = allocation_counter_works()

  /// Calls by this thread while `body` runs.
  public static func during(_ body: () throws -> Void) rethrows -> Int {
    let before = allocation_counter_value()
    try body()
    return Int(allocation_counter_value() - before)
  }
}
