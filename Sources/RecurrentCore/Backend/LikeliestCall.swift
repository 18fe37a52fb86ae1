/// What is looked for among scores: the largest of each row.
public struct LikeliestCall: Sendable {
  /// `[R, V]`, off the tape.
  public let scores: Tensor
  /// Whether the logarithms of the softmax of a row are meant, not the scores themselves.
  public let normalizes: Bool
  /// `[R]`: how many are wanted, each in 0 ... V.
  public let counts: [Int]
  /// The class whose number is wanted of every row.
  public let column: Int

  /// A call. Traps where the parts do not fit each other.
  package init(scores: Tensor, normalizes: Bool, counts: [Int], column: Int) {
    trapUnless(
      scores.rank == 2 && counts.count == scores.shape[0] && (0..<scores.shape[1]).contains(column)
        && counts.allSatisfy { (0...scores.shape[1]).contains($0) },
      """
      likeliest: expected scores [\(counts.count), V] with counts in 0 ... V and a column below V, received shape \
      \(scores.shape), counts \(counts) and column \(column)
      """)
    (self.scores, self.normalizes, self.counts, self.column) = (scores, normalizes, counts, column)
  }
}

/// The largest numbers of rows.
public struct LikeliestResult: Sendable {
  /// The classes of all rows, those of a row one after the other: by falling number, equal ones by rising class.
  public let classes: [Int32]
  /// Their numbers.
  public let values: [Float]
  /// For each row where in these its own stand.
  public let ranges: [Range<Int>]
  /// `[R]`: the number of the column.
  public let column: [Float]

  package init(classes: [Int32], values: [Float], ranges: [Range<Int>], column: [Float]) {
    (self.classes, self.values, self.ranges, self.column) = (classes, values, ranges, column)
  }
}
