import Synchronization

/// A search that is made when it is first asked for; all caches are equal.
final class SearchCache<Search: Sendable>: Sendable, Equatable {
  private let search = Mutex<Search?>(nil)

  func value(_ make: () -> Search) -> Search {
    search.withLock { search in
      if let search { return search }
      let own = make()
      search = own
      return own
    }
  }

  static func == (a: SearchCache, b: SearchCache) -> Bool { true }
}
