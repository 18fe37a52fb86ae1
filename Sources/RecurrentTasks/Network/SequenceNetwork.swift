/// Reads sequences of tokens, numbers or pictures: token vectors beside the numbers, pictures through convolutions of their
/// own, convolutions over time (each with layer normalisation and max(x, 0)), recurrent layers.
public struct SequenceNetwork: Module {
  /// Token vectors, where tokens are read.
  public var embedding: Embedding?
  /// Pictures to vectors, where steps are pictures.
  public var picture: PictureEncoder?
  /// Over time.
  public var convolutions: [Convolution1D]
  /// Behind each convolution.
  public var norms: [LayerNorm]
  /// The layers.
  public var recurrent: RecurrentLayer<AnyCell>
  /// The sizes.
  public let configuration: SequenceNetworkConfiguration

  /// A network with fresh parameters.
  public init(_ configuration: SequenceNetworkConfiguration, key: RandomKey) {
    self.configuration = configuration
    var width = configuration.featureCount
    picture = nil
    if let height = configuration.pictureHeight, let columns = configuration.pictureWidth {
      picture = PictureEncoder(
        height: height, width: columns, convolutions: configuration.pictureConvolutions,
        size: configuration.pictureSize, key: key.child(0))
      width = configuration.pictureSize
    }
    embedding = configuration.vocabularySize.map { count in
      Embedding(
        vocabularySize: count, size: configuration.embeddingSize, initializer: .normal(deviation: 0.3),
        key: key.child(1))
    }
    if embedding != nil { width += configuration.embeddingSize }
    (convolutions, norms) = ([], [])
    for (index, one) in configuration.convolutions.enumerated() {
      convolutions.append(
        Convolution1D(
          inputSize: width, outputSize: one.size, width: one.width, stride: one.stride,
          padding: configuration.isCausal ? .causal : .same, lookahead: one.lookahead ?? 0,
          key: key.child(2).child(index)))
      norms.append(LayerNorm(size: one.size))
      width = one.size
    }
    recurrent = RecurrentLayer(
      layerCount: configuration.layerCount, inputSize: width, isBidirectional: !configuration.isCausal,
      dropoutRate: configuration.dropoutRate, key: key.child(3)
    ) { inputSize, key in
      configuration.cell.make(
        inputSize: inputSize, hiddenSize: configuration.hiddenSize,
        options: configuration.cellOptions ?? CellOptions(), initialization: .orthogonal, key: key)
    }
    .with(precision: configuration.precision)
  }

  /// Shows every parameter to `visitor`.
  public mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("picture", &picture)
    for index in convolutions.indices {
      visitor.visit("convolution.\(index)", &convolutions[index])
      visitor.visit("norm.\(index)", &norms[index])
    }
    visitor.visit("recurrent", &recurrent)
  }

  /// The same network with its weights in the form that kernels read.
  public func packed() -> SequenceNetwork {
    var copy = self
    copy.recurrent = recurrent.packed()
    return copy
  }

  /// The same network with the operands of the products in its recurrent layers rounded to `precision`.
  public func with(precision: Precision) -> SequenceNetwork {
    var copy = self
    copy.recurrent = recurrent.with(precision: precision)
    return copy
  }

  /// Reads a batch.
  ///
  /// - Returns: what the recurrent layers read, `[T', B, W]` with its lengths, and their outputs `[T', B, H]`, both zero
  ///   beyond the lengths: a row has the bits that it has alone.
  public func callAsFunction(
    _ batch: FeatureBatch, mode: Mode = .inference
  ) -> (inputs: SequenceBatch, outputs: Tensor) {
    let values = Dropout(rate: configuration.inputDropoutRate)(vectors(batch), mode: mode.child(0))
    // a token that fills up a row has a vector too
    var sequence = masked(SequenceBatch(values, lengths: batch.lengths))
    for (index, convolution) in convolutions.enumerated() {
      sequence = convolution(sequence)
      sequence = sequence.replacing(relu(norms[index](sequence.values)))
      sequence = masked(sequence)
    }
    let (outputs, _) = recurrent(sequence, mode: mode.child(1))
    return (sequence, outputs)
  }

  /// What heads read, `[T', B, W]`, with dropout in training, and the lengths of the rows in steps of the output.
  func outputs(_ batch: FeatureBatch, mode: Mode) -> (values: Tensor, lengths: [Int]) {
    let (inputs, outputs) = self(batch, mode: mode.child(0))
    let dropped = Dropout(rate: configuration.dropoutRate)(outputs, mode: mode.child(1))
    return (dropped, inputs.lengths ?? [Int](repeating: inputs.stepCount, count: inputs.batchSize))
  }

  /// Zero beyond the lengths, which token vectors and normalisation do not keep.
  private func masked(_ batch: SequenceBatch) -> SequenceBatch {
    guard let lengths = batch.lengths, lengths.contains(where: { $0 < batch.stepCount }) else { return batch }
    let mask = (0..<batch.stepCount).flatMap { step in lengths.map { step < $0 ? Float(1) : 0 } }
    return batch.replacing(batch.values * Tensor(mask, shape: [batch.stepCount, batch.batchSize, 1]))
  }

  /// What is read at each step, `[T, B, W]`.
  private func vectors(_ batch: FeatureBatch) -> Tensor {
    var parts: [Tensor] = []
    if let embedding {
      // sequences without steps have no tokens
      let shape = [batch.stepCount, batch.lengths.count]
      let blank = Indices([Int32](repeating: 0, count: shape[0] * shape[1]), shape: shape)
      trapUnless(
        batch.tokens != nil || batch.lengths.allSatisfy { $0 == 0 },
        "SequenceNetwork: expected tokens, received numbers alone")
      parts.append(embedding(batch.tokens ?? blank))
    }
    if let values = batch.values {
      parts.append(picture.map { encoded(values, batch.lengths, $0) } ?? values)
    }
    trapUnless(!parts.isEmpty, "SequenceNetwork: the batch has neither tokens nor numbers")
    return concatenate(parts, axis: 2)
  }

  /// Pictures through their encoder, those beyond the lengths left out.
  private func encoded(_ values: Tensor, _ lengths: [Int], _ encoder: PictureEncoder) -> Tensor {
    let (steps, batch, pixels) = (values.shape[0], values.shape[1], values.shape[2])
    var target = [Int32](repeating: -1, count: steps * batch)
    var (channels, count) = ([Float](), 0)
    channels.reserveCapacity(lengths.reduce(0, +) * pixels * PictureHistory.channelCount)
    let scalars = values.scalars
    for (row, length) in lengths.enumerated() {
      var history = PictureHistory(configuration.pictureScale)
      for step in 0..<length {
        let start = (step * batch + row) * pixels
        history.append(scalars[start..<start + pixels], to: &channels)
        target[step * batch + row] = Int32(count)
        count += 1
      }
    }
    guard count > 0 else { return Tensor(zeros: [steps, batch, configuration.pictureSize]) }
    let vectors = encoder(Tensor(channels, shape: [count, PictureHistory.channelCount, pixels]))
    let table = concatenate([vectors, vectors.backend.filled(0, shape: [1, vectors.shape[1]])])
    return gather(table, rows: Indices(target.map { $0 < 0 ? Int32(count) : $0 }))
      .reshaped(to: [steps, batch, vectors.shape[1]])
  }
}
