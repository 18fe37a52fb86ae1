import RecurrentFormats
import RecurrentGraph

/// A recurrent network in a graph: what its nodes are given and what they give.
public struct RecurrentLayerGraph {
  /// `[T, B, I]`.
  public var input: String
  /// The lengths of the rows, int32 `[B]`; nil where all are full.
  public var lengths: String?
  /// The parts of the state of each cell; nil for the initial state.
  public var states: [[String]]?
  /// Whether LSTMs get weights of bytes where ONNX Runtime has a node for them (com.microsoft.DynamicQuantizeLSTM).
  public var isQuantized = false

  /// A network that reads `input`.
  public init(input: String, lengths: String? = nil, states: [[String]]? = nil, isQuantized: Bool = false) {
    self.input = input
    self.lengths = lengths
    self.states = states
    self.isQuantized = isQuantized
  }
}

extension RecurrentLayer {
  /// Appends the nodes of the network: ONNX's RNN, GRU and LSTM for the cells that these can express, and a Scan over the
  /// equations of all others.
  ///
  /// - Parameters:
  ///   - builder: of the graph.
  ///   - given: what the nodes read.
  ///   - prefix: stands before the names of weights, where a graph has several networks.
  /// - Returns: the names of the output `[T, B, outputSize]` and of the parts of the final states.
  /// - Throws: ``InterchangeError`` for a cell that does what no operator does.
  public func append(
    to builder: inout GraphBuilder, _ given: RecurrentLayerGraph, prefix: String = ""
  ) throws -> (output: String, states: [[String]]) {
    let directions = isBidirectional ? 2 : 1
    let begins = initialState(batch: 1).cells.map { $0.tensors.map(\.detached) }
    let needsBegin = !initialStates.isEmpty
    var value = given.input
    var finals: [[String]] = []
    for layer in 0..<layerCount {
      let own = layer * directions..<(layer + 1) * directions
      let natives = own.compactMap { NativeCell(cells[$0]) }
      var outputs: [String] = []
      if natives.count == directions {
        var states = given.states.map { Array($0[own]) }
        if states == nil, needsBegin {
          states = own.map { index in
            begins[index].enumerated().map {
              builder.repeated($1, named: "\(prefix)initial_\(index)_\($0)", rowsOf: value)
            }
          }
        }
        let node = NativeNode(
          cells: natives, input: value, states: states, lengths: given.lengths,
          prefix: "\(prefix)l\(layer)_")
        let result = node.append(to: &builder, isQuantized: given.isQuantized)
        finals += result.states
        value = merged(result.output, &builder)
        continue
      }
      for index in own {
        let states =
          given.states?[index]
          ?? begins[index].enumerated().map {
            builder.repeated($1, named: "\(prefix)initial_\(index)_\($0)", rowsOf: value)
          }
        let scan = ScanNode(
          input: value, states: states, lengths: given.lengths, isReverse: index % directions == 1,
          prefix: "\(prefix)cell\(index)_")
        let result = try scan.append(
          cells[index], stateShapes: begins[index].map { Array($0.shape.dropFirst()) }, to: &builder)
        outputs.append(result.output)
        finals.append(result.states)
      }
      value = merged(outputs, &builder)
    }
    return (value, finals)
  }

  /// Outputs of the directions, `[T, B, H]` each.
  private func merged(_ outputs: [String], _ builder: inout GraphBuilder) -> String {
    guard outputs.count == 2 else { return outputs[0] }
    switch merge {
    case .concatenate: return builder.node("Concat", outputs, ["axis": .integer(2)])
    case .sum: return builder.node("Add", outputs)
    case .average:
      let half = builder.constant("half", Tensor(0.5))
      return builder.node("Mul", [builder.node("Add", outputs), half])
    }
  }

  /// The output of a node, `[T, D, B, H]`.
  private func merged(_ output: String, _ builder: inout GraphBuilder) -> String {
    guard isBidirectional else { return builder.node("Squeeze", [output, builder.integers([1])]) }
    switch merge {
    case .concatenate:
      let beside = builder.node("Transpose", [output], ["perm": .integers([0, 2, 1, 3])])
      return builder.node("Reshape", [beside, builder.integers([0, 0, -1])])
    case .sum: return builder.node("ReduceSum", [output, builder.integers([1])], ["keepdims": .integer(0)])
    case .average:
      return builder.node("ReduceMean", [output], ["axes": .integers([1]), "keepdims": .integer(0)])
    }
  }
}

extension GraphBuilder {
  /// A tensor `[1, ...]` for each row of a value `[T, B, ...]`.
  mutating func repeated(_ tensor: Tensor, named name: String, rowsOf value: String) -> String {
    let rows = extent(of: value, axis: 1)
    let inner = tensor.shape.dropFirst().map { Int64($0) }
    let shape = node("Concat", [rows, integers(inner)], ["axis": .integer(0)])
    return node("Expand", [constant(name, tensor), shape])
  }
}

extension RecurrentLayer where C == AnyCell {
  /// Appends the network as the options ask for it: of a stream the parts of the states are `h_l0_in` and `h_l0_out`.
  ///
  /// - Returns: the name of `[T, B, outputSize]`.
  /// - Throws: ``InterchangeError`` for a cell that does what no operator does, and a stream that reads backwards.
  public func append(
    to builder: inout GraphBuilder, reading value: String, lengths: String?, _ options: GraphOptions
  ) throws -> String {
    var given = RecurrentLayerGraph(input: value, lengths: lengths, isQuantized: options.isQuantized)
    guard options.isStreaming else { return try append(to: &builder, given).output }
    guard !isBidirectional else {
      throw InterchangeError.notExpressible(
        what: "a network that reads backwards too", reason: "it cannot stream; leave the states out")
    }
    let begin = initialState(batch: 1)
    var names = named(begin)[...]
    let parts = begin.cells.map { cell in
      cell.tensors.map { (name: names.removeFirst().name, extents: Array($0.shape.dropFirst())) }
    }
    given.states = parts.map { $0.map { builder.state($0.name, extents: $0.extents) } }
    let result = try append(to: &builder, given)
    for (values, parts) in zip(result.states, parts) {
      for (value, part) in zip(values, parts) { builder.keep(value, as: part.name, extents: part.extents) }
    }
    return result.output
  }
}
