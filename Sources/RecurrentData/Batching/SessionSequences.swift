/// Sessions one after the other, each a list of items; four bytes of an item are kept.
public struct SessionSequences: Sendable, Equatable {
  /// Where each session begins among the items, and their number.
  public private(set) var starts: [Int] = [0]
  /// The items of all sessions.
  public private(set) var items: [Int32] = []

  /// No sessions.
  public init() {}

  /// Adds a session.
  public mutating func append(_ session: some Sequence<Int32>) {
    items.append(contentsOf: session)
    starts.append(items.count)
  }

  /// Sessions.
  public var count: Int { starts.count - 1 }

  /// Items of a session.
  public func length(_ session: Int) -> Int { starts[session + 1] - starts[session] }
}
