/// A convolution over pictures.
///
///     y_{r,c} = b + sum_{i,j} W_{i,j} x_{s r + i - p, s c + j - q}
///
/// Every picture is read by itself: the frames of films `[T, B, H, W, C]` are read at once as `[T * B, H, W, C]`.
public struct Convolution2D: Module {
  /// What stands beyond the edges.
  public enum Padding: String, Sendable, Codable, CaseIterable {
    /// As many zeros around a picture as keep its size where the stride is 1.
    case same
    /// Nothing: the result is smaller.
    case valid
  }

  /// `[O, height * width * C]`, the upper left pixel first, row by row.
  public var weight: Tensor
  /// `[O]`.
  public var bias: Tensor
  package let windows: PictureWindows

  /// A convolution of `inputSize` features of a pixel to `outputSize`.
  ///
  /// - Parameters:
  ///   - inputSize: C.
  ///   - outputSize: O.
  ///   - height: of a window.
  ///   - width: of a window.
  ///   - stride: s, in both directions.
  ///   - padding: what stands beyond the edges.
  ///   - initializer: of the weight; without one uniform in ± 1 / sqrt(height width C), as the bias.
  ///   - key: decides the random values.
  public init(
    inputSize: Int, outputSize: Int, height: Int = 3, width: Int = 3, stride: Int = 1,
    padding: Padding = .same,
    initializer: Initializer? = nil, key: RandomKey
  ) {
    trapUnless(
      height >= 1 && width >= 1 && stride >= 1,
      "Convolution2D: expected a height, width and stride of at least 1, received \(height), \(width), \(stride)"
    )
    let count = clampedProduct(clampedProduct(height, width), inputSize)
    let standard = Initializer.uniform(bound: 1 / Float(count).squareRoot())
    weight = (initializer ?? standard).matrix(rows: outputSize, columns: count, key: key.child(0))
    bias = standard.matrix(rows: 1, columns: outputSize, key: key.child(1)).reshaped(to: [outputSize])
    windows = PictureWindows(height: height, width: width, stride: stride, isPadded: padding == .same)
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }

  /// Rows and columns that come out of pictures of `rows` x `columns`.
  public func outputSize(rows: Int, columns: Int) -> (rows: Int, columns: Int) {
    windows.outputSize(rows, columns)
  }

  /// Pictures `[N, H, W, C]` to `[N, H', W', O]`.
  public func callAsFunction(_ pictures: Tensor) -> Tensor {
    let channels = weight.shape[1] / (windows.height * windows.width)
    trapUnless(
      pictures.rank == 4 && pictures.shape[3] == channels,
      "Convolution2D: expected pictures [N, H, W, \(channels)], received shape \(pictures.shape)")
    let (rows, columns) = windows.outputSize(pictures.shape[1], pictures.shape[2])
    trapUnless(
      rows > 0 && columns > 0,
      "Convolution2D: a window of \(windows.height) x \(windows.width) does not fit into shape \(pictures.shape)"
    )
    let own = windows(pictures)
    let flat = own.reshaped(to: [own.shape[0], own.shape[1] * channels])
    return matmul(flat, weight, transposeB: true, bias: bias)
      .reshaped(to: [pictures.shape[0], rows, columns, weight.shape[0]])
  }
}
