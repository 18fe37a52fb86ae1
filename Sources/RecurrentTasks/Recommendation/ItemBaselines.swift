/// What a recommender is compared with: tables of counts over the training part, which often are hard to beat (Ludewig and Jannach
/// 2018, arXiv:1803.09587). Where a table says nothing, or the same of two items, the more frequent one comes first.
public struct ItemBaselines: Sendable, Equatable {
  /// A way to recommend without learning.
  public enum Kind: String, Sendable, CaseIterable {
    /// What is most frequent, whatever the session has seen.
    case popularity
    /// What follows the last item most often.
    case lastItemMarkov
    /// What stands most often in sessions with the items of this one, in the sum over the last 50.
    case coOccurrence
    /// What the session has seen, the last first.
    case alreadySeen

    /// In words.
    public var words: String {
      switch self {
      case .popularity: "popularity"
      case .lastItemMarkov: "last-item Markov"
      case .coOccurrence: "co-occurrence"
      case .alreadySeen: "already seen"
      }
    }
  }

  /// What follows each item.
  private var followers = NeighbourTable()
  /// What stands with each item in a session.
  private var companions = NeighbourTable()

  /// None.
  public init() {}

  /// Counts over sessions of so many items.
  init(_ sessions: SessionSequences, itemCount: Int) {
    followers = NeighbourTable(sessions, itemCount: itemCount, isOnce: false) { place, session in
      place + 1..<min(place + 2, session.upperBound)
    }
    companions = NeighbourTable(sessions, itemCount: itemCount, isOnce: true) { place, session in
      max(
        session.lowerBound, place - ItemBaselines.reach)..<min(
          session.upperBound, place + ItemBaselines.reach + 1)
    }
  }

  /// How far items of a long session are from each other to count as companions.
  private static let reach = 100
  /// The last items of a session that its companions are summed over.
  private static let memory = 50

  /// Calls `body` with what follows an item, and how often.
  func forEachFollower(of item: Int32, _ body: (Int32, Int32) -> Void) {
    for place in followers.neighbours(item) { body(followers.items[place], followers.counts[place]) }
  }

  /// Calls `body` with what stands with the last items of a session, and how often; an item may come several times.
  func forEachCompanion(of session: ArraySlice<Int32>, _ body: (Int32, Int32) -> Void) {
    for item in session.suffix(ItemBaselines.memory) {
      for place in companions.neighbours(item) { body(companions.items[place], companions.counts[place]) }
    }
  }

  /// Whether there are none.
  var isEmpty: Bool { followers.starts.count == 1 }

  /// The file: both tables.
  var bytes: [UInt8] { followers.bytes + companions.bytes }

  /// Reads the file.
  ///
  /// - Throws: ``BundleError/damaged(path:reason:)``.
  init(bytes: [UInt8], itemCount: Int, path: String) throws(BundleError) {
    var index = 0
    followers = try NeighbourTable(bytes: bytes, at: &index, itemCount: itemCount, path: path)
    companions = try NeighbourTable(bytes: bytes, at: &index, itemCount: itemCount, path: path)
    guard index == bytes.count else {
      throw BundleError.damaged(path: path, reason: "\(bytes.count - index) bytes follow its end")
    }
  }
}
