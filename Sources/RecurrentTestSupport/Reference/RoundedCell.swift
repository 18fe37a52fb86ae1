#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One step of a fused cell in Double, with the operands of its products rounded as a ``Precision`` says: what the
/// kernels compute but for the rounding of float32 sums.
public struct RoundedCell: Sendable {
  /// Which cell.
  public let kind: RecurrentKind
  /// What operands are rounded to.
  public let precision: Precision
  private let inputHidden, hiddenHidden: [[Double]]
  private let inputBias, hiddenBias: [Double]

  /// The cell with these parameters.
  public init(_ kind: RecurrentKind, _ weights: RecurrentWeights, _ precision: Precision) {
    self.kind = kind
    self.precision = precision
    inputHidden = RoundedCell.rows(weights.inputHidden).map { RoundedCell.rounded($0, precision) }
    hiddenHidden = RoundedCell.rows(weights.hiddenHidden).map { RoundedCell.rounded($0, precision) }
    let none = [Double](repeating: 0, count: weights.inputHidden.shape[0])
    inputBias = weights.inputBias?.doubles ?? none
    hiddenBias = weights.hiddenBias?.doubles ?? none
  }

  /// The next state of one row.
  ///
  /// - Parameters:
  ///   - x: the input, `[I]`.
  ///   - h: the state, `[H]`.
  ///   - c: the cell state of an LSTM, `[H]`.
  public func step(_ x: [Float], _ h: [Float], c: [Float] = []) -> (hidden: [Double], cell: [Double]) {
    let units = h.count
    let input = products(inputHidden, x, inputBias, gates: 0..<kind.gateCount)
    func recurrent(_ state: [Float], _ gates: Range<Int>) -> [Double] {
      products(hiddenHidden, state, hiddenBias, gates: gates)
    }
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let state = h.map { Double($0) }
    switch kind {
    case .elman: fatalError("RoundedCell: a cell with an activation of its own computes in float32")
    case .elmanTanh: return (zip(input, recurrent(h, 0..<1)).map { tanh($0 + $1) }, [])
    case .elmanReLU: return (zip(input, recurrent(h, 0..<1)).map { max(0, $0 + $1) }, [])
    case .lstm:
      let sums = zip(input, recurrent(h, 0..<4)).map { $0 + $1 }
      let cell = (0..<units).map {
        sigmoid(sums[units + $0]) * Double(c[$0]) + sigmoid(sums[$0]) * tanh(sums[2 * units + $0])
      }
      return ((0..<units).map { sigmoid(sums[3 * units + $0]) * tanh(cell[$0]) }, cell)
    case .gru, .gruResetBefore:
      let sums = recurrent(h, 0..<2)
      let r = (0..<units).map { sigmoid(input[$0] + sums[$0]) }
      let z = (0..<units).map { sigmoid(input[units + $0] + sums[units + $0]) }
      let isBefore = kind == .gruResetBefore
      let last = recurrent(isBefore ? (0..<units).map { Float(r[$0] * state[$0]) } : h, 2..<3)
      return (
        (0..<units).map {
          let n = tanh(input[2 * units + $0] + (isBefore ? last[$0] : r[$0] * last[$0]))
          return (1 - z[$0]) * n + z[$0] * state[$0]
        }, []
      )
    }
  }

  /// Sums of some gates for one operand.
  private func products(
    _ weights: [[Double]], _ operand: [Float], _ bias: [Double], gates: Range<Int>
  ) -> [Double] {
    let units = weights.count / kind.gateCount
    let operand = RoundedCell.rounded(operand, precision)
    return (gates.lowerBound * units..<gates.upperBound * units).map { row in
      zip(weights[row], operand).reduce(bias[row]) { $0 + $1.0 * $1.1 }
    }
  }

  private static func rows(_ matrix: Tensor) -> [[Float]] {
    let (width, scalars) = (matrix.shape[1], matrix.scalars)
    return (0..<matrix.shape[0]).map { Array(scalars[$0 * width..<($0 + 1) * width]) }
  }

  /// A row of operands as the precision has it.
  public static func rounded(_ row: [Float], _ precision: Precision) -> [Double] {
    switch precision {
    case .float32: return row.map { Double($0) }
    case .bfloat16: return row.map { Double(bfloat16($0)) }
    case .int8:
      let largest = row.reduce(0) { max($0, abs($1)) }
      guard largest >= 1e-30 else { return row.map { _ in 0 } }
      // the quotient is a float: it decides which way a number between two steps goes
      let inverse = Double(127 / largest)
      return row.map { (Double($0) * inverse).rounded(.toNearestOrEven) * Double(largest / 127) }
    }
  }

  /// The nearest number with eight significant bits, ties to even; below the normal range zero.
  public static func bfloat16(_ x: Float) -> Float {
    guard x.isFinite, x.magnitude >= .leastNormalMagnitude else { return x.isFinite ? 0 : x }
    let step = Double(x.ulp) * 65_536
    return Float((Double(x) / step).rounded(.toNearestOrEven) * step)
  }
}
