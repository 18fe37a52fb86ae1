extension ConditionalRandomField {
  /// Finds the likeliest labels step by step (Viterbi 1967): a label is given out when all sequences that may still be the
  /// likeliest agree on it.
  public struct Decoder: Sendable {
    private let transitions, first, last: [Float]
    private let limit: Int?
    /// For each label the score of the best sequence that ends with it, less that of the best of all, so that it stays small
    /// however long the sequence is; empty at the beginning.
    public private(set) var best: [Float] = []
    /// For each undecided step but the first one where the best sequence to each label comes from.
    private var origins: [[Int]] = []
    /// Steps that were read and have no label yet.
    public var pendingCount: Int { best.isEmpty ? 0 : origins.count + 1 }

    /// The beginning of a sequence.
    ///
    /// - Parameters:
    ///   - field: the transitions.
    ///   - limit: the most steps that wait for their label, at least 2; then half of them get that of the sequence that is the
    ///     best so far. Nil to decide nothing before the end.
    public init(_ field: ConditionalRandomField, limit: Int? = 4096) {
      (transitions, first, last) = (field.transitions.scalars, field.start.scalars, field.end.scalars)
      self.limit = limit.map { Swift.max($0, 2) }
    }

    /// Reads the scores of a step, one for each label.
    ///
    /// - Returns: the labels that are decided by now, of the earliest steps that had none.
    @discardableResult public mutating func push(_ scores: [Float]) -> [Int] {
      let count = first.count
      trapUnless(
        scores.count == count, "ConditionalRandomField: expected \(count) scores, received \(scores.count)")
      guard !best.isEmpty else {
        best = zip(scores, first).map { $0 + $1 }
        return []
      }
      var (next, from) = ([Float](), [Int]())
      for label in 0..<count {
        var (top, place) = (-Float.infinity, 0)
        for before in 0..<count where best[before] + transitions[before * count + label] > top {
          (top, place) = (best[before] + transitions[before * count + label], before)
        }
        next.append(top + scores[label])
        from.append(place)
      }
      let top = next.max() ?? 0
      best = top.isFinite ? next.map { $0 - top } : next
      origins.append(from)
      guard let limit else { return [] }
      return agreed() ?? (pendingCount > limit ? decided(Decoder.largest(best), keeping: limit / 2) : [])
    }

    /// The labels of the steps that are left, at the end of the sequence.
    public mutating func finish() -> [Int] {
      guard !best.isEmpty else { return [] }
      let labels = decided(Decoder.largest(zip(best, last).map { $0 + $1 }), keeping: 0)
      best = []
      return labels
    }

    /// The first of the largest numbers.
    private static func largest(_ values: [Float]) -> Int {
      values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
    }

    /// The labels up to the last step at which all sequences have the same one; nil where there is no such step.
    private mutating func agreed() -> [Int]? {
      var labels = Set(best.indices)
      for step in origins.indices.reversed() {
        labels = Set(labels.map { origins[step][$0] })
        if labels.count == 1, let label = labels.first {
          // the step before this one has that label in every sequence
          let path = self.path(to: label, before: step)
          origins.removeFirst(step + 1)
          return path
        }
      }
      return nil
    }

    /// The labels of the sequence that ends with a label, all but the last `kept` ones, which go on to wait.
    private mutating func decided(_ label: Int, keeping kept: Int) -> [Int] {
      let labels = path(to: label, before: origins.count).dropLast(kept)
      origins.removeFirst(Swift.min(origins.count, labels.count))
      return Array(labels)
    }

    /// The labels of the undecided steps up to the step `end`, which has the label `label`.
    private func path(to label: Int, before end: Int) -> [Int] {
      var path = [label]
      for from in origins[..<end].reversed() { path.append(from[path[path.count - 1]]) }
      return path.reversed()
    }

    /// What changes but for ``best``, to be kept.
    public var state: [Int64] {
      get { origins.flatMap { $0.map { Int64($0) } } }
      set {
        let count = first.count
        origins = stride(from: 0, to: newValue.count, by: count).map { start in
          newValue[start..<start + count].map { Int($0) }
        }
      }
    }

    /// Takes over what was kept.
    public mutating func restore(best: [Float], state: [Int64]) {
      self.best = best
      self.state = state
    }
  }
}
