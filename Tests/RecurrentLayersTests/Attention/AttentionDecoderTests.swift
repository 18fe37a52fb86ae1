import RecurrentTestSupport
import Testing

@testable import RecurrentCore

@Suite struct AttentionDecoderTests {
  private static let key = RandomKey(seed: 71)
  private static let lengths = [4, 0, 6, 1, 6]
  private static let places = [3, 5, 0, 1, 4]

  private func decoder(_ score: Attention.Score, hidden: Int = 7, memory: Int = 6) -> AttentionDecoder<GRU> {
    AttentionDecoder(
      inputSize: 3, memorySize: memory, outputSize: 4, score: score, attentionSize: 5, key: Self.key.child(0)
    ) { GRU(inputSize: $0, hiddenSize: hidden, key: $1) }
  }

  private func inputs(_ decoder: AttentionDecoder<some Cell>) -> (x: Tensor, memory: Tensor) {
    (
      .random([6, 5, decoder.inputSize], key: Self.key.child(1)),
      .random([5, 5, decoder.memorySize], key: Self.key.child(2))
    )
  }

  private func run<C: Cell>(_ decoder: AttentionDecoder<C>, _ x: Tensor, _ memory: Tensor) -> [Tensor] {
    let (y, weights, state) = decoder(
      SequenceBatch(x, lengths: Self.lengths), over: decoder.memory(memory, lengths: Self.places))
    return [y * lengthMask(Self.lengths, stepCount: x.shape[0], like: y), weights] + state.tensors
  }

  private func checkGradients<C: Cell>(_ decoder: AttentionDecoder<C>) throws {
    try mirrorCheck(decoder)
    let (x, memory) = inputs(decoder)
    let state = decoder.initialState(decoder.memory(memory)).tensors
    try checkGradient(of: decoder, inputs: [x, memory] + state) { decoder, inputs in
      let own = decoder.memory(inputs[1], lengths: Self.places)
      let batch = SequenceBatch(inputs[0], lengths: Self.lengths)
      // from the state that the memory gives, and from one that is given
      let results = [nil, C.State(tensors: Array(inputs[2...]))].flatMap { start -> [Tensor] in
        let (y, _, end) = decoder(batch, over: own, state: start)
        return [y * lengthMask(Self.lengths, stepCount: 6, like: y)] + end.tensors
      }
      return results.enumerated().map {
        ($1 * Tensor.random($1.shape, key: Self.key.child(3).child($0))).sum()
      }
      .reduce(Tensor(0), +)
    }
  }

  @Test(arguments: Attention.Score.allCases)
  func gradients(_ score: Attention.Score) throws { try checkGradients(decoder(score, hidden: 6)) }

  /// Blocks of 16 units and tails, in the kernels.
  @Test func gradientsOfBlocks() throws {
    try checkGradients(decoder(.additive, hidden: 19, memory: 33))
  }

  @Test func gradientsOfOtherCells() throws {
    try checkGradients(
      AttentionDecoder(inputSize: 3, memorySize: 4, outputSize: 2, key: Self.key) {
        LSTM(inputSize: $0, hiddenSize: 5, key: $1)
      })
    try checkGradients(
      AttentionDecoder(inputSize: 3, memorySize: 4, outputSize: 2, key: Self.key) {
        GRU(inputSize: $0, hiddenSize: 5, reset: .beforeProduct, hasBias: false, key: $1)
      })
  }

  /// Without biases, in the kernels.
  @Test func gradientsWithoutBiases() throws {
    try checkGradients(
      AttentionDecoder(inputSize: 3, memorySize: 4, outputSize: 2, key: Self.key) {
        GRU(inputSize: $0, hiddenSize: 5, hasBias: false, key: $1)
      })
  }

