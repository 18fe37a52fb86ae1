/// Keeps the alignments of a training from saying words before they are said, where it is known when that is.
///
/// A network that looks back alone may learn to say the first words of a recording blindly, since connectionist temporal classification counts every
/// alignment: where the texts are alike, a guess at the first frame is right often enough to keep it from ever listening. Alignments with a word that comes
/// too early are left out of the sum (constrained alignment, Senior et al. 2015, doi:10.1109/ASRU.2015.7404851):
///
///     loss = -log sum over alignments a of the target without early words of prod_t y[t, a_t]
struct WordTimeAlignment {
  /// How unlikely a word is made before its time, as a logarithm: the sum stays finite, whatever the times are.
  static let penalty: Float = -30

  /// The first frame at which each word of a target may be said.
  ///
  /// - Parameters:
  ///   - target: the units, each a word.
  ///   - events: the words with their times, each a unit, in the order of the target; others are passed over.
  ///   - first: the first frame of a time.
  ///   - count: frames.
  /// - Returns: for each word of the target a frame from 0; early enough for all that follow.
  static func firstFrames(
    _ target: [Int32], _ events: [(unit: Int32, time: Double)], count: Int, first: (Double) -> Int
  ) -> [Int] {
    var frames = [Int](repeating: 0, count: target.count)
    var next = 0
    for (place, unit) in target.enumerated() {
      guard let found = events[next...].firstIndex(where: { $0.unit == unit }) else { continue }
      frames[place] = first(events[found].time)
      next = found + 1
    }
    // what follows needs a frame each, and a blank between the same
    var limit = count
    for place in target.indices.reversed() {
      limit -= place + 1 < target.count && target[place + 1] == target[place] ? 2 : 1
      frames[place] = max(0, min(frames[place], limit))
    }
    return frames
  }

  /// What is added to the logarithms of the probabilities `[T, B, V]`: the penalty before the first frame of a unit, of one that occurs several times the earliest
  /// of them.
  ///
  /// - Parameters:
  ///   - targets: of the rows.
  ///   - frames: of each row the first frames of its words; nil where no times are known.
  ///   - shape: `[T, B, V]`.
  static func penalties(_ targets: [[Int32]], _ frames: [[Int]?], shape: [Int]) -> Tensor {
    var values = [Float](repeating: 0, count: shape.reduce(1, *))
    for (row, own) in frames.enumerated() {
      guard let own else { continue }
      let begins = Dictionary(zip(targets[row], own)) { min($0, $1) }
      for (unit, begin) in begins {
        for frame in 0..<min(begin, shape[0]) {
          values[(frame * shape[1] + row) * shape[2] + Int(unit)] = penalty
        }
      }
    }
    return Tensor(values, shape: shape)
  }

  /// The mean over rows of the negative log-likelihood of the targets, without alignments that are too early, in nats.
  ///
  /// - Parameters:
  ///   - logits: `[T, B, V]`.
  ///   - penalties: of the same shape.
  static func loss(
    _ logits: Tensor, _ targets: [[Int32]], lengths: [Int], blank: Int32, penalties: Tensor
  ) -> Tensor {
    let logs = logSoftmax(logits) + penalties
    // the loss makes probabilities of them once more; what that divides each frame by is taken back
    let (steps, rows) = (logits.shape[0], logits.shape[1])
    let counts = Tensor(
      (0..<steps).flatMap { step in lengths.map { step < $0 ? Float(1) : 0 } }, shape: [steps, rows])
    let divisors = (log(exp(logs).sum(axis: 2)) * counts).sum() * (1 / Float(max(rows, 1)))
    return ctcLoss(logs, targets, lengths: lengths, blank: blank) - divisors
  }
}
