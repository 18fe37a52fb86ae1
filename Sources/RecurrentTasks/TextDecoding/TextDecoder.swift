/// Writes texts while it looks at what was read: token vectors, an ``AttentionDecoder`` of GRUs, and a score for each token.
///
/// The token vectors are the weights of the output (Press and Wolf 2017, arXiv:1608.05859).
public struct TextDecoder: Module {
  /// The sizes of a decoder, and what is random in its training.
  public struct Configuration: Sendable, Equatable, Codable {
    /// E: the width of the token vectors.
    public var embeddingSize: Int
    /// H: units of the decoder.
    public var hiddenSize: Int
    /// M: the width of what it looks at.
    public var memorySize: Int
    /// The dropout rate on token vectors.
    public var dropoutRate: Float
    /// The dropout rate before the output.
    public var outputDropoutRate: Float
    /// The probability that the loss spreads over all tokens.
    public var labelSmoothing: Float

    /// Sizes and rates.
    public init(
      embeddingSize: Int, hiddenSize: Int, memorySize: Int, dropoutRate: Float = 0.3,
      outputDropoutRate: Float = 0.5, labelSmoothing: Float = 0.1
    ) {
      (self.embeddingSize, self.hiddenSize, self.memorySize) = (embeddingSize, hiddenSize, memorySize)
      (self.dropoutRate, self.outputDropoutRate) = (dropoutRate, outputDropoutRate)
      self.labelSmoothing = labelSmoothing
    }

    /// Throws where the values are impossible.
    func check(_ key: String) throws(ValueIssue) {
      for (name, size) in [
        ("embeddingSize", embeddingSize), ("hiddenSize", hiddenSize), ("memorySize", memorySize),
      ] { try ValueIssue.check("\(key).\(name)", size, in: 1...1 << 20) }
      for (name, rate) in [
        ("dropoutRate", dropoutRate), ("outputDropoutRate", outputDropoutRate),
        ("labelSmoothing", labelSmoothing),
      ] { try ValueIssue.check("\(key).\(name)", rate, in: 0...Float(1).nextDown) }
    }
  }

  /// `[V, E]`.
  public var embedding: Embedding { didSet { output = nil } }
  /// Looks and writes.
  public var decoder: AttentionDecoder<GRU>
  /// `[V]`.
  public var outputBias: Tensor { didSet { output = nil } }
  let configuration: Configuration
  /// The output with its weights in the form that kernels read.
  private var output: Linear?

  /// A decoder for `vocabularySize` tokens, with fresh parameters.
  public init(_ configuration: Configuration, vocabularySize: Int, key: RandomKey) {
    let (size, hidden) = (configuration.embeddingSize, configuration.hiddenSize)
    embedding = Embedding(
      vocabularySize: vocabularySize, size: size,
      initializer: .normal(deviation: 1 / Float(size).squareRoot()), key: key.child(0))
    decoder = AttentionDecoder(
      inputSize: size, memorySize: configuration.memorySize, outputSize: size, key: key.child(2)
    ) { GRU(inputSize: $0, hiddenSize: hidden, key: $1) }
    outputBias = Tensor(zeros: [vocabularySize])
    self.configuration = configuration
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("decoder", &decoder)
    visitor.visit("output_bias", &outputBias)
  }

  /// The same decoder with its weights in the form that kernels read.
  public func packed() -> TextDecoder {
    var copy = self
    copy.decoder = decoder.packed()
    copy.output = Linear(weight: embedding.weight, bias: outputBias).packed()
    return copy
  }

  /// Vectors of tokens, of variance 1 at the beginning.
  func vectors(_ tokens: [Int32], shape: [Int]) -> Tensor {
    embedding(Indices(tokens, shape: shape)) * Float(configuration.embeddingSize).squareRoot()
  }

  /// Sequences side by side, `[T, B]`, padded with zeros.
  static func sideBySide(_ rows: [[Int32]]) -> (tokens: [Int32], steps: Int) {
    let steps = rows.map(\.count).max() ?? 0
    return ((0..<steps).flatMap { step in rows.map { step < $0.count ? $0[step] : 0 } }, steps)
  }

  /// The mean negative log-likelihood of the tokens of texts and their ends, in nats; in training with label smoothing.
  ///
  /// - Parameters:
  ///   - targets: the tokens of each text, without their ends.
  ///   - memory: a row for each text. It is made behind the vectors of the inputs: where it has the same token vectors, their
  ///     gradients are summed in the order of the operations, which decides their bits.
  ///   - end: the token that begins and ends texts.
  ///   - mode: training for dropout and label smoothing.
  public func loss(
    _ targets: [[Int32]], over memory: @autoclosure () -> AttentionMemory, end: Int32, mode: Mode
  ) -> Tensor {
    let lengths = targets.map { $0.count + 1 }
    let (inputs, steps) = TextDecoder.sideBySide(targets.map { [end] + $0 })
    let (labels, _) = TextDecoder.sideBySide(targets.map { $0 + [end] })
    let x = Dropout(rate: configuration.dropoutRate)(
      vectors(inputs, shape: [steps, targets.count]), mode: mode.child(4))
    let written = decoder(SequenceBatch(x, lengths: lengths), over: memory()).outputs
    var smoothing: Float = 0
    if case .training = mode { smoothing = configuration.labelSmoothing }
    return linearCrossEntropy(
      Dropout(rate: configuration.outputDropoutRate)(written, mode: mode.child(5)),
      weight: embedding.weight, bias: outputBias, Indices(labels, shape: [steps, targets.count]),
      labelSmoothing: smoothing, lengths: lengths)
  }

  /// Writes one token of each row.
  ///
  /// - Parameters:
  ///   - tokens: the last one of each row.
  ///   - state: of as many rows, or of fewer that rows share.
  ///   - memory: what is looked at.
  ///   - rows: for each row that of the memory.
  ///   - states: for each row that of the state; nil where they are the same.
  /// - Returns: scores of all tokens, of which softmax makes probabilities, `[B, V]`; what was looked at `[B, S]`; and the next state.
  func step(
    _ tokens: [Int32], _ state: Tensor, over memory: AttentionMemory, rows: [Int], states: [Int]? = nil
  ) -> (logits: Tensor, attention: Tensor, state: Tensor) {
    let (own, places) = tokens.distinct
    let (written, attention, next) = decoder.step(
      vectors(own, shape: [own.count]), state, over: memory, rows: rows,
      shared: SharedRows(inputs: places, states: states ?? Array(tokens.indices)))
    let output = output ?? Linear(weight: embedding.weight, bias: outputBias)
    return (output(written), attention, next)
  }
}

extension Array where Element: Hashable {
  /// The elements that there are, each once in the order of their first places, and for each place the number of its own.
  var distinct: (elements: [Element], places: [Int]) {
    var (elements, numbers) = ([Element](), [Element: Int]())
    let places = map { element in
      if let number = numbers[element] { return number }
      numbers[element] = elements.count
      elements.append(element)
      return elements.count - 1
    }
    return (elements, places)
  }
}
