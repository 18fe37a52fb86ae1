extension BackendChecker {
  func checkCTC() throws {
    for batch in CTCBatch.awkward {
      for bound in [1, 30] as [Float] {
        try compare(
          "connectionist temporal classification, \(batch), ± \(bound)", relative: 1e-5, absolute: 1e-6
        ) {
          let logits = random([batch.stepCount, batch.lengths.count, batch.classCount], bound: bound)
          let weights = random([batch.lengths.count], 1)
          let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [logits])
          let (_, losses, gradient) = valueAndGradient(of: point) { point in
            let losses = ctcLosses(point.inputs[0], batch.targets, lengths: batch.lengths, blank: batch.blank)
            return ((losses * weights).sum(), losses.detached)
          }
          return [losses, gradient.inputs[0]]
            + ctcOccupancies(logits, batch.targets, lengths: batch.lengths, blank: batch.blank)
        }
      }
    }
  }
}

/// Targets and lengths of a batch for connectionist temporal classification.
public struct CTCBatch: Sendable, CustomStringConvertible {
  /// T.
  public var stepCount: Int
  /// V.
  public var classCount: Int
  /// The class that stands for no token.
  public var blank: Int32
  /// For each row the tokens of its target.
  public var targets: [[Int32]]
  /// The frames of each row.
  public var lengths: [Int]

  /// A batch.
  public init(stepCount: Int, classCount: Int, blank: Int32 = 0, targets: [[Int32]], lengths: [Int]) {
    (self.stepCount, self.classCount, self.blank) = (stepCount, classCount, blank)
    (self.targets, self.lengths) = (targets, lengths)
  }

  /// Rows of random targets with as many tokens as `sizes` says, of which neighbours are often the same, and of frames from
  /// as few as they need to all.
  public init(stepCount: Int, classCount: Int, sizes: [Int], key: RandomKey) {
    let blank = Int32(classCount / 2)
    let targets = sizes.enumerated().map { row, size in
      key.child(row).integers(size, below: max(1, min(classCount, 5) - 1)).map { token in
        Int32(token) + (Int32(token) >= blank ? 1 : 0)
      }
    }
    let spare = key.child(sizes.count).uniforms(sizes.count)
    let lengths = targets.enumerated().map { row, target in
      let needed = target.count + zip(target, target.dropFirst()).count(where: ==)
      return needed + Int(spare[row] * Float(stepCount - needed + 1))
    }
    self.init(
      stepCount: stepCount, classCount: classCount, blank: blank, targets: targets,
      lengths: lengths.map { min($0, stepCount) })
  }

  /// Its extents.
  public var description: String {
    "T \(stepCount), V \(classCount), L \(targets.map(\.count)), lengths \(lengths), blank \(blank)"
  }

  /// Empty targets, no frames, one frame, equal neighbours, as many frames as are needed, many tokens.
  public static let awkward: [CTCBatch] = [
    CTCBatch(stepCount: 1, classCount: 1, targets: [[]], lengths: [1]),
    CTCBatch(stepCount: 0, classCount: 3, targets: [[], []], lengths: [0, 0]),
    CTCBatch(stepCount: 4, classCount: 3, targets: [], lengths: []),
    CTCBatch(stepCount: 1, classCount: 2, blank: 1, targets: [[0], [], []], lengths: [1, 1, 0]),
    CTCBatch(
      stepCount: 7, classCount: 5, blank: 4,
      targets: [[1, 1, 1, 1], [0, 1, 2], [], [3, 3], [], [0, 2, 0, 2, 0, 2, 0]],
      lengths: [7, 5, 6, 3, 0, 7]),
    CTCBatch(stepCount: 37, classCount: 33, sizes: [15, 16, 17, 1, 0], key: RandomKey(seed: 71)),
    CTCBatch(stepCount: 90, classCount: 4, sizes: [33, 47, 2], key: RandomKey(seed: 72)),
    CTCBatch(stepCount: 6, classCount: 301, sizes: [3, 2, 0, 3, 1, 2, 3], key: RandomKey(seed: 73)),
  ]
}
