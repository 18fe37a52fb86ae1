/// Pictures as vectors: convolutions of 3 x 3 that halve height and width, each with max(x, 0), then a linear map and layer
/// normalisation.
public struct PictureEncoder: Module {
  /// `[O, 9 C]` of each convolution, the upper left pixel first.
  public var weights: [Linear]
  /// From all that is left to the vector.
  public var output: Linear
  /// Of the vector.
  public var norm: LayerNorm
  private let height, width: Int

  /// An encoder of pictures `height x width`.
  public init(height: Int, width: Int, convolutions: [Int], size: Int, key: RandomKey) {
    self.height = height
    self.width = width
    weights = []
    var (channels, rows, columns) = (PictureHistory.channelCount, height, width)
    for (index, features) in convolutions.enumerated() {
      weights.append(
        Linear(
          inputSize: 9 * channels, outputSize: features, initializer: .kaimingUniform, key: key.child(index)))
      (channels, rows, columns) = (features, (rows + 1) / 2, (columns + 1) / 2)
    }
    output = Linear(
      inputSize: rows * columns * channels, outputSize: size, key: key.child(convolutions.count))
    norm = LayerNorm(size: size)
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    for index in weights.indices {
      visitor.visit("convolution.\(index)", &weights[index])
    }
    visitor.visit("output", &output)
    visitor.visit("norm", &norm)
  }

  /// Pictures `[N, 3, height * width]`, see ``PictureHistory``, to vectors `[N, size]`.
  public func callAsFunction(_ pictures: Tensor) -> Tensor {
    let count = pictures.shape[0]
    var values = pictures.permuted([0, 2, 1]).reshaped(
      to: [count * height * width, PictureHistory.channelCount])
    var (rows, columns) = (height, width)
    for convolution in weights {
      let channels = values.shape[1]
      let (newRows, newColumns) = ((rows + 1) / 2, (columns + 1) / 2)
      let zero = values.backend.filled(0, shape: [1, channels])
      let places = PictureEncoder.places(count, rows, columns)
      let windows = gather(concatenate([values, zero]), rows: Indices(places))
        .reshaped(to: [count * newRows * newColumns, 9 * channels])
      values = relu(convolution(windows))
      (rows, columns) = (newRows, newColumns)
    }
    return norm(output(values.reshaped(to: [count, rows * columns * values.shape[1]])))
  }

  /// For each window of each picture the nine places that it covers; the last row of the table beyond the edges.
  private static func places(_ count: Int, _ rows: Int, _ columns: Int) -> [Int32] {
    var one: [Int32] = []
    for row in stride(from: 0, to: rows, by: 2) {
      for column in stride(from: 0, to: columns, by: 2) {
        for y in row - 1...row + 1 {
          for x in column - 1...column + 1 {
            let isInside = (0..<rows).contains(y) && (0..<columns).contains(x)
            one.append(isInside ? Int32(y * columns + x) : -1)
          }
        }
      }
    }
    var places: [Int32] = []
    places.reserveCapacity(count * one.count)
    let (plane, beyond) = (Int32(rows * columns), Int32(count * rows * columns))
    for picture in 0..<Int32(count) {
      for place in one { places.append(place < 0 ? beyond : picture * plane + place) }
    }
    return places
  }
}