  private func checkRows<C: Cell>(_ decoder: AttentionDecoder<C>) throws {
    let (x, memory) = inputs(decoder)
    let whole = run(decoder, x, memory)
    for row in 0..<5 {
      let (length, places) = (Self.lengths[row], Self.places[row])
      func own(_ x: Tensor, _ count: Int) -> Tensor {
        x.sliced(axis: 1, row..<row + 1).sliced(axis: 0, 0..<count)
      }
      let (y, weights, state) = decoder(
        SequenceBatch(own(x, length)), over: decoder.memory(own(memory, places)))
      try requireSameBits(own(whole[0], length), y, "outputs of row \(row) alone")
      try requireSameBits(
        own(whole[1], length).sliced(axis: 2, 0..<places), weights, "weights of row \(row) alone")
      for (part, alone) in zip(whole[2...], state.tensors) {
        try requireSameBits(part.sliced(axis: 0, row..<row + 1), alone, "state of row \(row) alone")
      }
    }
  }

  /// Steps of rows that share rows of the memory, in another order, with and without packed weights; rows that share inputs and
  /// states besides have the bits of those that have their own.
  private func checkSteps<C: Cell>(_ decoder: AttentionDecoder<C>) throws {
    let (x, memory) = inputs(decoder)
    let own = decoder.memory(memory, lengths: Self.places)
    let whole = decoder(SequenceBatch(x), over: own)
    let rows = [4, 4, 0, 2, 1, 4, 3]
    for decoder in [decoder, decoder.packed()] {
      let memory = decoder.memory(memory, lengths: Self.places)
      try requireSameBits(memory.keys, own.keys, "keys")
      var (state, source) = (decoder.initialState(memory).rows(rows), decoder.initialState(memory))
      for step in 0..<x.shape[0] {
        let (y, weights, next) = decoder.step(x[step].rows(rows), state, over: memory, rows: rows)
        try requireSameBits(y, whole.outputs[step].rows(rows), "output of step \(step)")
        try requireSameBits(weights, whole.attention[step].rows(rows), "weights of step \(step)")
        let shared = decoder.step(
          x[step], source, over: memory, rows: rows, shared: SharedRows(inputs: rows, states: rows))
        try requireSameBits(
          [shared.output, shared.attention] + shared.state.tensors, [y, weights] + next.tensors,
          "rows that share")
        (state, source) = (next, decoder.step(x[step], source, over: memory).state)
      }
      try requireSameBits(state.tensors, whole.state.rows(rows).tensors, "state")
    }
  }

  /// A row alone and single steps have the bits of the whole.
  private func checkParts(_ decoder: AttentionDecoder<some Cell>) throws {
    try checkRows(decoder)
    try checkSteps(decoder)
  }

  @Test(arguments: Attention.Score.allCases)
  func rowsAndSteps(_ score: Attention.Score) throws { try checkParts(decoder(score, hidden: 6)) }

  @Test func rowsAndStepsOfBlocksAndCells() throws {
    try checkParts(decoder(.additive, hidden: 70, memory: 33))
    try checkParts(
      AttentionDecoder(inputSize: 3, memorySize: 4, outputSize: 2, key: Self.key) {
        LSTM(inputSize: $0, hiddenSize: 5, key: $1)
      })
  }

  /// Large enough to be shared out.
  @Test func sameBits() throws {
    try checkSameBits("a decoder with attention") {
      let decoder = decoder(.additive, hidden: 133, memory: 50)
      let (x, memory) = inputs(decoder)
      let point = ModelWithInputs(model: decoder, inputs: [x, memory])
      let (_, parts, gradient) = valueAndGradient(of: point) { point in
        let parts = run(point.model, point.inputs[0], point.inputs[1])
        return (parts.map { ($0 * $0).sum() }.reduce(Tensor(0), +), parts.map(\.detached))
      }
      return parts + gradient.parameters.map(\.value)
    }
  }

  /// What is looked at, found by hand: a query that fits one place alone.
  @Test func looksAtWhatFits() {
    let attention = Attention(.dot, querySize: 2, memorySize: 2, key: Self.key)
    let memory = attention.memory(
      Tensor([60, 0, 0, 60, -60, 0, 99, 99], shape: [4, 1, 2]), lengths: [3])
    let (context, weights) = attention(Tensor([0, 4], shape: [1, 2]), over: memory)
    #expect(weights.scalars == [0, 1, 0, 0])
    #expect(context.scalars == [0, 60])
    let (_, equal) = attention(Tensor([0, 0], shape: [1, 2]), over: memory)
    #expect(equal.scalars[3] == 0 && abs(equal.scalars[0] - 1 / 3) < 1e-6)
  }
}
