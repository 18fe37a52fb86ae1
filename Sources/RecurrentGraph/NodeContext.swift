import RecurrentFormats

/// What an operator sees of the node that it computes.
struct NodeContext {
  let place: GraphError.Place
  let node: ONNXNode
  /// The version of the operator set that the node's operator belongs to.
  let opset: Int
  /// nil for optional ones that are left out.
  let inputs: [GraphValue?]
  /// Inputs that are the same in every run.
  let isConstant: [Bool]
  /// Outputs that somebody wants; the others may be left out.
  let wanted: [Bool]
  /// What the node keeps from one run to the next: weights in the form of the kernels.
  let cache: NodeCache
  /// What the run may still take.
  let budget: GraphBudget
  /// Runs a graph of an attribute on values for its inputs.
  let run: (_ attribute: String, _ inputs: [GraphValue]) throws -> [GraphValue]

  func invalid(_ reason: String) -> GraphError { .invalid(place, reason) }
  func unsupported(_ what: String) -> GraphError { .unsupported(place, what) }

  // MARK: Inputs

  /// An input that must be there.
  func input(_ index: Int) throws(GraphError) -> GraphValue {
    guard index < inputs.count, let value = inputs[index] else { throw invalid("input \(index) is missing") }
    return value
  }

  /// An input that may be left out.
  func optional(_ index: Int) -> GraphValue? { index < inputs.count ? inputs[index] : nil }

  /// An input of floats, as single precision.
  func tensor(_ index: Int) throws(GraphError) -> Tensor { try floats(input(index), index) }

  /// An optional input of floats, as single precision.
  func optionalTensor(_ index: Int) throws(GraphError) -> Tensor? {
    guard let value = optional(index) else { return nil }
    return try floats(value, index)
  }

  private func floats(_ value: GraphValue, _ index: Int) throws(GraphError) -> Tensor {
    guard value.elementType.isFloat else {
      throw invalid("input \(index) has elements of the type \(value.elementType.rawValue), expected floats")
    }
    return value.tensor
  }

  /// An input of integers.
  func integers(_ index: Int) throws(GraphError) -> [Int] {
    let value = try input(index)
    guard !value.elementType.isFloat else {
      throw invalid(
        "input \(index) has elements of the type \(value.elementType.rawValue), expected integers")
    }
    return value.integers.map(NodeContext.sensible)
  }

  /// An optional input of integers.
  func optionalIntegers(_ index: Int) throws(GraphError) -> [Int]? {
    optional(index) == nil ? nil : try integers(index)
  }

  /// Extents, places and axes beyond 31 bits are brought to the bound: sums and products of two of them do not overflow, and
  /// what is that large fits nothing.
  private static func sensible(_ value: Int64) -> Int { Int(Swift.min(Swift.max(value, -1 << 31), 1 << 31)) }

  // MARK: Attributes

  func integer(_ name: String) throws(GraphError) -> Int? {
    switch node.attributes[name] {
    case nil: return nil
    case .integer(let value)?: return NodeContext.sensible(value)
    default: throw invalid("the attribute \(name) is no integer")
    }
  }

  func integer(_ name: String, or standard: Int) throws(GraphError) -> Int { try integer(name) ?? standard }

  func flag(_ name: String, or standard: Bool = false) throws(GraphError) -> Bool {
    try integer(name).map { $0 != 0 } ?? standard
  }

  func integers(attribute name: String) throws(GraphError) -> [Int]? {
    switch node.attributes[name] {
    case nil: return nil
    case .integers(let values)?: return values.map(NodeContext.sensible)
    default: throw invalid("the attribute \(name) is no list of integers")
    }
  }

  func float(_ name: String) throws(GraphError) -> Float? {
    switch node.attributes[name] {
    case nil: return nil
    case .float(let value)?: return value
    default: throw invalid("the attribute \(name) is no float")
    }
  }

  func float(_ name: String, or standard: Float) throws(GraphError) -> Float { try float(name) ?? standard }

  func floats(attribute name: String) throws(GraphError) -> [Float]? {
    switch node.attributes[name] {
    case nil: return nil
    case .floats(let values)?: return values
    default: throw invalid("the attribute \(name) is no list of floats")
    }
  }

  func text(_ name: String) throws(GraphError) -> String? {
    switch node.attributes[name] {
    case nil: return nil
    case .text(let bytes)?: return String(decoding: bytes, as: UTF8.self)
    default: throw invalid("the attribute \(name) is no text")
    }
  }

  func texts(_ name: String) throws(GraphError) -> [String]? {
    switch node.attributes[name] {
    case nil: return nil
    case .texts(let values)?: return values.map { String(decoding: $0, as: UTF8.self) }
    default: throw invalid("the attribute \(name) is no list of texts")
    }
  }

  func graph(_ name: String) throws(GraphError) -> ONNXGraph {
    guard case .graph(let graph)? = node.attributes[name] else {
      throw invalid("the attribute \(name) is missing, or no graph")
    }
    return graph
  }

  // MARK: Axes

  /// An axis of an array with `rank` axes, which may be counted from the end.
  func axis(_ axis: Int, rank: Int) throws(GraphError) -> Int {
    let counted = axis < 0 ? axis + rank : axis
    guard (0..<Swift.max(rank, 1)).contains(counted) else {
      throw invalid("axis \(axis) does not exist in an array of \(rank) axes")
    }
    return counted
  }

  /// Axes, each once.
  func axes(_ list: [Int], rank: Int) throws(GraphError) -> [Int] {
    var axes: [Int] = []
    for item in list {
      let axis = try axis(item, rank: rank)
      guard !axes.contains(axis) else { throw invalid("axis \(item) is named twice") }
      axes.append(axis)
    }
    return axes
  }

  /// The product of the extents of an array that a node makes, refused where the graph may have none so large. Extents
  /// beside one of 0 count too: places are counted along them.
  func checkedCount(_ shape: [Int]) throws(GraphError) -> Int {
    var product = 1
    for extent in shape where extent != 0 {
      guard extent > 0 else { throw invalid("the shape \(shape) has a negative extent") }
      let (next, overflows) = product.multipliedReportingOverflow(by: extent)
      guard !overflows, next <= budget.mostElements else {
        throw invalid("an array of shape \(shape) is too large for this graph; \(ExpansionLimit.remedy)")
      }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }
}
