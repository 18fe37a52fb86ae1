/// A table of vectors, one for each of V symbols.
public struct Embedding: Module {
  /// `[V, E]`.
  public var weight: Tensor

  /// PyTorch's initialisation: standard normal, or another one.
  public init(
    vocabularySize: Int, size: Int, initializer: Initializer = .normal(deviation: 1), key: RandomKey
  ) {
    weight = initializer.matrix(rows: vocabularySize, columns: size, key: key)
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) { visitor.visit("weight", &weight) }

  /// - Parameter ids: symbols in 0 ..< V, of any shape.
  /// - Returns: their vectors: the shape of `ids` and E behind it.
  public func callAsFunction(_ ids: Indices) -> Tensor { gather(weight, rows: ids) }
}
