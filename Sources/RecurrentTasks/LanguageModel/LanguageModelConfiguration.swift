/// The parts and sizes of a language model, and the windows that it is trained on.
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
  /// Parameters are drawn from minus this to this, all of them, whatever the initialisation is; nil for what that says.
  public var initialRange: Float? = nil
  /// What the operands of the products in the recurrent layers are rounded to, in training and after it.
  public var precision: Precision
  /// T: steps of a window of truncated backpropagation through time.
  public var sequenceLength: Int
  /// Whether the lengths of windows vary at random (AWD-LSTM).
  public var isSequenceLengthRandom: Bool
  /// The memory that a training may take; longer windows are recomputed in chunks. Nil for no limit.
  public var bpttMemory: MemorySize? = nil
  /// Whether a training reads stretches of nucleotide sequences on either strand; nil for no.
  public var readsBothStrands: Bool? = nil
  /// Whether the validation part chooses how the model goes on learning from what it reads; nil for no.
  public var tunesAdaptation: Bool? = nil
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

  /// The cell of the recurrent layers.
  var cellChoice: CellChoice { CellChoice(cell, cellOptions, precision) }

  /// About how many bytes a training takes: parameters, gradient, statistics, copies, and what a window keeps, as far as the
  /// memory for it is not limited.
  ///
  /// - Parameters:
  ///   - vocabularySize: V.
  ///   - batchSize: B.
  func trainingMemory(vocabularySize: Int, batchSize: Int) -> Int {
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
