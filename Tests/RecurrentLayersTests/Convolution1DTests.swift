import RecurrentTestSupport
import Testing

@Suite struct Convolution1DTests {
  private let key = RandomKey(seed: 92)

  private func layer(_ padding: Convolution1D.Padding, stride: Int = 1, dilation: Int = 1) -> Convolution1D {
    Convolution1D(
      inputSize: 5, outputSize: 7, width: 3, stride: stride, dilation: dilation, padding: padding, key: key)
  }

  /// A row of a ragged batch is the row alone, bit for bit, and zero beyond its new length.
  @Test(arguments: Convolution1D.Padding.allCases, [(1, 1), (2, 1), (1, 2), (3, 2)])
  func raggedRows(_ padding: Convolution1D.Padding, _ steps: (stride: Int, dilation: Int)) throws {
    let layer = layer(padding, stride: steps.stride, dilation: steps.dilation)
    let lengths = [13, 0, 1, 6, 9]
    let x = Tensor.random([13, 5, 5], key: key.child(1))
    let whole = layer(SequenceBatch(x, lengths: lengths))
    let found = try #require(whole.lengths)
    #expect(found == lengths.map { layer.outputCount($0) })
    for (row, length) in lengths.enumerated() {
      let own = x.sliced(axis: 1, row..<row + 1).sliced(axis: 0, 0..<length)
      let alone = layer(SequenceBatch(own)).values
      let part = whole.values.sliced(axis: 1, row..<row + 1)
      try requireSameBits(part.sliced(axis: 0, 0..<found[row]), alone, "row \(row)")
      #expect(part.sliced(axis: 0, found[row]..<whole.stepCount).scalars.allSatisfy { $0 == 0 })
    }
  }

  /// What comes later changes nothing.
  @Test func causalLooksBackAlone() throws {
    let layer = layer(.causal, dilation: 2)
    let x = Tensor.random([9, 2, 5], key: key.child(1))
    let whole = layer(SequenceBatch(x)).values
    #expect(whole.shape == [9, 2, 7])
    for steps in 1..<9 {
      let part = layer(SequenceBatch(x.sliced(axis: 0, 0..<steps))).values
      try requireSameBits(part, whole.sliced(axis: 0, 0..<steps), "\(steps) steps")
    }
  }

  /// A sequence that is shorter than the window has nothing without padding.
  @Test func counts() {
    #expect((0...6).map { layer(.valid).outputCount($0) } == [0, 0, 0, 1, 2, 3, 4])
    #expect((0...6).map { layer(.same, stride: 2).outputCount($0) } == [0, 1, 1, 2, 2, 3, 3])
    #expect((0...3).map { layer(.causal, dilation: 4).outputCount($0) } == [0, 1, 2, 3])
    let short = layer(.valid)(SequenceBatch(Tensor.random([2, 3, 5], key: key), lengths: [2, 1, 0]))
    #expect(short.values.shape == [0, 3, 7] && short.lengths == [0, 0, 0])
  }

  @Test(arguments: Convolution1D.Padding.allCases)
  func gradients(_ padding: Convolution1D.Padding) throws {
    let layer = layer(padding, stride: 2)
    try checkGradient(of: layer, inputs: [.random([6, 3, 5], key: key.child(1))]) { layer, inputs in
      square(layer(SequenceBatch(inputs[0], lengths: [6, 0, 4])).values).sum()
    }
    try mirrorCheck(layer)
    #expect(layer.parameters.map(\.name) == ["weight", "bias"])
  }

  @Test func wrongUseTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Convolution1D(inputSize: 1, outputSize: 1, width: 0, key: RandomKey(seed: 0))
    }
    await #expect(processExitsWith: .failure) {
      let layer = Convolution1D(inputSize: 2, outputSize: 1, width: 1, key: RandomKey(seed: 0))
      _ = layer(SequenceBatch(Tensor(ones: [3, 1, 3])))
    }
  }
}
