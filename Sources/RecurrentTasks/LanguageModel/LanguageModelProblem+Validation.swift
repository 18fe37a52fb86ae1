extension LanguageModelProblem {
  /// The mean cross-entropy of the validation tokens, read as a few long streams side by side for speed; the exact
  /// figure, in one carried state, is that of ``LanguageModelEvaluation``.
  public func validate(_ model: LanguageModel) throws -> Validation? {
    try validate(model, among: SoloCommunicator())
  }

  /// The same by several ranks: each reads some of the streams, and the losses of all tokens are added in their order.
  ///
  /// - Throws: what reading the tokens throws, or ``CommunicationError``.
  public func validate(_ model: LanguageModel, among ranks: any Communicator) throws -> Validation? {
    guard validation.count > 1 else { return nil }
    let length = Swift.min(configuration.sequenceLength, validation.count - 1)
    let streams = Swift.max(1, Swift.min(32, (validation.count - 1) / (16 * length)))
    // with a limit of memory no more tokens at once than in training
    let rows = try recomputation(for: model).map { $0.chunkLength * settings.batchSize } ?? .max
    let pieceLength = Swift.min(length, Swift.max(1, rows / streams))
    let windows = try BPTTWindows(ids: validation, batchSize: streams, windowLength: pieceLength)
    // an adaptive softmax adds losses in an order of its own: one rank reads all
    let readers = model.adaptiveSoftmax == nil ? ranks.size : 1
    func share(of rank: Int) -> Range<Int> {
      rank < readers ? rank * streams / readers..<(rank + 1) * streams / readers : 0..<0
    }
    let own = share(of: ranks.rank)
    let read =
      own.isEmpty
      ? [] : withinMemory { losses(model.packed(), windows, streams: own, areMeans: readers == 1) }
    let all = try ranks.gather(read.withUnsafeBytes { Array($0) }).map { bytes in
      bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }
    var total = 0.0
    var count = 0
    var places = Array(repeating: 0, count: readers)
    for (number, window) in windows.windows(epoch: 0).enumerated() {
      let tokens = window.inputs.count
      if readers == 1 {
        total += Double(all[0][number]) * Double(tokens)
      } else {
        var losses: [Float] = []
        losses.reserveCapacity(tokens)
        for _ in 0..<window.inputs.shape[0] {
          for reader in 0..<readers {
            let width = share(of: reader).count
            losses += all[reader][places[reader]..<places[reader] + width]
            places[reader] += width
          }
        }
        let mean = Tensor(losses, shape: [tokens]).sum() * Float(1 / Double(tokens))
        total += Double(mean.scalar) * Double(tokens)
      }
      count += tokens
    }
    return Validation(loss: total / Double(Swift.max(count, 1)))
  }

  /// The cross-entropies of some streams in nats: of each token, step by step, or the means of the windows.
  private func losses(
    _ model: LanguageModel, _ windows: BPTTWindows, streams: Range<Int>, areMeans: Bool
  ) -> [Float] {
    var result: [Float] = []
    var state: LanguageModel.State?
    for window in windows.windows(epoch: 0) {
      let (hidden, next) = model.read(window.inputs.columns(streams), state: state)
      let (mean, rows) = model.losses(hidden, targets: window.targets.columns(streams))
      result += areMeans ? mean.scalars : rows.scalars
      state = next
    }
    return result
  }
}
