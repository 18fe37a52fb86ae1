import RecurrentTestSupport
import Testing

@Suite struct SequencePoolingTests {
  private let key = RandomKey(seed: 91)
  private static let simple: [SequencePooling] = [.mean, .max, .last]

  /// Outputs as a recurrent layer gives them: zero beyond the lengths.
  private func outputs(_ steps: Int, _ lengths: [Int], _ width: Int) -> Tensor {
    let mask = (0..<steps).flatMap { step in lengths.map { step < $0 ? Float(1) : 0 } }
    return Tensor.random([steps, lengths.count, width], key: key)
      * Tensor(mask, shape: [steps, lengths.count, 1])
  }

  @Test func poolsByHand() {
    let x = Tensor([1, -4, 3, -2, 5, 0], shape: [3, 1, 2])
    #expect(SequencePooling.mean(x, lengths: nil, isBidirectional: false).scalars == [3, -2])
    #expect(SequencePooling.max(x, lengths: nil, isBidirectional: false).scalars == [5, 0])
    #expect(SequencePooling.max(x, lengths: [2], isBidirectional: false).scalars == [3, -2])
    #expect(SequencePooling.last(x, lengths: [2], isBidirectional: false).scalars == [3, -2])
    #expect(SequencePooling.last(x, lengths: [2], isBidirectional: true).scalars == [3, -4])
  }

  /// A row of a ragged batch is the row alone, bit for bit; one without steps is zero.
  @Test(arguments: simple, [false, true])
  func raggedRows(_ pooling: SequencePooling, _ isBidirectional: Bool) throws {
    let lengths = [37, 0, 1, 20, 33]
    let x = outputs(37, lengths, 18)
    let pooled = pooling(x, lengths: lengths, isBidirectional: isBidirectional)
    for (row, length) in lengths.enumerated() {
      let found = pooled.sliced(axis: 0, row..<row + 1)
      guard length > 0 else {
        #expect(found.scalars.allSatisfy { $0 == 0 })
        continue
      }
      let own = x.sliced(axis: 1, row..<row + 1).sliced(axis: 0, 0..<length)
      try requireSameBits(found, pooling(own, lengths: nil, isBidirectional: isBidirectional), "row \(row)")
    }
  }

  /// What stands beyond the lengths counts for nothing, and gets no gradient.
  @Test(arguments: SequencePooling.allCases, [false, true])
  func whatStandsBeyondTheEndIsNotRead(_ pooling: SequencePooling, _ isBidirectional: Bool) throws {
    let lengths = [9, 0, 1, 5]
    let x = outputs(9, lengths, 18)
    let mask = (0..<9).flatMap { step in lengths.map { step < $0 ? Float(0) : 1 } }
    let beyond = Tensor.random([9, 4, 18], key: key.child(9)) * Tensor(mask, shape: [9, 4, 1])
    func pooled(_ x: Tensor) -> Tensor {
      pooling == .attention
        ? attention(x, lengths: lengths).pooled
        : pooling(x, lengths: lengths, isBidirectional: isBidirectional)
    }
    // what is nothing may be -0
    try requireSameBits(pooled(x + beyond) + 0, pooled(x) + 0, "\(pooling)")
    try checkGradient(of: Dropout(rate: 0), inputs: [x + beyond]) { _, inputs in
      (pooled(inputs[0]) * Tensor.random([4, 18], key: key.child(1))).sum()
    }
  }

  /// One feature of one row is added up as in a batch.
  @Test func singleColumns() throws {
    let lengths = [37, 20, 5]
    let x = outputs(37, lengths, 1)
    let pooled = SequencePooling.mean(x, lengths: lengths, isBidirectional: false)
    for (row, length) in lengths.enumerated() {
      let own = x.sliced(axis: 1, row..<row + 1).sliced(axis: 0, 0..<length)
      try requireSameBits(
        pooled.sliced(axis: 0, row..<row + 1),
        SequencePooling.mean(own, lengths: nil, isBidirectional: false), "row \(row)")
    }
  }

  @Test(arguments: simple)
  func gradients(_ pooling: SequencePooling) throws {
    let lengths = [4, 0, 2]
    try checkGradient(of: Dropout(rate: 0), inputs: [Tensor.random([4, 3, 6], key: key)]) { _, inputs in
      let mask = Tensor(
        (0..<4).flatMap { step in lengths.map { step < $0 ? Float(1) : 0 } }, shape: [4, 3, 1])
      let pooled = pooling(inputs[0] * mask, lengths: lengths, isBidirectional: true)
      return (pooled * Tensor.random([3, 6], key: key.child(1))).sum()
    }
  }

  private var attention: AttentionPooling { AttentionPooling(inputSize: 18, size: 7, key: key.child(2)) }

  @Test func attentionOfRaggedRows() throws {
    let lengths = [37, 0, 1, 20, 33]
    let x = outputs(37, lengths, 18)
    let (pooled, weights) = attention(x, lengths: lengths)
    for (row, length) in lengths.enumerated() {
      let found = pooled.sliced(axis: 0, row..<row + 1)
      let shares = weights.sliced(axis: 1, row..<row + 1)
      #expect(shares.sliced(axis: 0, length..<37).scalars.allSatisfy { $0 == 0 })
      #expect(abs(shares.scalars.reduce(0, +) - (length > 0 ? 1 : 0)) < 1e-5)
      guard length > 0 else {
        #expect(found.scalars.allSatisfy { $0 == 0 })
        continue
      }
      let own = x.sliced(axis: 1, row..<row + 1).sliced(axis: 0, 0..<length)
      let alone = attention(own, lengths: nil)
      try requireSameBits(
        [found, shares.sliced(axis: 0, 0..<length)], [alone.pooled, alone.weights], "row \(row)")
    }
  }

  /// Weights by hand from the scores of the layers, which may be large.
  @Test func attentionByHand() throws {
    var layer = AttentionPooling(inputSize: 3, size: 2, key: key)
    layer.query.weight = layer.query.weight * 200
    let x = Tensor.random([5, 1, 3], key: key.child(3))
    let scores = layer.query(tanh(layer.inner(x))).doubles
    let top = scores.reduce(-.infinity, max)
    let powers = exp(Tensor(scores.map { Float($0 - top) })).doubles
    let expected = powers.map { $0 / powers.reduce(0, +) }
    let (pooled, weights) = layer(x, lengths: nil)
    try requireClose(weights.doubles, expected, relative: 1e-5, absolute: 1e-7, "weights")
    let mean = (0..<3).map { feature in
      (0..<5).reduce(0) { $0 + expected[$1] * x.doubles[$1 * 3 + feature] }
    }
    try requireClose(pooled.doubles, mean, relative: 1e-5, absolute: 0, "mean")
  }

  @Test func gradientsOfAttention() throws {
    try checkGradient(of: attention, inputs: [Tensor.random([4, 3, 18], key: key)]) { layer, inputs in
      (layer(inputs[0], lengths: [4, 0, 2]).pooled * Tensor.random([3, 18], key: key.child(1))).sum()
    }
    try mirrorCheck(attention)
  }

  @Test func sameBits() throws {
    try checkSameBits("pooling") {
      let x = Tensor.random([50, 9, 33], key: key)
      let layer = AttentionPooling(inputSize: 33, size: 20, key: key)
      return SequencePoolingTests.simple.map { $0(x, lengths: nil, isBidirectional: false) }
        + [layer(x, lengths: [50, 0, 3, 9, 20, 49, 1, 2, 33]).pooled]
    }
  }
}
