/// Everything that decides how a language model is made and trained, apart from the data.
public struct LanguageModelConfiguration: Sendable, Equatable, Codable {
  /// What one token stands for.
  public var unit: TextUnit
  /// The most tokens of the vocabulary; nil for all characters or words, or 2,000 byte pairs.
  public var vocabularySize: Int?
  /// How often a character or word must occur in the training text to get a token.
  public var minimumCount: Int
  /// The cell.
  public var cell: CellCatalog
  /// What the cells do beyond their plain equations; nil for nothing.
  public var cellOptions: CellOptions?
  /// H: units in each layer.
  public var hiddenSize: Int
  /// Recurrent layers.
  public var layerCount: Int
  /// E: the width of the token vectors.
  public var embeddingSize: Int
  /// Whether the output uses the token vectors as its weights (Press and Wolf 2017, arXiv:1608.05859).
  public var tiesEmbeddings: Bool
  /// The adaptive softmax; nil for a full one.
  public var adaptiveSoftmax: AdaptiveSoftmaxConfiguration?
  /// The dropout rate on token vectors, between layers and before the output.
  public var dropoutRate: Float
  /// Whether dropout uses one mask for all steps of a window.
  public var isDropoutVariational: Bool
  /// How the recurrent weights are drawn.
  public var initialization: Initialization
  /// What the operands of the products in the recurrent layers are rounded to, in training and after it.
  public var precision: Precision
  /// T: steps of a window of truncated backpropagation through time.
  public var sequenceLength: Int
  /// Whether the lengths of windows vary at random (AWD-LSTM).
  public var isSequenceLengthRandom: Bool
  /// The memory that a training may take; longer windows are recomputed in chunks. Nil for no limit.
  public var bpttMemory: MemorySize? = nil
  /// B: streams that the text is cut into.
  public var batchSize: Int
  /// The optimiser.
  public var optimizer: OptimizerCatalog
  /// The learning rate after warm-up.
  public var learningRate: Double
  /// The decay of the weights.
  public var weightDecay: Double
  /// The course of the training.
  public var training: TrainerSettings
  /// The shares of the text for training, validation and test; nil when validation has files of its own.
  public var split: [Double]?

  /// How the recurrent weights are drawn.
  public enum Initialization: String, Sendable, Codable, CaseIterable {
    /// PyTorch's uniform.
    case uniform
    /// Orthogonal recurrent weights, Xavier for the input, forget bias 1.
    case orthogonal

    /// As the cells take it.
    public var recurrent: RecurrentInitialization {
      switch self {
      case .uniform: .uniform
      case .orthogonal: .orthogonal
      }
    }
  }

  /// A configuration that gives a good model at the first try, chosen from the size of the training text.
  ///
  /// Batches grow with the text until a step keeps the processor busy; epochs shrink with it so that the whole training
  /// reads about eight million characters; wider networks go with more text.
  ///
  /// - Parameters:
  ///   - unit: what a token stands for.
  ///   - tokenCount: of the training text.
  public static func standard(unit: TextUnit, tokenCount: Int) -> LanguageModelConfiguration {
    let isSmallUnit = unit == .character || unit == .byte
    let sequenceLength = Swift.min(isSmallUnit ? 128 : 35, Swift.max(8, tokenCount / 16))
    var batchSize = 1
    while batchSize < (isSmallUnit ? 64 : 32), tokenCount >= 2 * batchSize * sequenceLength * 60 {
      batchSize *= 2
    }
    let budget = isSmallUnit ? 8_000_000 : 4_000_000
    let epochs = Swift.min(40, Swift.max(2, (budget + tokenCount / 2) / Swift.max(tokenCount, 1)))
    let hiddenSize = tokenCount < 200_000 ? 128 : 256
    return LanguageModelConfiguration(
      unit: unit, vocabularySize: unit == .word ? 10_000 : nil, minimumCount: 1, cell: .lstm,
      hiddenSize: hiddenSize,
      layerCount: 1, embeddingSize: isSmallUnit ? 64 : 128, tiesEmbeddings: false, adaptiveSoftmax: nil,
      dropoutRate: tokenCount < 200_000 ? 0.3 : 0.1, isDropoutVariational: false, initialization: .uniform,
      precision: .float32, sequenceLength: sequenceLength, isSequenceLengthRandom: false,
      batchSize: batchSize, optimizer: .adam,
      learningRate: batchSize >= 32 ? 4e-3 : 2e-3, weightDecay: 0,
      training: TrainerSettings(
        epochs: epochs, schedule: LearningRateSchedule(.cosine(final: 0.05)), clipNorm: 1, patience: nil,
        seed: 1),
      split: [0.9, 0.05, 0.05])
  }
}

extension LanguageModelConfiguration {
  /// The number of parameters of the model, without making it.
  public func parameterCount(vocabularySize: Int) -> Int {
    let input = embeddingSize
    let layers = (0..<layerCount).reduce(0) { sum, layer in
      sum
        + cell.parameterCount(
          inputSize: layer == 0 ? input : outputSize, hiddenSize: hiddenSize,
          options: cellOptions ?? CellOptions())
    }
    let output =
      tiesEmbeddings
      ? (outputSize == input ? 0 : outputSize * input) + vocabularySize
      : adaptiveSoftmax?.parameterCount(inputSize: outputSize, vocabularySize: vocabularySize)
        ?? (outputSize + 1) * vocabularySize
    return vocabularySize * input + layers + output
  }

  /// The width of what the recurrent layers give out.
  public var outputSize: Int {
    cell.outputSize(hiddenSize: hiddenSize, options: cellOptions ?? CellOptions())
  }

  /// About how many bytes the training takes: parameters, gradient, statistics, copies, and what a window keeps, as
  /// far as the memory for it is not limited.
  public func trainingMemory(vocabularySize: Int) -> Int {
    let rows = sequenceLength * batchSize
    // an mLSTM keeps a matrix for each head every sqrt(T) steps
    let matrices =
      cell == .mlstm
      ? batchSize * Int(Double(sequenceLength).squareRoot() + 2) * hiddenSize * layerCount
        * (hiddenSize / (cellOptions ?? CellOptions()).headCount(hiddenSize: hiddenSize)) : 0
    // logits exist for a chunk of rows at a time
    let logits = Swift.min(rows * vocabularySize, Swift.max(1 << 24, 16 * vocabularySize))
    let parameters = 4 * 6 * parameterCount(vocabularySize: vocabularySize)
    let window = 4 * (rows * 8 * hiddenSize * layerCount + matrices + logits)
    return Swift.max(parameters, Swift.min(parameters + window, bpttMemory?.bytes ?? .max))
  }
}

extension KeyedDecodingContainer {
  /// Bundles that were written before there was a choice say nothing of a precision.
  func decode(_ type: Precision.Type, forKey key: Key) throws -> Precision {
    try decodeIfPresent(type, forKey: key) ?? .float32
  }
}
