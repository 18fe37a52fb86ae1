/// What a sequence classifier reads.
public enum ClassifierInput: Sendable, Equatable, Codable {
  /// Tokens of a vocabulary of so many.
  case tokens(vocabularySize: Int)
  /// Vectors of so many numbers.
  case vectors(featureCount: Int)
}

/// The sizes and parts of a sequence classifier.
public struct SequenceClassifierConfiguration: Sendable, Equatable, Codable {
  /// What it reads.
  public var input: ClassifierInput
  /// The width of the token vectors.
  public var embeddingSize: Int
  /// Convolutions over time before the recurrent layers: the features of each; empty for none.
  public var convolutions: [Int]
  /// The steps that a convolution sees.
  public var convolutionWidth: Int
  /// How many steps become one behind each convolution.
  public var convolutionStride: Int
  /// The cell.
  public var cell: CellCatalog
  /// What the cells do beyond their plain equations; nil for nothing.
  public var cellOptions: CellOptions?
  /// H.
  public var hiddenSize: Int
  /// Recurrent layers.
  public var layerCount: Int
  /// Whether each layer also reads from the end.
  public var isBidirectional: Bool
  /// How the outputs become one vector.
  public var pooling: SequencePooling
  /// On inputs, between layers and before the output.
  public var dropoutRate: Float
  /// Classes.
  public var classCount: Int
}

/// A sequence to scores of classes: vectors or embedded tokens, convolutions over time, recurrent layers, pooling, a linear
/// map.
public struct SequenceClassifier: Module {
  /// Token vectors, where tokens are read.
  public var embedding: Embedding?
  /// Convolutions, each behind the other, with max(x, 0) behind each.
  public var convolutions: [Convolution1D]
  /// The layers.
  public var recurrent: RecurrentLayer<AnyCell>
  /// Weights of the steps, where they are pooled by attention.
  public var attention: SequenceAttention?
  /// To the scores.
  public var head: Linear
  private let pooling: SequencePooling
  private let dropoutRate: Float

  /// A classifier with fresh parameters.
  public init(_ configuration: SequenceClassifierConfiguration, key: RandomKey) {
    var width: Int
    switch configuration.input {
    case .tokens(let count):
      width = configuration.embeddingSize
      embedding = Embedding(
        vocabularySize: count, size: width, initializer: .normal(deviation: 1), key: key.child(0))
    case .vectors(let count):
      width = count
      embedding = nil
    }
    convolutions = []
    for (index, size) in configuration.convolutions.enumerated() {
      convolutions.append(
        Convolution1D(
          inputSize: width, outputSize: size, width: configuration.convolutionWidth,
          stride: configuration.convolutionStride, key: key.child(1).child(index)))
      width = size
    }
    recurrent = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: width, isBidirectional: configuration.isBidirectional,
      dropoutRate: configuration.dropoutRate, key: key.child(2)
    ) { inputSize, key in
      configuration.cell.make(
        inputSize: inputSize, hiddenSize: configuration.hiddenSize,
        options: configuration.cellOptions ?? CellOptions(), key: key)
    }
    pooling = configuration.pooling
    attention =
      pooling == .attention
      ? SequenceAttention(inputSize: recurrent.outputSize, size: configuration.hiddenSize, key: key.child(3))
      : nil
    head = Linear(inputSize: recurrent.outputSize, outputSize: configuration.classCount, key: key.child(4))
    dropoutRate = configuration.dropoutRate
  }

  /// Names every parameter.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    for index in convolutions.indices { visitor.visit("convolution.\(index)", &convolutions[index]) }
    visitor.visit("recurrent", &recurrent)
    visitor.visit("attention", &attention)
    visitor.visit("head", &head)
  }

  /// Scores of classes `[B, C]` for vectors `[T, B, F]`.
  public func callAsFunction(_ batch: SequenceBatch, mode: Mode = .inference) -> Tensor {
    var batch = batch.replacing(Dropout(rate: dropoutRate)(batch.values, mode: mode.child(0)))
    for convolution in convolutions {
      let result = convolution(batch)
      batch = result.replacing(relu(result.values))
    }
    let (outputs, _) = recurrent(batch, mode: mode.child(1))
    let pooled =
      attention?(outputs, lengths: batch.lengths).pooled
      ?? pooling(outputs, lengths: batch.lengths, isBidirectional: recurrent.isBidirectional)
    return head(Dropout(rate: dropoutRate)(pooled, mode: mode.child(2)))
  }

  /// Scores of classes `[B, C]` for tokens `[T, B]`. Traps when the classifier reads vectors.
  public func callAsFunction(_ ids: Indices, lengths: [Int], mode: Mode = .inference) -> Tensor {
    guard let embedding else { fatalError("SequenceClassifier: this one reads vectors, tokens were given") }
    return self(SequenceBatch(embedding(ids), lengths: lengths), mode: mode)
  }
}
