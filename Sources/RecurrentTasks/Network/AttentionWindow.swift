/// What attention pools of a sequence that comes in step by step: the last outputs themselves, and of those before what their
/// weighted mean is made of (online softmax, Milakov and Gimelshein 2018, arXiv:1805.02867). Up to ``length`` steps it has the bits of the whole, beyond them it differs by rounding.
struct AttentionWindow: Sendable {
  /// The most outputs that are kept; when there are more, the first half of them is summed.
  static let length = 2048

  private let attention: AttentionPooling
  private let width: Int
  /// The last outputs, `[steps, H]`.
  private var outputs: [Float] = []
  /// Of the outputs before: their largest score, the sum of exp(score - largest), and that of the same times the output.
  private var before: Sums?

  private typealias Sums = (top: Double, weight: Double, sum: [Double])

  init(_ attention: AttentionPooling) {
    self.attention = attention
    width = attention.inner.weight.shape[1]
  }

  /// Reads an output of H numbers.
  mutating func push(_ output: UnsafeBufferPointer<Float>) {
    outputs.append(contentsOf: output)
    guard outputs.count > AttentionWindow.length * width else { return }
    let half = AttentionWindow.length / 2 * width
    before = joined(before, sums(outputs.prefix(half)))
    outputs.removeFirst(half)
  }

  /// The weighted mean of all outputs, `[1, H]`; nil before the first one.
  var pooled: Tensor? {
    guard !outputs.isEmpty else { return nil }
    guard let before else { return attention(rows(outputs[...]), lengths: [outputs.count / width]).pooled }
    let all = joined(before, sums(outputs[...]))
    return Tensor(
      all.sum.map { Float($0 / all.weight) }, shape: [1, width], like: attention.inner.weight)
  }

  private func rows(_ outputs: ArraySlice<Float>) -> Tensor {
    Tensor(Array(outputs), shape: [outputs.count / width, 1, width], like: attention.inner.weight)
  }

  private func sums(_ outputs: ArraySlice<Float>) -> Sums {
    let rows = rows(outputs)
    let scores = attention.query(tanh(attention.inner(rows))).scalars
    let values = rows.scalars
    let top = scores.max() ?? 0
    var (weight, sum) = (0.0, [Double](repeating: 0, count: width))
    for (step, power) in exp(Tensor(scores.map { $0 - top })).scalars.enumerated() {
      weight += Double(power)
      for column in 0..<width { sum[column] += Double(power) * Double(values[step * width + column]) }
    }
    return (Double(top), weight, sum)
  }

  private func joined(_ a: Sums?, _ b: Sums) -> Sums {
    guard let a else { return b }
    let top = max(a.top, b.top)
    let powers = exp(Tensor([Float(a.top - top), Float(b.top - top)])).scalars.map { Double($0) }
    let (first, second) = (powers[0], powers[1])
    return (
      top, a.weight * first + b.weight * second, zip(a.sum, b.sum).map { $0 * first + $1 * second }
    )
  }

  /// What is kept.
  var state: SessionState {
    let kept = before.map { [$0.top, $0.weight] + $0.sum } ?? []
    return SessionState(
      tensors: [(name: "attention.outputs", value: Tensor(outputs))],
      integers: [(name: "attention.before", values: kept.map(\.stored))])
  }

  /// Goes on from what was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)``.
  mutating func restore(_ state: SessionState) throws {
    outputs = try state.rows("attention.outputs", width: width, atMost: AttentionWindow.length)
    let kept = try state.integers("attention.before").map { Double(stored: $0) }
    try state.check(
      kept.isEmpty || kept.count == width + 2 && !outputs.isEmpty, "the sums of the attention are impossible")
    before = kept.isEmpty ? nil : (kept[0], kept[1], Array(kept.dropFirst(2)))
  }
}
