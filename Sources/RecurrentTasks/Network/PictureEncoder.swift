/// Pictures as vectors: convolutions of 3 x 3 that halve height and width, each with max(x, 0), then a linear map and layer
/// normalisation.
public struct PictureEncoder: Module {
  /// Of height, width and features, one after the other.
  public var convolutions: [Convolution2D]
  /// From all that is left to the vector.
  public var output: Linear
  /// The layer normalisation of the vector.
  public var norm: LayerNorm
  let height, width: Int

  /// An encoder of pictures `height x width`.
  public init(height: Int, width: Int, convolutions: [Int], size: Int, key: RandomKey) {
    (self.height, self.width) = (height, width)
    self.convolutions = []
    var (channels, rows, columns) = (PictureHistory.channelCount, height, width)
    for (index, features) in convolutions.enumerated() {
      self.convolutions.append(
        Convolution2D(
          inputSize: channels, outputSize: features, stride: 2, initializer: .kaimingUniform,
          key: key.child(index)))
      (channels, rows, columns) = (features, (rows + 1) / 2, (columns + 1) / 2)
    }
    output = Linear(
      inputSize: rows * columns * channels, outputSize: size, key: key.child(convolutions.count))
    norm = LayerNorm(size: size)
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    for index in convolutions.indices {
      visitor.visit("convolution.\(index)", &convolutions[index])
    }
    visitor.visit("output", &output)
    visitor.visit("norm", &norm)
  }

  /// Pictures `[N, 3, height * width]`, brightness, change and motion, to vectors `[N, size]`.
  public func callAsFunction(_ pictures: Tensor) -> Tensor {
    let count = pictures.shape[0]
    var values = pictures.permuted([0, 2, 1])
      .reshaped(to: [count, height, width, PictureHistory.channelCount])
    for convolution in convolutions { values = relu(convolution(values)) }
    return norm(output(values.reshaped(to: [count, values.count / max(count, 1)])))
  }
}
