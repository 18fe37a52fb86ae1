/// Weights in a backend's own form.
public struct PreparedWeights: Sendable {
  package let storage: TensorStorage
  /// What they are rounded to.
  public let precision: Precision

  package init(storage: TensorStorage, precision: Precision = .float32) {
    self.storage = storage
    self.precision = precision
  }
}

/// The arguments of softmax with cross-entropy over rows of logits.
public struct CrossEntropyCall: Sendable {
  /// `[N, V]`.
  public var logits: Tensor
  /// `[N]`, each in 0 ..< V or `ignoredLabel`.
  public var labels: Indices
  /// `[V]`, or nil for ones.
  public var classWeights: Tensor?
  /// The probability spread evenly over all classes.
  public var labelSmoothing: Float
  /// Rows with this label have loss and gradient zero.
  public var ignoredLabel: Int32
}

/// The arguments of softmax with cross-entropy over a linear map: logits = hidden weight^T + bias.
public struct LinearCrossEntropyCall: Sendable {
  /// `[N, H]`.
  public var hidden: Tensor
  /// `[V, H]`.
  public var weight: Tensor
  /// `[V]`, or nil for none.
  public var bias: Tensor?
  /// `[N]`, each in 0 ..< V or `ignoredLabel`.
  public var labels: Indices
  /// `[V]`, or nil for ones.
  public var classWeights: Tensor?
  /// The probability spread evenly over all classes.
  public var labelSmoothing: Float
  /// Rows with this label have loss and gradient zero.
  public var ignoredLabel: Int32
  /// Multiplies the gradients.
  public var scale: Float
}

/// The result of softmax with cross-entropy over a linear map.
public struct LinearCrossEntropyResult: Sendable {
  /// `[N]`, in nats.
  public var losses: Tensor
  /// The gradients, where they were asked for.
  public var gradient: Gradient?

  /// Gradients of the sum of the losses times the scale.
  public struct Gradient: Sendable {
    /// `[N, H]`.
    public var hidden: Tensor
    /// `[V, H]`.
    public var weight: Tensor
    /// `[V]`, where there is a bias.
    public var bias: Tensor?
  }
}

/// The result of layer normalisation.
public struct LayerNormResult: Sendable {
  /// The shape of the input.
  public var output: Tensor
  /// The rows before scale and shift, of the shape of the input.
  public var normalized: Tensor
  /// One number a row: 1 / sqrt(variance + epsilon).
  public var inverseDeviation: Tensor
}
