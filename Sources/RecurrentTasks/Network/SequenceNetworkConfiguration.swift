/// A convolution over time before the recurrent layers.
public struct ConvolutionConfiguration: Sendable, Equatable, Codable {
  /// Features that come out.
  public var size: Int
  /// Steps that it sees.
  public var width: Int
  /// How many steps become one.
  public var stride: Int
  /// Of a causal network the steps behind its own that it sees all the same, fewer than its width; nil for none.
  public var lookahead: Int?

  /// A convolution.
  public init(size: Int, width: Int, stride: Int = 1, lookahead: Int? = nil) {
    (self.size, self.width, self.stride, self.lookahead) = (size, width, stride, lookahead)
  }
}

/// The sizes and parts of a network that reads sequences.
public struct SequenceNetworkConfiguration: Sendable, Equatable, Codable {
  /// Tokens; nil where none are read.
  public var vocabularySize: Int?
  /// The width of the token vectors.
  public var embeddingSize: Int
  /// Numbers of a step; 0 where tokens alone are read.
  public var featureCount: Int
  /// Rows and columns of a step that is a picture; nil where it is none.
  public var pictureHeight, pictureWidth: Int?
  /// The scale of the pictures.
  public var pictureScale: PictureScale
  /// Convolutions over each picture: the features of each, which halves height and width.
  public var pictureConvolutions: [Int]
  /// Numbers that a picture becomes behind them.
  public var pictureSize: Int
  /// Convolutions over time.
  public var convolutions: [ConvolutionConfiguration]
  /// Whether convolutions look back alone, and recurrent layers read forwards alone: what streaming needs.
  public var isCausal: Bool
  /// The cell.
  public var cell: CellCatalog
  /// What the cells do beyond their plain equations; nil for nothing.
  public var cellOptions: CellOptions?
  /// What the operands of the products in the recurrent layers are rounded to.
  public var precision: Precision
  /// H: units of a recurrent layer in one direction.
  public var hiddenSize: Int
  /// Recurrent layers.
  public var layerCount: Int
  /// The rate of dropout on what the first convolution or recurrent layer reads, `[T, B, W]`; 0 ..< 1.
  public var inputDropoutRate: Float
  /// The rate of dropout between recurrent layers, and before the head of a task; 0 ..< 1.
  public var dropoutRate: Float

  /// A network.
  public init(
    vocabularySize: Int? = nil, embeddingSize: Int = 64, featureCount: Int,
    convolutions: [ConvolutionConfiguration] = [],
    isCausal: Bool = false, cell: CellCatalog = .gru, hiddenSize: Int = 64, layerCount: Int = 1,
    inputDropoutRate: Float = 0, dropoutRate: Float = 0.2
  ) {
    (self.vocabularySize, self.embeddingSize) = (vocabularySize, embeddingSize)
    self.featureCount = featureCount
    (pictureHeight, pictureWidth) = (nil, nil)
    pictureScale = PictureScale()
    pictureConvolutions = []
    pictureSize = 64
    (self.convolutions, self.isCausal, self.cell) = (convolutions, isCausal, cell)
    (cellOptions, precision) = (nil, .float32)
    (self.hiddenSize, self.layerCount) = (hiddenSize, layerCount)
    (self.inputDropoutRate, self.dropoutRate) = (inputDropoutRate, dropoutRate)
  }

  /// Reads pictures through convolutions where a featurizer gives such.
  public mutating func readPictures(of featurizer: SequenceFeaturizer) {
    guard case .pictures(let pictures) = featurizer else { return }
    (pictureHeight, pictureWidth) = (pictures.height, pictures.width)
    pictureScale = pictures.scale
    pictureConvolutions = [16, 32, 32]
  }

  /// Rows and columns of a step that is a picture; nil where it is none.
  var picture: (height: Int, width: Int)? {
    guard let pictureHeight, let pictureWidth else { return nil }
    return (pictureHeight, pictureWidth)
  }

