/// A graph with its names resolved to places in a list of values.
///
/// Places: first the values that are taken from the graph around it, then its inputs, its constants, and what its nodes
/// compute.
final class CompiledGraph: Sendable {
  /// The names of the inputs.
  let inputNames: [String]
  /// The names of inputs and constants.
  let names: Set<String>
  /// What is taken from the graph around, by name.
  let captured: [String]
  private let places: [String: Int]
  private let constants: [(place: Int, value: GraphValue)]
  private let steps: [Step]
  private let outputs: [Int]
  private let path: String
  private let count: Int
  /// The elements of the constants here and in the graphs of nodes.
  let constantCount: Int

  private struct Step: Sendable {
    let place: GraphError.Place
    let node: ONNXNode
    let opset: Int
    let operation: GraphOperator
    let inputs: [Int?]
    let outputs: [Int?]
    let isConstant: [Bool]
    let wanted: [Bool]
    let graphs: [String: CompiledGraph]
    /// For each graph the places of what it takes from here.
    let captures: [String: [Int]]
    /// Values that nobody needs behind this step.
    let finished: [Int]
    let cache = NodeCache()
  }

  /// Compiles `graph`, which may use the values `outer` of the graphs around it.
  init(_ graph: ONNXGraph, opsets: [String: Int64], path: String, outer: Set<String>) throws {
    self.path = path
    var names = NameTable(outer: outer, path: path)
    inputNames = graph.inputs.map(\.name)
    for input in graph.inputs { try names.define(input.name) }
    var constants: [(place: Int, value: GraphValue)] = []
    for tensor in graph.initializers {
      let place = try names.places[tensor.name] ?? names.define(tensor.name)
      constants.append((place, try GraphValue(tensor.array)))
    }
    self.names = Set(names.places.keys)
    var drafts: [Draft] = []
    for (index, node) in graph.nodes.enumerated() {
      drafts.append(try Draft(node, index: index, opsets: opsets, path: path, names: &names))
    }
    var outputs: [Int] = []
    for output in graph.outputs {
      guard let place = names.find(output.name) else {
        throw GraphError.malformed(path: path, "the output \"\(output.name)\" is computed by no node")
      }
      outputs.append(place)
    }
    captured = names.captured
    places = names.places
    count = names.count
    self.constants = constants
    self.outputs = outputs
    // an input with a constant of its name may be given another value
    let given = Set(graph.inputs.compactMap { names.places[$0.name] })
    constantCount =
      constants.reduce(0) { $0 + $1.value.count }
      + drafts.reduce(0) { $0 + $1.graphs.values.reduce(0) { $0 + $1.constantCount } }
    steps = CompiledGraph.steps(
      drafts, fixed: Set(constants.map(\.place)).subtracting(given),
      kept: Set(outputs + constants.map(\.place)))
  }

  /// A node whose inputs are found; when its values are no longer needed is still open.
  private struct Draft {
    let place: GraphError.Place
    let node: ONNXNode
    let opset: Int
    let operation: GraphOperator
    var inputs: [Int?] = []
    var outputs: [Int?] = []
    var graphs: [String: CompiledGraph] = [:]
    var captures: [String: [Int]] = [:]

    init(
      _ node: ONNXNode, index: Int, opsets: [String: Int64], path: String, names: inout NameTable
    ) throws {
      let opset = opsets[node.domain] ?? 0
      place = GraphError.Place(
        path: path, node: node.name.isEmpty ? "\(index)" : "\"\(node.name)\"",
        operatorType: (node.domain.isEmpty ? "" : node.domain + ".") + node.operatorType, opset: opset)
      guard let operation = OperatorCatalog.find(node.operatorType, domain: node.domain, opset: Int(opset))
      else {
        throw GraphError.unsupportedOperator(place)
      }
      for name in node.attributes.keys.sorted() where !operation.attributes.contains(name) {
        throw GraphError.unsupported(place, "the attribute \(name)")
      }
      self.node = node
      self.opset = Int(opset)
      self.operation = operation
      for name in node.inputs {
        if name.isEmpty {
          inputs.append(nil)
        } else if let found = names.find(name) {
          inputs.append(found)
        } else {
          throw GraphError.invalid(place, "the input \"\(name)\" is computed by no node before it")
        }
      }
      for (name, attribute) in node.attributes {
        guard case .graph(let graph) = attribute else { continue }
        let inner = try CompiledGraph(graph, opsets: opsets, path: path, outer: names.visible)
        graphs[name] = inner
        captures[name] = inner.captured.compactMap { names.find($0) }
      }
      for name in node.outputs { outputs.append(name.isEmpty ? nil : try names.define(name)) }
    }
  }

