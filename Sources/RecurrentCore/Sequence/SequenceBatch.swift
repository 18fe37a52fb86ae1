/// Sequences side by side, time-major: the only layout.
///
/// Rows may have different lengths in any order, zero among them, and may be reset in the middle, where another
/// document, session or episode begins. Nothing is sorted or packed by the caller.
///
///     let batch = SequenceBatch(values, lengths: [5, 0, 7])     // values: [7, 3, F]
public struct SequenceBatch: Sendable {
  /// `[T, B, F]`. What stands beyond a row's length is not read.
  public var values: Tensor
  /// `[B]`: how many steps of each row are real, from the first; nil when all are.
  public var lengths: [Int]?
  /// `[T * B]`: `resets[t * B + b]` says that row b starts afresh before step t; nil for never.
  public var resets: [Bool]?
  /// Whether this is a part of longer sequences, which cannot be read backwards.
  package private(set) var isPart = false

  /// A batch. Traps when the lengths or marks do not fit the values.
  public init(_ values: Tensor, lengths: [Int]? = nil, resets: [Bool]? = nil) {
    trapUnless(values.rank == 3, "SequenceBatch: expected values [T, B, F], received shape \(values.shape)")
    trapUnless(
      lengths == nil || lengths?.count == values.shape[1],
      "SequenceBatch: expected \(values.shape[1]) lengths, received \(lengths?.count ?? 0)")
    trapUnless(
      resets == nil || resets?.count == values.shape[0] * values.shape[1],
      "SequenceBatch: expected \(values.shape[0] * values.shape[1]) reset marks, received \(resets?.count ?? 0)"
    )
    self.values = values
    self.lengths = lengths
    self.resets = resets
  }

  /// T.
  public var stepCount: Int { values.shape[0] }
  /// B.
  public var batchSize: Int { values.shape[1] }
  /// F.
  public var featureCount: Int { values.shape[2] }

  /// The same lengths and resets over other values.
  public func replacing(_ values: Tensor) -> SequenceBatch {
    var copy = SequenceBatch(values, lengths: lengths, resets: resets)
    copy.isPart = isPart
    return copy
  }

  /// The part of all rows from one step to another.
  ///
  /// Read one after the other with the state carried from part to part, the parts give what the whole gives. A row that
  /// ends before the part has length zero in it: its state passes through.
  public func part(_ steps: Range<Int>) -> SequenceBatch {
    trapUnless(
      steps.lowerBound >= 0 && steps.upperBound <= stepCount,
      "SequenceBatch.part: steps \(steps) are outside 0 ..< \(stepCount)")
    var part = SequenceBatch(
      values.sliced(axis: 0, steps),
      lengths: lengths?.map { min(max($0 - steps.lowerBound, 0), steps.count) },
      resets: resets.map { Array($0[steps.lowerBound * batchSize..<steps.upperBound * batchSize]) })
    part.isPart = isPart || steps.count < stepCount
    return part
  }

  /// The order in which a recurrent layer reads this batch.
  public func plan(_ direction: SequenceDirection) -> SequencePlan {
    SequencePlan(
      stepCount: stepCount, batchSize: batchSize, lengths: lengths, resets: resets, direction: direction)
  }
}
