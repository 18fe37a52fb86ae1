/// Feature sequences side by side, time-major.
public struct FeatureBatch: Sendable {
  /// `[T, B]`, 0 beyond the lengths; nil where there are no tokens.
  public var tokens: Indices?
  /// `[T, B, F]`, zero beyond the lengths; nil where there are no numbers.
  public var values: Tensor?
  /// `[B]`.
  public var lengths: [Int]

  /// T: steps of the longest; one where all are empty, which no length counts.
  public let stepCount: Int

  /// Sequences of one kind side by side.
  public init(_ sequences: [FeatureSequence]) {
    lengths = sequences.map(\.stepCount)
    stepCount = max(lengths.max() ?? 0, 1)
    let (steps, batch) = (stepCount, sequences.count)
    let width = sequences.first?.featureCount ?? 0
    if sequences.contains(where: { !$0.tokens.isEmpty }) {
      var ids = [Int32](repeating: 0, count: steps * batch)
      for (row, sequence) in sequences.enumerated() {
        for (step, token) in sequence.tokens.enumerated() { ids[step * batch + row] = token }
      }
      tokens = Indices(ids, shape: [steps, batch])
    }
    if width > 0 {
      let scalars = [Float](unsafeUninitializedCapacity: steps * batch * width) { buffer, count in
        buffer.initialize(repeating: 0)
        count = buffer.count
        guard let base = buffer.baseAddress else { return }
        for (row, sequence) in sequences.enumerated() {
          for step in 0..<sequence.stepCount {
            sequence.copyStep(step, to: base + (step * batch + row) * width)
          }
        }
      }
      values = Tensor(scalars, shape: [steps, batch, width])
    }
  }
}
