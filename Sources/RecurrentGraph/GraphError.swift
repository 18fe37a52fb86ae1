import RecurrentFormats

/// Why a graph cannot be run.
public enum GraphError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The place of a node: its name, or its number where it has none, and its operator.
  public struct Place: Equatable, Sendable, CustomStringConvertible {
    /// The file.
    public var path: String
    /// The name or number of the node.
    public var node: String
    /// The operator, with its domain where it is not ONNX's own.
    public var operatorType: String
    /// The version of the operator set.
    public var opset: Int64

    /// `model.onnx: node "lstm" (LSTM, opset 17)`.
    public var description: String { "\(path): node \(node) (\(operatorType), opset \(opset))" }
  }

  /// There is no such operator, or not in this version.
  case unsupportedOperator(Place)
  /// The operator is known, but not with this.
  case unsupported(Place, String)
  /// What the node is given does not fit it.
  case invalid(Place, String)
  /// The graph as a whole cannot be.
  case malformed(path: String, String)
  /// An input of the graph is missing, unknown or of another type or shape.
  case input(path: String, name: String, String)

  /// What is wrong and where.
  public var description: String { text.onOneLine }

  private var text: String {
    switch self {
    case .unsupportedOperator(let place):
      "\(place) is not supported; Documentation/onnx.md lists the operators that are"
    case .unsupported(let place, let what): "\(place): \(what) is not supported"
    case .invalid(let place, let reason): "\(place): \(reason)"
    case .malformed(let path, let reason): "\(path): \(reason)"
    case .input(let path, let name, let reason): "\(path): input \"\(name)\": \(reason)"
    }
  }
}
