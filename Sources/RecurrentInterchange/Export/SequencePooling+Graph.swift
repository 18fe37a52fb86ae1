import RecurrentFormats

/// Sequences in a graph that become one vector for each row.
public struct PoolingGraph {
  /// `[T, B, H]`, zero beyond the lengths.
  public var value: String
  /// H.
  public var width: Int
  /// int32 `[B]`; nil where all rows are full.
  public var lengths: String?
  /// Whether the second half of H was read backwards.
  public var isBidirectional: Bool
  /// Of a stream the steps before these and with these, `[B, 1]`; nil for whole sequences.
  public var counts: (before: String, after: String)?

  /// Sequences to pool.
  public init(value: String, width: Int, lengths: String? = nil, isBidirectional: Bool = false) {
    (self.value, self.width, self.lengths) = (value, width, lengths)
    self.isBidirectional = isBidirectional
  }
}

extension SequencePooling {
  /// Appends a pooling without parameters: `[B, H]`. Of a stream what was before is a state under `name`.
  ///
  /// - Precondition: it is not `attention`.
  public func append(to builder: inout GraphBuilder, reading given: PoolingGraph, name: String) -> String {
    switch self {
    case .mean: SequencePooling.mean(&builder, given, name)
    case .max: SequencePooling.largest(&builder, given, name)
    case .last: SequencePooling.last(&builder, given)
    case .attention: fatalError("SequencePooling.attention has parameters; use AttentionPooling")
    }
  }

  private static func mean(_ builder: inout GraphBuilder, _ given: PoolingGraph, _ name: String) -> String {
    var sum = builder.sum(given.value, axis: 0)
    if let counts = given.counts {
      sum = builder.node("Add", [builder.state(name, extents: [given.width]), sum])
      builder.keep(sum, as: name, extents: [given.width])
      return builder.node("Div", [sum, counts.after])
    }
    guard let lengths = given.lengths else {
      return builder.node("ReduceMean", [given.value], ["axes": .integers([0]), "keepdims": .integer(0)])
    }
    let counts = builder.node("Max", [builder.counts(lengths), builder.constant("one", Tensor(1))])
    return builder.node("Div", [sum, counts])
  }

  private static func largest(
    _ builder: inout GraphBuilder, _ given: PoolingGraph, _ name: String
  ) -> String {
    func top(_ value: String) -> String {
      builder.node("ReduceMax", [value], ["axes": .integers([0]), "keepdims": .integer(0)])
    }
    if let counts = given.counts {
      let (own, before) = (top(given.value), builder.state(name, extents: [given.width]))
      let isBegun = builder.node("Greater", [counts.before, builder.constant("zero", Tensor(0))])
      let largest = builder.node("Where", [isBegun, builder.node("Max", [before, own]), own])
      builder.keep(largest, as: name, extents: [given.width])
      return largest
    }
    guard let lengths = given.lengths else { return top(given.value) }
    let lowered = builder.beyond(lengths, stepsOf: given.value)
    let isFull = builder.node("Min", [builder.counts(lengths), builder.constant("one", Tensor(1))])
    return builder.node("Mul", [top(builder.node("Add", [given.value, lowered])), isFull])
  }

  private static func last(_ builder: inout GraphBuilder, _ given: PoolingGraph) -> String {
    func step(_ number: Int64) -> String {
      builder.node("Gather", [given.value, builder.integer(number)], ["axis": .integer(0)])
    }
    let last =
      given.lengths.map { lengths in
        let mask = builder.lastMask(lengths, stepsOf: given.value)
        return builder.sum(builder.node("Mul", [given.value, mask]), axis: 0)
      } ?? step(-1)
    guard given.isBidirectional else { return last }
    func half(_ value: String, _ start: Int, _ end: Int) -> String {
      builder.node(
        "Slice",
        [value, builder.integers([Int64(start)]), builder.integers([Int64(end)]), builder.integers([1])])
    }
    let middle = given.width / 2
    return builder.node(
      "Concat", [half(last, 0, middle), half(step(0), middle, given.width)], ["axis": .integer(1)])
  }
}

extension AttentionPooling {
  /// Appends the weighted mean: `[B, H]`.
  ///
  /// - Throws: ``InterchangeError`` for a stream: it would have to keep all steps.
  public func append(
    to builder: inout GraphBuilder, reading given: PoolingGraph, name: String
  ) throws(InterchangeError) -> String {
    guard given.counts == nil else {
      throw .notExpressible(
        what: "pooling by attention", reason: "it looks at all steps again and does not stream in a graph")
    }
    var scores = try builder.mapRows(
      of: given.value, width: given.width, self, prefix: name + ".", what: "pooling by attention"
    ) { $0.query(tanh($0.inner($1))) }
    if let lengths = given.lengths {
      scores = builder.node("Add", [scores, builder.beyond(lengths, stepsOf: scores)])
    }
    let weights = builder.node("Softmax", [scores], ["axis": .integer(0)])
    return builder.sum(
      builder.node("Mul", [given.value, builder.masked(weights, given.lengths)]), axis: 0)
  }
}

extension GraphBuilder {
  /// 0 at the real steps and what is smaller than everything beyond them, `[T, B, 1]`.
  fileprivate mutating func beyond(_ lengths: String, stepsOf value: String) -> String {
    let distance = node("Sub", [mask(lengths, stepsOf: value), constant("one", Tensor(1))])
    return node("Mul", [distance, constant("huge", Tensor(1e30))])
  }
}
