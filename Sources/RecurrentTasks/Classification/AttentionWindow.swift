/// What attention pools of a sequence that comes in step by step: the last outputs themselves, and of those before what their
/// weighted mean is made of. Up to ``length`` steps it has the bits of the whole, beyond them it differs by rounding.
struct AttentionWindow: Sendable {
  /// The most outputs that are kept; when there are more, the first half of them is summed.
  static let length = 2048

  private let attention: SequenceAttention
  /// The last outputs, `[1, H]` each.
  private var outputs: [Tensor] = []
  /// Of the outputs before: their largest score, the sum of exp(score - largest), and that of the same times the output.
  private var before: (top: Double, weight: Double, sum: [Double])?

  init(_ attention: SequenceAttention) { self.attention = attention }

  /// Reads an output `[1, H]`.
  mutating func push(_ output: Tensor) {
    outputs.append(output)
    guard outputs.count > AttentionWindow.length else { return }
    let half = AttentionWindow.length / 2
    before = joined(before, sums(Array(outputs.prefix(half))))
    outputs.removeFirst(half)
  }

  /// The weighted mean of all outputs, `[1, H]`; nil before the first one.
  var pooled: Tensor? {
    guard !outputs.isEmpty else { return nil }
    guard let before else { return attention(stack(outputs), lengths: [outputs.count]).pooled }
    let all = joined(before, sums(outputs))
    return Tensor(all.sum.map { Float($0 / all.weight) }, shape: [1, all.sum.count])
  }

  private typealias Sums = (top: Double, weight: Double, sum: [Double])

  private func sums(_ outputs: [Tensor]) -> Sums {
    let rows = stack(outputs)
    let scores = attention.query(tanh(attention.inner(rows))).scalars
    let (values, width) = (rows.scalars, outputs[0].count)
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
  var state: StreamState {
    get {
      let kept = before.map { [$0.top, $0.weight] + $0.sum } ?? []
      return StreamState(
        tensors: outputs.isEmpty ? [] : [(name: "attention.outputs", value: stack(outputs))],
        integers: [
          (name: "attention.count", values: [Int64(outputs.count)]),
          (name: "attention.before", values: kept.map(\.stored)),
        ])
    }
    set {
      let count = Int(newValue.integers("attention.count")[0])
      outputs = []
      if count > 0 {
        let rows = newValue.tensor("attention.outputs")
        outputs = (0..<count).map { rows[$0] }
      }
      let kept = newValue.integers("attention.before").map { Double(stored: $0) }
      before = kept.isEmpty ? nil : (kept[0], kept[1], Array(kept.dropFirst(2)))
    }
  }
}
