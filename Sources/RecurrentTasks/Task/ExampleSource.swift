/// Examples that are read when they are asked for: from memory, or from data that need not fit into it.
public struct ExampleSource<Example: Sendable>: Sendable {
  /// The number of examples.
  public let count: Int
  /// What is remarkable about the data.
  public var notes: [DataNote] = []
  private let loaded: [Example]?
  private let load: @Sendable (Int) throws -> Example
  private let title: @Sendable (Int) -> String
  private let known: (@Sendable (Int) throws -> Int)?

  /// Examples in memory, without names of their own.
  public init(_ examples: [Example]) {
    (count, loaded, known) = (examples.count, examples, nil)
    load = { examples[$0] }
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
    (self.count, loaded, title, known, load) = (count, nil, name, cost, example)
  }

  /// The example with a number, from 0.
  ///
  /// - Throws: what reading it throws.
  public subscript(index: Int) -> Example {
    get throws { try load(index) }
  }

  /// Where an example comes from.
  public func name(_ index: Int) -> String { title(index) }

  /// All examples.
  ///
  /// - Throws: what reading them throws.
  public func all() throws -> [Example] { try loaded ?? (0..<count).map(load) }

  /// The costs of all examples.
  ///
  /// - Throws: what reading them throws.
  func costs<Task: SequenceTask>(_ task: Task) throws -> [Int] where Task.Example == Example {
    try (0..<count).map { try known?($0) ?? task.cost(of: load($0)) }
  }

  /// The examples with some numbers alone.
  func chosen(_ numbers: [Int]) -> ExampleSource {
    let (title, known, load) = (title, known, load)
    var cost: (@Sendable (Int) throws -> Int)?
    if let known { cost = { try known(numbers[$0]) } }
    var own = ExampleSource(
      count: numbers.count, name: { title(numbers[$0]) }, cost: cost, example: { try load(numbers[$0]) })
    own.notes = notes
    return own
  }
}
