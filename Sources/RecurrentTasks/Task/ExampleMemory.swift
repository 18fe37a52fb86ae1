import Synchronization

/// The memory that examples are kept in once they are read: as much as is allowed, first come, first served. The others are
/// read again when they are needed.
public final class ExampleMemory: Sendable {
  private let left: Mutex<Int>

  /// So many bytes.
  public init(bytes: Int) { left = Mutex(bytes) }

  /// What is kept of data of a kind: numbers are kept whole, for they take no more than the table that they come from; of
  /// sound, pictures and strokes of any length a tenth of a gigabyte; of texts, which are read again fast, less, so that a
  /// table of a million short ones stays within four times its size.
  convenience init(_ modality: Modality) {
    switch modality {
    case .series: self.init(bytes: .max)
    case .text: self.init(bytes: 1 << 25)
    case .sound, .pictures, .strokes: self.init(bytes: 100_000_000)
    }
  }

  /// Takes so many bytes, where they are left.
  func take(_ bytes: Int) -> Bool {
    left.withLock { left in
      guard bytes <= left else { return false }
      left -= bytes
      return true
    }
  }
}

/// Examples that were read, by their numbers.
final class KeptExamples<Example: Sendable>: Sendable {
  private struct State {
    var examples: [Example] = []
    /// The place of each number in these; -1 for none.
    var places: [Int32]
  }
  private let state: Mutex<State>
  private let memory: ExampleMemory
  private let size: @Sendable (Example) -> Int

  init(count: Int, in memory: ExampleMemory, size: @escaping @Sendable (Example) -> Int) {
    state = Mutex(State(places: [Int32](repeating: -1, count: count)))
    (self.memory, self.size) = (memory, size)
  }

  subscript(index: Int) -> Example? {
    state.withLock { state in
      let place = Int(state.places[index])
      return place < 0 ? nil : state.examples[place]
    }
  }

  /// Keeps an example where there is memory for it.
  func keep(_ example: Example, _ index: Int) {
    state.withLock { state in
      guard state.places[index] < 0, memory.take(size(example) + MemoryLayout<Example>.stride) else { return }
      state.places[index] = Int32(state.examples.count)
      state.examples.append(example)
    }
  }
}

/// Reads the examples of the next step while those of this one are computed with; threads may have steps of their own.
final class ReadAhead<Example: Sendable>: Sendable {
  private struct State {
    /// Examples that were asked for and not yet taken: nil until they are read.
    var wanted: [Int: Example?] = [:]
  }
  private let state = Mutex(State())

  /// Examples that were read and not yet taken, by their numbers.
  var readNumbers: Set<Int> { state.withLock { Set($0.wanted.filter { $0.value != nil }.keys) } }

  /// Begins to read examples that are not in memory.
  func begin(_ numbers: [Int], of source: ExampleSource<Example>) {
    let missing = numbers.filter { !source.isKept($0) }
    guard !missing.isEmpty else { return }
    state.withLock { state in for number in missing { state.wanted[number] = .some(nil) } }
    Task.detached { [self] in
      for number in missing where state.withLock({ $0.wanted[number] != nil }) {
        guard let example = try? source[number] else { return }
        state.withLock { state in
          if state.wanted[number] != nil { state.wanted[number] = .some(example) }
        }
      }
    }
  }

  /// Examples: those that were read, and others read now, which nobody reads ahead any longer.
  ///
  /// - Throws: what reading them throws.
  func take(_ numbers: [Int], of source: ExampleSource<Example>) throws -> [Example] {
    let done = state.withLock { state in numbers.map { state.wanted.removeValue(forKey: $0) ?? nil } }
    return try zip(done, numbers).map { try $0 ?? source[$1] }
  }
}
