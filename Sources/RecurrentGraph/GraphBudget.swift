import RecurrentFormats
import Synchronization

/// What one run of a graph may take: the size of a single value, the bytes that are held at the same time, and work.
///
/// All are relative to what the run is given, with a floor for small graphs; the environment variable that
/// ``ExpansionLimit`` names multiplies them. A loop that never ends, or that makes its values larger in every round,
/// ends here, and so does a chain of operators that does the same without a loop.
final class GraphBudget: Sendable {
  /// Elements that a value of a small graph may have, and for each element of its inputs and constants.
  private static let (leastElements, elementsPerElement) = (1 << 24, 256)
  /// Bytes of all values together for each element of the largest.
  private static let bytesPerElement = 16
  /// Units of work of a small graph, and for each element of its inputs.
  private static let (leastWork, workPerElement) = (1 << 32, 1 << 19)
  /// Units of work of a node beside those of its elements.
  private static let workPerNode = 1 << 13

  /// The most elements of a value.
  let mostElements: Int
  private let mostBytes, mostWork: Int
  private let held = Atomic<Int>(0)
  private let spent = Atomic<Int>(0)

  /// The budget of a run with so many elements in its inputs and its constants.
  init(inputs: Int, constants: Int) {
    func product(_ count: Int, _ factor: Int) -> Int {
      let (product, overflows) = count.multipliedReportingOverflow(by: factor)
      return overflows ? .max : product
    }
    let elements = Swift.max(
      GraphBudget.leastElements, product(inputs &+ constants, GraphBudget.elementsPerElement))
    mostElements = ExpansionLimit.scaled(elements)
    mostBytes = ExpansionLimit.scaled(product(elements, GraphBudget.bytesPerElement))
    mostWork = ExpansionLimit.scaled(
      Swift.max(GraphBudget.leastWork, product(inputs, GraphBudget.workPerElement)))
  }

  /// Counts values that begin to be held.
  ///
  /// - Returns: their bytes, for ``release(_:)``.
  /// - Throws: ``GraphError`` where all values together take too much.
  func hold(_ values: some Sequence<GraphValue>, at place: GraphError.Place) throws(GraphError) -> Int {
    let bytes = values.reduce(0) { $0 + $1.heldBytes }
    let sum = held.add(bytes, ordering: .relaxed).newValue
    guard sum <= mostBytes else {
      held.subtract(bytes, ordering: .relaxed)
      throw .invalid(
        place, "the values of the graph take more than \(mostBytes) bytes; \(ExpansionLimit.remedy)")
    }
    return bytes
  }

  /// Counts values that are no longer held.
  func release(_ bytes: Int) { held.subtract(bytes, ordering: .relaxed) }

  /// Counts the work of a node.
  ///
  /// - Throws: ``GraphError`` where all nodes that ran so far are too much.
  func spend(_ units: Int, at place: GraphError.Place) throws(GraphError) {
    let sum = spent.add(Swift.min(units, 1 << 50) + GraphBudget.workPerNode, ordering: .relaxed).newValue
    guard sum <= mostWork else {
      throw .invalid(
        place, "the graph does not end within \(mostWork) units of work; \(ExpansionLimit.remedy)")
    }
  }

  /// The work of a node beside that of its results: products of all pairs, eight of which take the time of one element.
  static func products(of node: ONNXNode, _ inputs: [GraphValue?]) -> Int {
    let weighted: Set = [
      "MatMul", "MatMulInteger", "Gemm", "Conv", "ConvTranspose", "RNN", "GRU", "LSTM", "DynamicQuantizeLSTM",
    ]
    guard weighted.contains(node.operatorType), let first = inputs.first ?? nil else { return 0 }
    let others = inputs.dropFirst().prefix(2).reduce(0) { $0 + ($1?.count ?? 0) }
    let isConvolution = node.operatorType.hasPrefix("Conv")
    let inner = isConvolution ? first.shape.dropFirst().first : first.shape.last
    let (product, overflows) = first.count.multipliedReportingOverflow(by: others)
    return overflows ? .max : product / Swift.max(inner ?? 1, 1) / 8
  }
}

extension GraphValue {
  /// The bytes of the elements as they are held.
  fileprivate var heldBytes: Int {
    switch storage {
    case .floats: count * 4
    case .doubles, .integers: count * 8
    }
  }
}
