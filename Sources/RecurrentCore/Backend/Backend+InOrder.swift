import Synchronization

extension Backend {
  /// Computes something for each of 0 ..< `count` as ``concurrently(_:_:)`` does, and hands the results on in the order of the numbers, each
  /// as soon as those before it are there.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - body: called by several threads at once.
  ///   - take: called by one at a time.
  /// - Throws: what the first number that failed has thrown; nothing behind it is handed on.
  package func concurrently<R: Sendable, E: Error>(
    _ count: Int, _ body: (Int) throws(E) -> R, inOrder take: (R) -> Void
  ) throws(E) {
    let state = Mutex((next: 0, waiting: [Int: R](), errors: [Int: E]()))
    concurrently(count) { number in
      let result: Result<R, E>
      do throws(E) { result = .success(try body(number)) } catch { result = .failure(error) }
      state.withLock { state in
        switch result {
        case .failure(let error): state.errors[number] = error
        case .success(let value): state.waiting[number] = value
        }
        while let value = state.waiting.removeValue(forKey: state.next) {
          take(value)
          state.next += 1
        }
      }
    }
    if let first = state.withLock({ $0.errors.min { $0.key < $1.key } }) { throw first.value }
  }
}