  /// The cell of the recurrent layers.
  var cellChoice: CellChoice { CellChoice(cell, cellOptions, precision) }

  /// How many steps become one before the recurrent layers.
  public var stride: Int { convolutions.reduce(1) { $0 * $1.stride } }

  /// How many of these a causal network sees ahead.
  public var lookahead: Int { convolutions.reduce(0) { $0 + ($1.lookahead ?? 0) } }

  /// The width of the outputs.
  public var outputSize: Int {
    cell.outputSize(hiddenSize: hiddenSize, options: cellOptions ?? CellOptions()) * (isCausal ? 1 : 2)
  }

  /// The width of what the recurrent layers read.
  public var inputSize: Int {
    if let last = convolutions.last { return last.size }
    return (pictureHeight == nil ? featureCount : pictureSize) + (vocabularySize == nil ? 0 : embeddingSize)
  }

  /// The number of parameters, by the sizes alone. Asked where there is no ``issue``.
  public var parameterCount: Int {
    var count = (vocabularySize ?? 0) * embeddingSize
    var width = featureCount
    if let pictureHeight, let pictureWidth {
      var (channels, rows, columns) = (PictureHistory.channelCount, pictureHeight, pictureWidth)
      for size in pictureConvolutions {
        count += size * (9 * channels + 1)
        (channels, rows, columns) = (size, (rows + 1) / 2, (columns + 1) / 2)
      }
      count += pictureSize * (rows * columns * channels + 3)
      width = pictureSize
    }
    if vocabularySize != nil { width += embeddingSize }
    for one in convolutions {
      count += one.size * (one.width * width + 1) + 2 * one.size
      width = one.size
    }
    for layer in 0..<layerCount {
      let own = cell.parameterCount(
        inputSize: layer == 0 ? width : outputSize, hiddenSize: hiddenSize,
        options: cellOptions ?? CellOptions())
      count += own * (isCausal ? 1 : 2)
    }
    return count
  }

  /// What is impossible about the sizes; nil where nothing is.
  public var issue: String? {
    // products of three sizes and a sum over all layers stay below 2^63
    let sizes =
      [embeddingSize, hiddenSize, pictureSize, pictureHeight ?? 1, pictureWidth ?? 1]
      + convolutions.map(\.size) + pictureConvolutions
    guard sizes.allSatisfy({ (1...1 << 20).contains($0) }), (0...1 << 20).contains(featureCount),
      (1...1 << 24).contains(vocabularySize ?? 1),
      convolutions.allSatisfy({ (1...1 << 12).contains($0.width) && (1...1 << 12).contains($0.stride) }),
      convolutions.reduce(1, { min($0 * $1.stride, 1 << 24) }) <= 1 << 20,
      (pictureHeight == nil) == (pictureWidth == nil),
      (1...64).contains(layerCount), convolutions.count <= 64, pictureConvolutions.count <= 16,
      vocabularySize != nil || featureCount > 0
    else { return "the sizes of the model are impossible" }
    let ahead = convolutions.filter { ($0.lookahead ?? 0) != 0 }
    guard ahead.count <= 1, ahead.allSatisfy({ isCausal && (0..<$0.width).contains($0.lookahead ?? 0) })
    else {
      return "a convolution looks ahead, expected at most one of a causal network, by less than its width"
    }
    guard pictureScale.isValid else { return "the scale of the pictures is impossible" }
    guard [inputDropoutRate, dropoutRate].allSatisfy({ $0 >= 0 && $0 < 1 }) else {
      return "a dropout rate is not from 0 to below 1"
    }
    if let pictureHeight, let pictureWidth, pictureHeight * pictureWidth != featureCount {
      return "a picture of \(pictureHeight) x \(pictureWidth) has not \(featureCount) pixels"
    }
    return CellChoice(cell, cellOptions).issue(hiddenSize: hiddenSize)
  }
}
