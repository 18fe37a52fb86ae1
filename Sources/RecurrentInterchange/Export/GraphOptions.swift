/// How a model becomes a graph.
public struct GraphOptions: Sendable {
  /// Whether states are inputs and outputs of the graph.
  public var isStreaming = false
  /// Whether the lengths of the rows are an input.
  public var takesLengths = false
  /// Whether LSTMs get weights of bytes (com.microsoft.DynamicQuantizeLSTM).
  public var isQuantized = false

  /// The defaults: whole sequences of one length, in single precision.
  public init(isStreaming: Bool = false, takesLengths: Bool = false, isQuantized: Bool = false) {
    self.isStreaming = isStreaming
    self.takesLengths = takesLengths
    self.isQuantized = isQuantized
  }
}
