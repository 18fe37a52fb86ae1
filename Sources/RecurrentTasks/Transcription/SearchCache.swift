import Synchronization

/// A search that is made when it is first asked for; all caches are equal.
final class SearchCache: Sendable, Equatable {
  private let search = Mutex<CTCSearch?>(nil)

  func value(_ make: () -> CTCSearch) -> CTCSearch {
    search.withLock { search in
      if let search { return search }
      let own = make()
      search = own
      return own
    }
  }

  static func == (a: SearchCache, b: SearchCache) -> Bool { true }
}
