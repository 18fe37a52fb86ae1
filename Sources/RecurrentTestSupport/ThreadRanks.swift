import Foundation
import Synchronization

/// Ranks that are threads of one process: what they exchange is copied from one to the other.
public struct ThreadRanks: Communicator {
  /// The number of this thread.
  public let rank: Int
  /// How many there are.
  public let size: Int
  /// `thread 3`.
  public var host: String { "thread \(rank)" }
  private let meeting: Meeting

  /// Calls a function on each of some ranks at once.
  ///
  /// - Returns: what each gave, that of rank 0 first.
  /// - Throws: what a rank threw; the others are ended.
  public static func run<R: Sendable>(
    _ size: Int, _ body: @escaping @Sendable (ThreadRanks) throws -> R
  ) throws -> [R] {
    let meeting = Meeting(size: size)
    let results = Mutex([Result<R, any Error>?](repeating: nil, count: size))
    let done = DispatchSemaphore(value: 0)
    // kept here, for a closure cannot capture what is not copied
    let shared = Shared(results: results)
    for rank in 0..<size {
      let thread = Thread {
        let own = ThreadRanks(rank: rank, size: size, meeting: meeting)
        let result = Result { try body(own) }
        if case .failure(let error) = result { own.abort("\(error)") }
        shared.results.withLock { $0[rank] = result }
        done.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    for _ in 0..<size { done.wait() }
    let all = shared.results.withLock { $0 }
    // who failed first says more than those that it ended
    if let first = meeting.firstFailure, case .failure(let error)? = all[first] { throw error }
    return try all.compactMap { try $0?.get() }
  }

  private final class Shared<R: Sendable>: Sendable {
    let results: Mutex<[Result<R, any Error>?]>
    init(results: consuming sending Mutex<[Result<R, any Error>?]>) { self.results = results }
  }

  /// Gives every thread a part and gets one of each.
  public func exchange(_ parts: UnsafeRawBufferPointer, into received: UnsafeMutableRawBufferPointer) throws {
    let length = parts.count / size
    for (other, bytes) in try meeting.meet(rank, Array(parts)).enumerated() {
      received[other * length..<(other + 1) * length]
        .copyBytes(from: bytes[rank * length..<(rank + 1) * length])
    }
  }

  /// Gets what all threads give.
  public func gather(_ part: UnsafeRawBufferPointer, into received: UnsafeMutableRawBufferPointer) throws {
    for (other, bytes) in try meeting.meet(rank, Array(part)).enumerated() {
      received[other * part.count..<(other + 1) * part.count].copyBytes(from: bytes)
    }
  }

  /// Ends the others where they wait.
  public func abort(_ reason: String) { meeting.fail(rank, reason) }
}

/// Where threads wait for each other.
private final class Meeting: Sendable {
  private struct State {
    /// What each rank has brought.
    var brought: [[UInt8]?]
    /// What each rank is to take home.
    var taken: [[[UInt8]]?]
    var failure: (rank: Int, reason: String)?
  }

  private let state: Mutex<State>
  private let signals: [DispatchSemaphore]

  init(size: Int) {
    state = Mutex(
      State(brought: Array(repeating: nil, count: size), taken: Array(repeating: nil, count: size)))
    signals = (0..<size).map { _ in DispatchSemaphore(value: 0) }
  }

  var firstFailure: Int? { state.withLock { $0.failure?.rank } }

  func meet(_ rank: Int, _ bytes: [UInt8]) throws -> [[UInt8]] {
    let all: [[UInt8]]? = state.withLock { state in
      state.brought[rank] = bytes
      let all = state.brought.compactMap { $0 }
      guard all.count == signals.count else { return nil }
      state.brought = Array(repeating: nil, count: all.count)
      state.taken = Array(repeating: all, count: all.count)
      return all
    }
    if all != nil {
      for other in signals.indices where other != rank { signals[other].signal() }
    } else if state.withLock({ $0.failure == nil }) {
      signals[rank].wait()
    }
    let (found, failure) = state.withLock { state in
      defer { state.taken[rank] = nil }
      return (state.taken[rank], state.failure)
    }
    if let found, found.contains(where: { $0.count != bytes.count }) {
      throw CommunicationError.failed(
        rank: rank, host: "thread \(rank)", reason: "ranks brought \(found.map(\.count)) bytes")
    }
    guard let found else {
      throw CommunicationError.failed(
        rank: failure?.rank ?? rank, host: "thread \(failure?.rank ?? rank)", reason: failure?.reason ?? "")
    }
    return found
  }

  func fail(_ rank: Int, _ reason: String) {
    state.withLock { if $0.failure == nil { $0.failure = (rank, reason) } }
    for signal in signals { signal.signal() }
  }
}
