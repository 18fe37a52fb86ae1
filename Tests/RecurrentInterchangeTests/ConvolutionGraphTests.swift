import RecurrentInterchange
import RecurrentTestSupport
import Testing

/// Convolutions and the nodes that they become compute the same.
@Suite struct ConvolutionGraphTests {
  private func run(_ builder: GraphBuilder, _ values: [String: GraphValue]) throws -> Tensor {
    let bytes = try ONNXWriter.encode(builder.model())
    return try #require(try GraphProgram(ONNXReader.read(bytes: bytes)).run(values)["y"]).tensor
  }

  @Test(arguments: Convolution1D.Padding.allCases, [(1, 1, 1), (3, 2, 1), (4, 1, 2), (2, 3, 3), (5, 2, 2)])
  func overTime(_ padding: Convolution1D.Padding, _ sizes: (width: Int, stride: Int, dilation: Int)) throws {
    let convolution = Convolution1D(
      inputSize: 3, outputSize: 5, width: sizes.width, stride: sizes.stride, dilation: sizes.dilation,
      padding: padding, key: RandomKey(seed: 1))
    let lengths = [11, 0, 10, 1]
    let x = Tensor(uniformIn: -1...1, shape: [11, 4, 3], key: RandomKey(seed: 2))
    for isRagged in [false, true] {
      let batch = SequenceBatch(x, lengths: isRagged ? lengths : nil)
      var builder = GraphBuilder(name: "test")
      builder.input("x", .f32, [.named("time"), .named("batch"), .fixed(3)])
      let given = builder.lengths(GraphOptions(takesLengths: isRagged))
      let (value, left) = try convolution.append(
        to: &builder, reading: builder.masked("x", given), lengths: given, name: "c", GraphOptions())
      builder.output(
        builder.masked(value, left), as: "y", .f32, [.named("steps"), .named("batch"), .fixed(5)])
      var values = ["x": GraphValue(x)]
      if isRagged {
        values["lengths"] = GraphValue(integers: lengths.map { Int64($0) }, shape: [4], elementType: .i32)
      }
      let (found, expected) = (try run(builder, values), convolution(batch).values)
      #expect(found.shape == expected.shape)
      try requireClose(found.doubles, expected.doubles, relative: 1e-5, absolute: 1e-6, "\(padding) \(sizes)")
    }
  }

  @Test(arguments: Convolution2D.Padding.allCases, [(3, 3, 1), (2, 3, 2), (1, 4, 3)])
  func ofPictures(_ padding: Convolution2D.Padding, _ sizes: (height: Int, width: Int, stride: Int)) throws {
    let convolution = Convolution2D(
      inputSize: 3, outputSize: 4, height: sizes.height, width: sizes.width, stride: sizes.stride,
      padding: padding, key: RandomKey(seed: 1))
    let x = Tensor(uniformIn: -1...1, shape: [2, 7, 6, 3], key: RandomKey(seed: 2))
    var builder = GraphBuilder(name: "test")
    builder.input("x", .f32, [.named("count"), .fixed(3), .fixed(7), .fixed(6)])
    let value = convolution.append(to: &builder, reading: "x", name: "c")
    builder.output(value, as: "y", .f32, [.named("count"), .fixed(4), .unknown, .unknown])
    let found = try run(builder, ["x": GraphValue(x.permuted([0, 3, 1, 2]))]).permuted([0, 2, 3, 1])
    let expected = convolution(x)
    #expect(found.shape == expected.shape)
    try requireClose(found.doubles, expected.doubles, relative: 1e-5, absolute: 1e-6, "\(padding) \(sizes)")
  }
}
