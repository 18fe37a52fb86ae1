#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The independently recurrent network (Li et al. 2018, arXiv:1803.04831): each unit sees its own past alone.
///
///     h' = f(W x + b + u * h),   f = max(0, .) or tanh
///
/// The product is one for all steps; what is left is a recurrence for each unit, taken in order, so that streaming,
/// pieces and the whole sequence give the same bits. Gradients neither vanish nor explode over T steps while |u| stays
/// near or below 2^(1/T), ``bound(memoryLength:)``.
///
/// Parameters: `weight_ih [H, I]`, `bias_ih [H]`, `weight_hh [H]`, which is u. The state is h, `[B, H]`.
public struct IndRNN: ScanCell {
  /// One value a unit.
  public typealias State = Tensor
  /// The function that is applied to the sums.
  public enum Activation: String, Sendable, Codable, CaseIterable {
    /// max(x, 0).
    case relu
    /// The hyperbolic tangent.
    case tanh
  }

  package var projection: InputProjection
  /// u, `[H]`.
  public var weightHiddenHidden: Tensor
  /// The function that is applied to the sums.
  public let activation: Activation

  /// A cell of `hiddenSize` units over `inputSize` inputs.
  ///
  /// - Parameters:
  ///   - inputSize: I.
  ///   - hiddenSize: H.
  ///   - activation: f.
  ///   - hasBias: whether there is b.
  ///   - memoryLength: T; u is drawn uniformly from 0 ... 2^(1/T), as the paper advises.
  ///   - initializer: for W; nil for uniform in ± 1 / sqrt(I).
  ///   - key: of the random numbers.
  public init(
    inputSize: Int, hiddenSize: Int, activation: Activation = .relu, hasBias: Bool = true,
    memoryLength: Int = 128, initializer: Initializer? = nil, key: RandomKey
  ) {
    projection = InputProjection(
      gates: 1, inputSize: inputSize, hiddenSize: hiddenSize, hasBias: hasBias, initializer: initializer,
      key: key)
    weightHiddenHidden = Tensor(
      uniformIn: 0...IndRNN.bound(memoryLength: memoryLength), shape: [hiddenSize], key: key.child(2))
    self.activation = activation
  }

  /// 2^(1/T): the largest recurrent weight whose T-th power is at most 2.
  public static func bound(memoryLength: Int) -> Float {
    trapUnless(memoryLength > 0, "IndRNN: expected a memory of at least one step, received \(memoryLength)")
    return Float(exp2(1 / Double(memoryLength)))
  }

  /// The width of the output.
  public var outputSize: Int { projection.outputSize }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    projection.walk(&visitor)
    visitor.visit("weight_hh", &weightHiddenHidden)
  }

  /// Whether the output is the state: yes.
  public var outputsState: Bool { true }

  package var scanKind: ScanKind { activation == .tanh ? .indRNNTanh : .indRNNReLU }
  package var scanParameters: [Tensor] { [weightHiddenHidden] }

  package func composedStep(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> (output: Tensor, states: [Tensor]) {
    let sums = preactivations[0] + weightHiddenHidden * states[0]
    let next = activation == .tanh ? tanh(sums) : relu(sums)
    return (next, [next])
  }
}
