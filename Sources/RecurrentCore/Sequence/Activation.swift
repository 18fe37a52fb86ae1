/// A function from one number to one number that a cell applies to its sums: those of the ONNX recurrent operators, with
/// their parameters.
public struct Activation: Sendable, Equatable, Codable {
  /// The form of the function.
  public enum Form: String, Sendable, Codable, CaseIterable {
    /// The hyperbolic tangent.
    case tanh
    /// max(0, x).
    case relu
    /// 1 / (1 + exp(-x)).
    case sigmoid
    /// alpha x + beta.
    case affine
    /// x, below zero alpha x.
    case leakyReLU = "leaky-relu"
    /// x above alpha, else 0.
    case thresholdedReLU = "thresholded-relu"
    /// alpha tanh(beta x).
    case scaledTanh = "scaled-tanh"
    /// alpha x + beta, kept in 0 ... 1.
    case hardSigmoid = "hard-sigmoid"
    /// x, below zero alpha (exp(x) - 1).
    case elu
    /// x / (1 + |x|).
    case softsign
    /// log(1 + exp(x)).
    case softplus

    /// ONNX' defaults of alpha and beta; 0 where the function has none.
    public var defaults: (alpha: Float, beta: Float) {
      switch self {
      case .tanh, .relu, .sigmoid, .softsign, .softplus: (0, 0)
      case .affine, .scaledTanh: (1, self == .affine ? 0 : 1)
      case .leakyReLU: (0.01, 0)
      case .thresholdedReLU, .elu: (1, 0)
      case .hardSigmoid: (0.2, 0.5)
      }
    }
  }

  /// The form of the function.
  public var form: Form
  /// Its first parameter, where it has one.
  public var alpha: Float
  /// Its second parameter, where it has one.
  public var beta: Float

  /// A function; parameters that are not given have ONNX' defaults.
  public init(_ form: Form, alpha: Float? = nil, beta: Float? = nil) {
    self.form = form
    self.alpha = alpha ?? form.defaults.alpha
    self.beta = beta ?? form.defaults.beta
  }

  /// The hyperbolic tangent.
  public static let tanh = Activation(.tanh)
  /// max(0, x).
  public static let relu = Activation(.relu)

  /// The function of every element.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch form {
    case .tanh: return RecurrentCore.tanh(x)
    case .relu: return RecurrentCore.relu(x)
    case .sigmoid: return RecurrentCore.sigmoid(x)
    case .affine: return x * alpha + beta
    case .leakyReLU: return RecurrentCore.relu(x) - RecurrentCore.relu(0 - x) * alpha
    case .thresholdedReLU:
      // which side x is on does not vary with x: a factor off the tape
      let value = x.detached
      return x * value.combined(.greater, value.constant(alpha))
    case .scaledTanh: return RecurrentCore.tanh(x * beta) * alpha
    case .hardSigmoid:
      let line = x * alpha + beta
      return maximum(minimum(line, line.constant(1)), line.constant(0))
    case .elu:
      return RecurrentCore.relu(x) + (RecurrentCore.exp(minimum(x, x.constant(0))) - 1) * alpha
    case .softsign: return x / (1 + RecurrentCore.abs(x))
    case .softplus: return RecurrentCore.softplus(x)
    }
  }
}
