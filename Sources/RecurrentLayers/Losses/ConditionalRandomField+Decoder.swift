extension ConditionalRandomField {
  /// Finds the likeliest labels step by step (Viterbi 1967): a label is given out when all sequences that may still be the
  /// likeliest agree on it. Where the steps that wait are limited, a step allocates nothing once they have been that many.
  public struct Decoder: Sendable {
    private let transitions, first, last: [Float]
    private let limit: Int?
    /// For each label the score of the best sequence that ends with it, less that of the best of all, so that it stays small
    /// however long the sequence is; empty at the beginning.
    public private(set) var best: [Float] = []
    /// For each undecided step but the first one the label before in the best sequence to each label, `[step * L + label]`.
    private var backpointers: [Int32] = []
    /// The labels that the last step or the end has decided, of the earliest steps that had none.
    public private(set) var labels: [Int] = []
    private var next: [Float]
    /// Labels of a step that a sequence goes through, and those of the step before.
    private var isMet, isMetBefore: [Bool]

    private var count: Int { first.count }
    /// Steps that were read and have no label yet.
    public var pendingCount: Int { best.isEmpty ? 0 : backpointers.count / count + 1 }

    /// The beginning of a sequence.
    ///
    /// - Parameters:
    ///   - field: the transitions.
    ///   - limit: the most steps that wait for their label, at least 2; then half of them get that of the sequence that is the
    ///     best so far. Nil to decide nothing before the end.
    public init(_ field: ConditionalRandomField, limit: Int? = 4096) {
      (transitions, first, last) = (field.transitions.scalars, field.start.scalars, field.end.scalars)
      self.limit = limit.map { Swift.max($0, 2) }
      next = first
      isMet = first.map { _ in false }
      isMetBefore = isMet
    }

    /// Reads the scores of a step, one for each label; ``labels`` are those that are decided by it.
    public mutating func read(_ scores: UnsafeBufferPointer<Float>) {
      trapUnless(
        scores.count == count, "ConditionalRandomField: expected \(count) scores, received \(scores.count)")
      labels.removeAll(keepingCapacity: true)
      guard !best.isEmpty else {
        for label in 0..<count { best.append(scores[label] + first[label]) }
        return
      }
      for label in 0..<count {
        var (top, place) = (-Float.infinity, 0)
        for before in 0..<count where best[before] + transitions[before * count + label] > top {
          (top, place) = (best[before] + transitions[before * count + label], before)
        }
        next[label] = top + scores[label]
        backpointers.append(Int32(place))
      }
      let top = next.max() ?? 0
      for label in 0..<count { best[label] = top.isFinite ? next[label] - top : next[label] }
      guard let limit, !agree(), pendingCount > limit else { return }
      trace(Decoder.largest(best), steps: backpointers.count / count, keeping: limit / 2)
    }

    /// Reads the scores of a step, one for each label.
    ///
    /// - Returns: ``labels``.
    @discardableResult public mutating func push(_ scores: [Float]) -> [Int] {
      scores.withUnsafeBufferPointer { read($0) }
      return labels
    }

    /// Gives the steps that are left their labels, at the end of the sequence.
    ///
    /// - Returns: ``labels``.
    @discardableResult public mutating func finish() -> [Int] {
      labels.removeAll(keepingCapacity: true)
      guard !best.isEmpty else { return [] }
      trace(Decoder.largest(zip(best, last).map { $0 + $1 }), steps: backpointers.count / count, keeping: 0)
      best.removeAll(keepingCapacity: true)
      return labels
    }

    /// The first of the largest numbers.
    private static func largest(_ values: [Float]) -> Int {
      var place = 0
      for index in values.indices where values[index] > values[place] { place = index }
      return place
    }

    /// Decides the labels up to the last step at which all sequences have the same one.
    ///
    /// - Returns: false where there is no such step.
    private mutating func agree() -> Bool {
      for label in 0..<count { isMet[label] = true }
      for step in stride(from: backpointers.count / count - 1, through: 0, by: -1) {
        // the labels of the step before that a sequence still comes from take the place of those that it goes to
        var (met, only) = (0, 0)
        for label in 0..<count { isMetBefore[label] = false }
        for label in 0..<count where isMet[label] {
          isMetBefore[Int(backpointers[step * count + label])] = true
        }
        for label in 0..<count where isMetBefore[label] { (met, only) = (met + 1, label) }
        swap(&isMet, &isMetBefore)
        if met == 1 {
          // the step before this one has that label in every sequence
          trace(only, steps: step, keeping: 0)
          return true
        }
      }
      return false
    }

    /// Decides the labels of the sequence that ends with a label after so many steps with backpointers, all but the last
    /// `kept` ones, which go on to wait.
    private mutating func trace(_ label: Int, steps: Int, keeping kept: Int) {
      labels.append(label)
      for step in stride(from: steps - 1, through: 0, by: -1) {
        labels.append(Int(backpointers[step * count + labels[labels.count - 1]]))
      }
      labels.reverse()
      labels.removeLast(Swift.min(kept, labels.count))
      backpointers.removeFirst(Swift.min(backpointers.count, labels.count * count))
    }

    /// What changes but for ``best``, to be kept.
    public var state: [Int64] { backpointers.map { Int64($0) } }

    /// Takes over what was kept.
    ///
    /// - Returns: false where that is no state of such a decoder, which is then as it was.
    public mutating func restore(best: [Float], state: [Int64]) -> Bool {
      guard best.isEmpty ? state.isEmpty : best.count == count, state.count % count == 0,
        state.count / count <= limit ?? .max, state.allSatisfy({ (0..<Int64(count)).contains($0) })
      else { return false }
      (self.best, backpointers, labels) = (best, state.map { Int32($0) }, [])
      return true
    }
  }
}
