/// Connectionist temporal classification (Graves et al. 2006, "Connectionist Temporal Classification: Labelling Unsegmented
/// Sequence Data with Recurrent Neural Networks"): the mean over rows of the negative log-likelihood of each row's target,
/// in nats.
///
/// An alignment is a class for each frame; the text of it is what is left when frames of the same class that follow one
/// another are taken together and the blanks are dropped. The likelihood of a target is the sum over all alignments with
/// that text:
///
///     y[t, k] = softmax(logits[t])[k]
///     loss    = -log sum over alignments a of the target of prod_t y[t, a_t]
///     d loss / d logits[t, k] = y[t, k] - sum of the probabilities, given the target, that frame t is at a state of class k
///
/// which is computed over the states blank, token, blank, ... token, blank of the target, forwards and backwards in time.
/// The gradient past a row's length is zero, and what stands there is not read. A row has the bits that it has alone.
///
/// The loss of a row is not divided by the length of its target (PyTorch's `mean` does that), and all rows count the same.
/// A row without frames and without tokens has loss 0.
///
/// A row whose target needs more frames than it has cannot be aligned at all; its loss would be infinite. That is a mistake in
/// the data, which ``CTCAlignment/isFeasible(_:frames:)`` finds before training; here it traps, so that no infinity enters a
/// mean and no row is left out without a word. Of finite logits every loss is finite; logits that are no numbers give NaN in
/// the rows that they stand in. Probabilities below e^-65536 count as that.
///
/// - Parameters:
///   - logits: `[T, B, V]`.
///   - targets: for each row the tokens of its target, each in 0 ..< V and not the blank; may be empty.
///   - lengths: how many frames of each row count, each in 0 ... T; nil for all.
///   - blank: the class that stands for no token.
/// - Returns: the mean over the B rows, of shape []; 0 where there is none. Traps where the arguments do not fit each other
///   and where a row has too few frames.
public func ctcLoss(_ logits: Tensor, _ targets: [[Int32]], lengths: [Int]? = nil, blank: Int32 = 0) -> Tensor
{
  ctcLosses(logits, targets, lengths: lengths, blank: blank).sum()
    * (targets.isEmpty ? 0 : 1 / Float(targets.count))
}

/// The losses of ``ctcLoss(_:_:lengths:blank:)``, one a row.
///
/// - Returns: `[B]`, in nats.
public func ctcLosses(
  _ logits: Tensor, _ targets: [[Int32]], lengths: [Int]? = nil, blank: Int32 = 0
) -> Tensor {
  let lengths = checkedLengths(logits, targets, lengths, blank, "ctcLoss")
  return ctcLosses(logits: logits, targets: targets, lengths: lengths, blank: blank)
}

/// For each row how likely it is, given the target, that the alignment is at each token in each frame: the posterior of
/// the forward-backward algorithm, which a heat map shows.
///
/// - Parameters: as of ``ctcLoss(_:_:lengths:blank:)``; nothing is differentiated.
/// - Returns: `[length, L + 1]` a row: column i is token i of the target, column L all blanks together. The columns of a
///   frame add up to 1.
public func ctcOccupancies(
  _ logits: Tensor, _ targets: [[Int32]], lengths: [Int]? = nil, blank: Int32 = 0
) -> [Tensor] {
  let lengths = checkedLengths(logits, targets, lengths, blank, "ctcOccupancies")
  return ctcOccupancies(CTCCall(logits: logits.detached, targets: targets, lengths: lengths, blank: blank))
}

/// The lengths; traps where the arguments do not fit each other.
private func checkedLengths(
  _ logits: Tensor, _ targets: [[Int32]], _ lengths: [Int]?, _ blank: Int32, _ name: String
) -> [Int] {
  trapUnless(logits.rank == 3, "\(name): expected logits [T, B, V], received shape \(logits.shape)")
  let (steps, rows, classes) = (logits.shape[0], logits.shape[1], logits.shape[2])
  trapUnless(targets.count == rows, "\(name): expected \(rows) targets, received \(targets.count)")
  let lengths = lengths ?? [Int](repeating: steps, count: rows)
  trapUnless(lengths.count == rows, "\(name): expected \(rows) lengths, received \(lengths.count)")
  trapUnless(
    blank >= 0 && blank < classes, "\(name): expected a blank in 0 ..< \(classes), received \(blank)")
  for (row, (target, length)) in zip(targets, lengths).enumerated() {
    trapUnless(
      (0...steps).contains(length), "\(name): length \(length) of row \(row) is outside 0 ... \(steps)")
    for token in target {
      trapUnless(
        token >= 0 && token < classes && token != blank,
        "\(name): expected tokens in 0 ..< \(classes) that are not the blank \(blank), received \(token) in row \(row)"
      )
    }
    trapUnless(
      CTCAlignment.isFeasible(target, frames: length),
      "\(name): the target of row \(row) needs \(CTCAlignment.framesNeeded(target)) frames, received \(length)"
    )
  }
  return lengths
}