  private static func steps(_ drafts: [Draft], fixed: Set<Int>, kept: Set<Int>) -> [Step] {
    var fixed = fixed
    for draft in drafts where draft.operation.name == "Constant" {
      fixed.formUnion(draft.outputs.compactMap { $0 })
    }
    var lastUse: [Int: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      for place in draft.inputs.compactMap({ $0 }) + draft.captures.values.flatMap({ $0 }) {
        lastUse[place] = index
      }
    }
    return drafts.enumerated().map { index, draft in
      let touched = Set(
        draft.inputs.compactMap { $0 } + draft.captures.values.flatMap { $0 }
          + draft.outputs.compactMap { $0 })
      let finished = touched.filter { place in !kept.contains(place) && (lastUse[place] ?? index) <= index }
      let wanted = draft.outputs.map { place in place.map { lastUse[$0] != nil || kept.contains($0) } ?? false
      }
      return Step(
        place: draft.place, node: draft.node, opset: draft.opset, operation: draft.operation,
        inputs: draft.inputs,
        outputs: draft.outputs, isConstant: draft.inputs.map { $0.map(fixed.contains) ?? true },
        wanted: wanted, graphs: draft.graphs, captures: draft.captures,
        finished: finished.sorted())
    }
  }

  /// Runs the graph on values by name.
  func run(named given: [String: GraphValue]) throws -> [GraphValue] {
    var values = initialValues()
    for (name, value) in given { if let place = places[name] { values[place] = value } }
    let budget = GraphBudget(inputs: given.values.reduce(0) { $0 + $1.count }, constants: constantCount)
    return try run(&values, budget)
  }

  /// Runs the graph as a part of another: on what it takes from there and on its inputs in their order.
  private func run(
    captured: [GraphValue?], inputs: [GraphValue], _ budget: GraphBudget
  ) throws -> [GraphValue] {
    var values = initialValues()
    for (name, value) in zip(self.captured, captured) {
      if let place = places[name] { values[place] = value }
    }
    for (name, value) in zip(inputNames, inputs) { if let place = places[name] { values[place] = value } }
    return try run(&values, budget)
  }

  private func initialValues() -> [GraphValue?] {
    var values = [GraphValue?](repeating: nil, count: count)
    for (place, value) in constants { values[place] = value }
    return values
  }

  private func run(_ values: inout [GraphValue?], _ budget: GraphBudget) throws -> [GraphValue] {
    // bytes that count as held by this run, by the place of their value
    var held: [Int: Int] = [:]
    defer { budget.release(held.values.reduce(0, +)) }
    for step in steps {
      let inputs = step.inputs.map { $0.flatMap { values[$0] } }
      for (index, place) in step.inputs.enumerated() where place != nil && inputs[index] == nil {
        throw GraphError.invalid(step.place, "input \(index) has no value")
      }
      let captures = step.captures.mapValues { $0.map { values[$0] } }
      let context = NodeContext(
        place: step.place, node: step.node, opset: step.opset, inputs: inputs,
        isConstant: step.isConstant, wanted: step.wanted, cache: step.cache, budget: budget
      ) { attribute, inputs in
        guard let graph = step.graphs[attribute], let own = captures[attribute] else {
          throw GraphError.invalid(step.place, "the graph \(attribute) is missing")
        }
        return try graph.run(captured: own, inputs: inputs, budget)
      }
      try budget.spend(GraphBudget.products(of: step.node, inputs), at: step.place)
      let results = try step.operation.compute(context)
      try budget.spend(results.reduce(0) { $0 + ($1?.count ?? 0) }, at: step.place)
      for (index, place) in step.outputs.enumerated() {
        guard let place else { continue }
        guard index < results.count, let value = results[index] else {
          if step.wanted[index] { throw GraphError.unsupported(step.place, "output \(index)") }
          continue
        }
        held[place] = try budget.hold([value], at: step.place)
        values[place] = value
      }
      for place in step.finished {
        values[place] = nil
        if let bytes = held.removeValue(forKey: place) { budget.release(bytes) }
      }
    }
    return try outputs.map { place in
      guard let value = values[place] else {
        throw GraphError.malformed(
          path: steps.last?.place.path ?? path, "an output of the graph has no value")
      }
      return value
    }
  }
}

/// Where the value of each name stands.
private struct NameTable {
  let outer: Set<String>
  let path: String
  private(set) var places: [String: Int] = [:]
  private(set) var captured: [String] = []
  private(set) var count = 0

  init(outer: Set<String>, path: String) {
    self.outer = outer
    self.path = path
  }

  /// The names that a graph inside may use.
  var visible: Set<String> { outer.union(places.keys) }

  @discardableResult
  mutating func define(_ name: String) throws(GraphError) -> Int {
    guard places[name] == nil else {
      throw .malformed(
        path: path, "the value \"\(name)\" is computed twice; the graph is no graph, or has a cycle")
    }
    places[name] = count
    count += 1
    return count - 1
  }

  mutating func find(_ name: String) -> Int? {
    if let place = places[name] { return place }
    guard outer.contains(name) else { return nil }
    captured.append(name)
    places[name] = count
    count += 1
    return count - 1
  }
}
