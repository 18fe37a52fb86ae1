#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The simple recurrent unit (Lei et al. 2018, arXiv:1709.02755), with skip connection and scaling correction.
///
///     f = sigmoid(W_f x + v_f * c + b_f)
///     r = sigmoid(W_r x + v_r * c + b_r)
///     c' = f * c + (1 - f) * (W x)
///     h  = r * c' + (1 - r) * s,   s = alpha x where I = H, else W_s x
///
/// with alpha = sqrt(1 + 2 e^b), b the initial bias of r, the gate of the skip connection, so that layers on layers keep
/// the variance of their input.
///
/// The products are one for all steps; what is left is a recurrence for each unit, taken in order, so that streaming,
/// pieces and the whole sequence give the same bits.
///
/// Parameters: `weight_ih [3H, I]`, blocks W W_f W_r, or `[4H, I]` with W_s behind where I and H differ;
/// `weight_hh [2H]`, v_f v_r; `bias_hh [2H]`, b_f b_r. The state is c, `[B, H]`.
public struct SRU: ScanCell {
  /// One value a unit.
  public typealias State = Tensor
  package var projection: InputProjection
  /// v_f and v_r, `[2H]`.
  public var weightHiddenHidden: Tensor
  /// b_f and b_r, `[2H]`.
  public var bias: Tensor
  /// alpha where I = H; 1 where W_s holds it.
  public let scale: Float

  /// A cell of `hiddenSize` units over `inputSize` inputs, drawn as the paper derives: W with variance 1 / I, the
  /// weights of the gates with half of it, v with variance 1/2, biases zero but for the skip connection.
  ///
  /// - Parameters:
  ///   - inputSize: I.
  ///   - hiddenSize: H.
  ///   - skipBias: the initial b_r; negative (the paper uses down to -3) for many layers.
  ///   - key: of the random numbers.
  public init(inputSize: Int, hiddenSize: Int, skipBias: Float = 0, key: RandomKey) {
    let isSquare = inputSize == hiddenSize
    let bound = (3 / Float(inputSize)).squareRoot()
    let alpha = (1 + 2 * Float(exp(Double(skipBias)))).squareRoot()
    let bounds = [bound, bound * Float(0.5).squareRoot(), bound * Float(0.5).squareRoot(), bound * alpha]
    let blocks = bounds.prefix(isSquare ? 3 : 4).enumerated().map { index, bound in
      Initializer.uniform(bound: bound).gates(
        1, hiddenSize: hiddenSize, inputSize: inputSize, key: key.child(0).child(index))
    }
    projection = InputProjection(weight: concatenate(blocks), bias: nil)
    let side = Float(1.5).squareRoot()
    weightHiddenHidden = Tensor(
      uniformIn: -side...side, shape: [clampedProduct(2, hiddenSize)], key: key.child(1))
    bias = concatenate([Tensor(zeros: [hiddenSize]), Tensor(filled: skipBias, shape: [hiddenSize])])
    scale = isSquare ? alpha : 1
  }

  /// The width of the output.
  public var outputSize: Int { weightHiddenHidden.shape[0] / 2 }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    projection.walk(&visitor)
    visitor.visit("weight_hh", &weightHiddenHidden)
    visitor.visit("bias_hh", &bias)
  }

  private var hasProjectedResidual: Bool { projection.outputSize == 4 * outputSize }

  package var scanKind: ScanKind { .sru(scale: scale) }
  package var scanParameters: [Tensor] { [weightHiddenHidden] }

  package func preactivations(_ x: Tensor, _ state: Tensor, _ plan: SequencePlan) -> [Tensor] {
    let rows = plan.realRows(of: x)
    let none = bias.backend.filled(0, shape: [outputSize])
    let sums = projection(
      rows, bias: concatenate(hasProjectedResidual ? [none, bias, none] : [none, bias]))
    return hasProjectedResidual ? [sums] : [sums, rows]
  }

  private func parts(_ sums: Tensor, _ c: Tensor) -> (f: Tensor, r: Tensor) {
    let width = outputSize
    let (v_f, v_r) = (
      weightHiddenHidden.sliced(axis: 0, 0..<width), weightHiddenHidden.sliced(axis: 0, width..<2 * width)
    )
    return (
      sigmoid(sums.block(1, width: width) + v_f * c), sigmoid(sums.block(2, width: width) + v_r * c)
    )
  }

  package var shownState: Int? { 0 }

  package func gates(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> [(name: String, values: Tensor)] {
    let (f, r) = parts(preactivations[0], states[0])
    return [("forget", f), ("reset", r)]
  }

  package func composedStep(
    _ preactivations: [Tensor], _ states: [Tensor]
  ) -> (output: Tensor, states: [Tensor]) {
    let (sums, width, c) = (preactivations[0], outputSize, states[0])
    let (f, r) = parts(sums, c)
    let next = f * c + (1 - f) * sums.block(0, width: width)
    let past = hasProjectedResidual ? sums.block(3, width: width) : preactivations[1]
    return (r * next + (1 - r) * (past * scale), [next])
  }
}
