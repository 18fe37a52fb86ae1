/// Noise inside a recurrent cell in training. All rates are in 0 ..< 1, zero for none.
public struct RecurrentRegularization: Sendable, Equatable, Codable {
  /// The probability that a number of h keeps its old value in a step (Krueger et al. 2016, arXiv:1606.01305). In
  /// inference the state is the expected mixture.
  public var zoneout: Float
  /// The same for the cell state of an LSTM.
  public var zoneoutCell: Float
  /// Dropout on the inputs with one mask for all steps (Gal and Ghahramani 2016, arXiv:1512.05287).
  public var inputDropout: Float
  /// Dropout on h before the recurrent product with one mask for all steps (Gal and Ghahramani 2016).
  public var recurrentDropout: Float
  /// Dropout on the recurrent weights, one mask for all steps and rows (Merity et al. 2017, arXiv:1708.02182).
  public var weightDrop: Float

  /// Rates.
  public init(
    zoneout: Float = 0, zoneoutCell: Float = 0, inputDropout: Float = 0, recurrentDropout: Float = 0,
    weightDrop: Float = 0
  ) {
    for rate in [zoneout, zoneoutCell, inputDropout, recurrentDropout, weightDrop] {
      trapUnless(
        rate >= 0 && rate < 1, "RecurrentRegularization: expected rates in 0 ..< 1, received \(rate)")
    }
    self.zoneout = zoneout
    self.zoneoutCell = zoneoutCell
    self.inputDropout = inputDropout
    self.recurrentDropout = recurrentDropout
    self.weightDrop = weightDrop
  }

  /// No noise.
  public static let none = RecurrentRegularization()
}

/// The noise of one pass over a sequence, drawn beforehand.
package struct RecurrentNoise {
  /// 1 where h keeps its old value, `[T, B, R]`; nil without zoneout.
  var keptHidden: Tensor?
  /// 1 where c keeps its old value, `[T, B, H]`; nil without zoneout.
  var keptCell: Tensor?
  /// Factors on h before the recurrent product, `[S, R]`; nil for ones.
  var recurrentMask: Tensor?

  /// No noise: what is expected.
  static let none = RecurrentNoise()

  /// The part that step `step` of an unrolled sequence sees: rows of its segments.
  func at(_ step: Int, of plan: SequencePlan) -> RecurrentNoise {
    func rows(_ tensor: Tensor?) -> Tensor? {
      tensor.map {
        plan.inputRows(of: $0.reshaped(to: [plan.stepCount * plan.batchSize, $0.shape[2]]), at: step)
      }
    }
    return RecurrentNoise(
      keptHidden: rows(keptHidden), keptCell: rows(keptCell),
      recurrentMask: recurrentMask?.sliced(axis: 0, 0..<plan.aliveSegments(at: step)))
  }
}

/// The state after a step with zoneout: drawn where `kept` is given, else expected.
func zoned(_ next: Tensor, _ old: Tensor, kept: Tensor?, rate: Float) -> Tensor {
  if let kept { return kept * old + (1 - kept) * next }
  return rate == 0 ? next : next + (old - next) * rate
}
