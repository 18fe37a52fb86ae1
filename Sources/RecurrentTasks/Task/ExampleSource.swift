/// Examples that are read when they are asked for: from memory, or from data that need not fit into it.
public struct ExampleSource<Example: Sendable>: Sendable {
  /// The number of examples.
  public let count: Int
  /// What is remarkable about the data.
  public var notes: [DataNote] = []
  private let read: @Sendable (Int) throws -> Example
  private let title: @Sendable (Int) -> String
  private var known: (@Sendable (Int) throws -> Int)?
  private var kept: KeptExamples<Example>?
  private let isLoaded: Bool

  /// Examples in memory, without names of their own.
  public init(_ examples: [Example]) {
    (count, isLoaded) = (examples.count, true)
    read = { examples[$0] }
    title = { "\($0 + 1)" }
  }

  /// Examples of data.
  ///
  /// - Parameters:
  ///   - count: the number of examples.
  ///   - name: where one comes from.
  ///   - cost: its steps, where they are known without reading it whole; nil to ask the task.
  ///   - example: reads one.
  public init(
    count: Int, name: @escaping @Sendable (Int) -> String,
    cost: (@Sendable (Int) throws -> Int)? = nil, example: @escaping @Sendable (Int) throws -> Example
  ) {
    (self.count, title, known, read, isLoaded) = (count, name, cost, example, false)
  }

  /// The example with a number, from 0.
  ///
  /// - Throws: what reading it throws.
  public subscript(index: Int) -> Example {
    get throws {
      if let example = kept?[index] { return example }
      let example = try read(index)
      kept?.keep(example, index)
      return example
    }
  }

  /// Whether an example is in memory.
  func isKept(_ index: Int) -> Bool { isLoaded || kept?[index] != nil }

  /// Where an example comes from.
  public func name(_ index: Int) -> String { title(index) }

  /// All examples.
  ///
  /// - Throws: what reading them throws.
  public func all() throws -> [Example] { try (0..<count).map { try self[$0] } }

  /// The source with what is read kept in memory, as far as there is some; one that keeps examples already as it is.
  ///
  /// - Parameters:
  ///   - memory: of all examples that share it.
  ///   - size: the bytes of an example.
  public func kept(
    in memory: ExampleMemory, size: @escaping @Sendable (Example) -> Int
  ) -> ExampleSource {
    var own = self
    if !isLoaded, kept == nil { own.kept = KeptExamples(count: count, in: memory, size: size) }
    return own
  }

  /// The costs of all examples, read for that where they can be kept.
  ///
  /// - Parameter cost: of an example, where nothing else tells.
  /// - Throws: what reading them throws.
  public func costs(_ cost: (Example) -> Int) throws -> [Int] {
    var isFull = kept == nil
    return try (0..<count).map { index in
      guard let known, isFull else {
        let example = try self[index]
        isFull = isFull || !isKept(index)
        return cost(example)
      }
      return try known(index)
    }
  }

  /// The source with its costs at hand.
  func knowing(_ costs: [Int]) -> ExampleSource {
    var own = self
    own.known = { costs[$0] }
    return own
  }

  /// The examples with some numbers alone.
  func chosen(_ numbers: [Int]) -> ExampleSource {
    let base = self
    var cost: (@Sendable (Int) throws -> Int)?
    if let known { cost = { try known(numbers[$0]) } }
    var own = ExampleSource(
      count: numbers.count, name: { base.name(numbers[$0]) }, cost: cost, example: { try base[numbers[$0]] })
    own.notes = notes
    return own
  }
}
