/// Keeps the alignments of a training from saying words before or long after they are said, where it is known when that is.
///
/// Connectionist temporal classification counts every alignment, and a network that looks back alone may learn one of two that are of
/// no use: to say the first words of a recording blindly, since where texts are alike a guess at the first frame is right often enough, or
/// to keep all words until the recording ends and say them there, frame after frame. Alignments with a word that comes too early or
/// too late are left out of the sum (constrained alignment, Senior et al. 2015, doi:10.1109/ASRU.2015.7404851):
///
///     loss = -log sum over alignments a of the target with all words in time of prod_t y[t, a_t]
struct WordTimeAlignment {
  /// How unlikely a word is made outside its time, as a logarithm: the sum stays finite, whatever the times are.
  static let penalty: Float = -30

  /// The frames at which each word of a target may be said.
  ///
  /// - Parameters:
  ///   - target: the units, each a word.
  ///   - events: the words with their times, each a unit, in the order of the target; others are passed over.
  ///   - count: frames, as many as the target needs at least.
  ///   - frame: that of a time.
  /// - Returns: for each word of the target frames from 0 on; wide enough that all words find room.
  static func frames(
    _ target: [Int32], _ events: [(unit: Int32, start: Double, end: Double)], count: Int,
    frame: (Double) -> Int
  ) -> [ClosedRange<Int>] {
    var first = [Int](repeating: 0, count: target.count)
    var last = [Int](repeating: count - 1, count: target.count)
    var next = 0
    for (place, unit) in target.enumerated() {
      guard let found = events[next...].firstIndex(where: { $0.unit == unit }) else { continue }
      (first[place], last[place]) = (frame(events[found].start), frame(events[found].end))
      next = found + 1
    }
    // a word takes a frame, and a blank stands between the same
    func needed(_ place: Int) -> Int {
      place + 1 < target.count && target[place + 1] == target[place] ? 2 : 1
    }
    var limit = count
    for place in target.indices.reversed() {
      limit -= needed(place)
      first[place] = max(0, min(first[place], limit))
    }
    var earliest = 0
    return target.indices.map { place in
      earliest = max(earliest, first[place])
      defer { earliest += needed(place) }
      return first[place]...max(earliest, min(last[place], count - 1))
    }
  }

  /// What is added to the logarithms of the probabilities `[T, B, V]`: the penalty outside the frames of a unit, of one that occurs several times
  /// before the first and after the last of them.
  ///
  /// - Parameters:
  ///   - targets: of the rows.
  ///   - frames: of each row those of its words; nil where no times are known.
  ///   - shape: `[T, B, V]`.
  static func penalties(_ targets: [[Int32]], _ frames: [[ClosedRange<Int>]?], shape: [Int]) -> Tensor {
    var values = [Float](repeating: 0, count: shape.reduce(1, *))
    for (row, own) in frames.enumerated() {
      guard let own else { continue }
      let spans = Dictionary(zip(targets[row], own)) {
        min($0.lowerBound, $1.lowerBound)...max($0.upperBound, $1.upperBound)
      }
      for (unit, span) in spans {
        for frame in 0..<shape[0] where !span.contains(frame) {
          values[(frame * shape[1] + row) * shape[2] + Int(unit)] = penalty
        }
      }
    }
    return Tensor(values, shape: shape)
  }

  /// The mean over rows of the negative log-likelihood of the targets, of the alignments that are in time, in nats.
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
