/// The arguments of connectionist temporal classification over rows of logits; they fit each other.
public struct CTCCall: Sendable {
  /// `[T, B, V]`; what stands beyond a row's length is not read.
  public let logits: Tensor
  /// For each row the tokens of its target, each in 0 ..< V and none of them the blank.
  public let targets: [[Int32]]
  /// `[B]`: the frames of each row, each in 0 ... T and as many as its target needs.
  public let lengths: [Int]
  /// The class that stands for no token.
  public let blank: Int32

  package init(logits: Tensor, targets: [[Int32]], lengths: [Int], blank: Int32) {
    (self.logits, self.targets, self.lengths, self.blank) = (logits, targets, lengths, blank)
  }

  /// T.
  package var stepCount: Int { logits.shape[0] }
  /// B.
  package var batchSize: Int { logits.shape[1] }
  /// V.
  package var classCount: Int { logits.shape[2] }

  /// Columns of the occupancies of a row of L tokens: L + 1, and more so that they are a multiple of 16.
  package func width(ofRow row: Int) -> Int { (targets[row].count / 16 + 1) * 16 }
}

/// The result of connectionist temporal classification.
public struct CTCResult: Sendable {
  /// `[B]`, in nats.
  public var losses: Tensor
  /// `[2, T, B]`: of each frame within the lengths the largest logit, and log sum exp of the logits less that.
  public var normalizers: Tensor
  /// Where they were asked for: rows one after the other, each `[length, width]`. Column i is the probability that the
  /// alignment is at token i of the target in that frame, column L that it is at a blank; zero beyond.
  public var occupancies: Tensor?
}
