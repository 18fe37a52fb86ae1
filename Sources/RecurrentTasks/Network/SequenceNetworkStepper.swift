/// A causal network that reads one step of B sequences after the other, with the bits that the whole sequences give.
///
/// Each convolution keeps the last steps that it sees; with a stride of n it has an output at every n-th step alone. Numbers and
/// tokens are read without allocation, pictures by tensors.
public struct SequenceNetworkStepper: RowStepper {
  /// B.
  public let rowCount: Int
  private let network: SequenceNetwork
  private let heads: [Linear]
  private var stages: [ConvolutionStepper]
  private var recurrent: RecurrentStepper<AnyCell>
  /// Of pictures those so far, of each row.
  private var histories: [PictureHistory]
  /// What the first stage reads, `[B, W]`.
  private var vectors: [Float]
  /// Rows that have something to go on: a step behind ``load(_:row:)``, an output behind ``advance()``.
  private var isActive: [Bool]
  private var isRead = true
  /// Steps behind the end that were read of each row.
  private var tails: [Int]

  /// The beginning of sequences; nil for a network that looks ahead.
  ///
  /// - Parameters:
  ///   - network: the network; its weights are packed here.
  ///   - heads: linear maps behind the recurrent layers.
  ///   - rowCount: B.
  public init?(_ network: SequenceNetwork, heads: [Linear] = [], rowCount: Int = 1) {
    guard network.configuration.isCausal else { return nil }
    self.init(packed: network.packed(), heads: heads, rowCount: rowCount)
  }

  private init(packed network: SequenceNetwork, heads: [Linear], rowCount: Int) {
    (self.network, self.heads, self.rowCount) = (network, heads, rowCount)
    stages = zip(network.convolutions, network.norms).map {
      ConvolutionStepper($0, $1, rowCount: rowCount)
    }
    recurrent = RecurrentStepper(network.recurrent, heads: heads, batchSize: rowCount)
    histories = Array(repeating: PictureHistory(network.configuration.pictureScale), count: rowCount)
    let width = stages.first?.inputSize ?? network.recurrent.inputSize
    vectors = [Float](repeating: 0, count: rowCount * width)
    isActive = [Bool](repeating: false, count: rowCount)
    tails = [Int](repeating: 0, count: rowCount)
  }

  /// So many rows at the beginning.
  public func beginning(rowCount: Int) -> SequenceNetworkStepper {
    SequenceNetworkStepper(packed: network, heads: heads, rowCount: rowCount)
  }

  // MARK: Steps

  /// Puts the features of a step of a row beside those of other rows. Traps where it is not one step of what the network reads.
  public mutating func load(_ step: FeatureSequence, row: Int) {
    forgetOutputs()
    isRead = false
    trapUnless(step.stepCount == 1, "SequenceNetworkStepper: expected one step, received \(step.stepCount)")
    trapUnless(
      network.embedding == nil || !step.tokens.isEmpty,
      "SequenceNetworkStepper: expected a token, received numbers alone")
    trapUnless(
      step.featureCount == network.configuration.featureCount,
      "SequenceNetworkStepper: expected \(network.configuration.featureCount) numbers, received "
        + "\(step.featureCount)")
    isActive[row] = true
    let (network, width) = (network, vectors.count / rowCount)
    let pictured = network.picture.map { encoded(step, row, $0) }
    vectors.withUnsafeMutableBufferPointer { vectors in
      guard let base = vectors.baseAddress else { return }
      var target = base + row * width
      if let embedding = network.embedding, let token = step.tokens.first {
        embedding.copy(token, to: target)
        target += embedding.weight.shape[1]
      }
      if let pictured {
        for (place, number) in pictured.enumerated() { target[place] = number }
      } else {
        step.copyStep(0, to: target)
      }
    }
  }

  private mutating func encoded(_ step: FeatureSequence, _ row: Int, _ encoder: PictureEncoder) -> [Float] {
    var channels: [Float] = []
    histories[row].append(step.values[...], to: &channels)
    return encoder(Tensor(channels, shape: [1, PictureHistory.channelCount, step.featureCount])).scalars
  }

  /// Reads the steps that were loaded.
  public mutating func advance() {
    forgetOutputs()
    isRead = true
    advance(from: 0)
  }

  /// Reads a step behind the last one of a row, where a convolution that looks ahead still waits for one.
  ///
  /// - Returns: false where none does.
  public mutating func advanceBehindEnd(row: Int) -> Bool {
    guard let stage = stages.firstIndex(where: { $0.lookahead > 0 }), tails[row] < stages[stage].lookahead
    else { return false }
    tails[row] += 1
    isRead = true
    forgetOutputs()
    isActive[row] = true
    stages[stage].stepBehindEnd(&isActive)
    advance(from: stage + 1)
    return true
  }

  /// Hands what the stages before have given out through those from one on, and through the recurrent layers.
  private mutating func advance(from first: Int) {
    for index in first..<stages.count {
      guard index > 0 else {
        stages[0].step(vectors, &isActive)
        continue
      }
      let input = stages[index - 1].output
      stages[index].step(input, &isActive)
    }
    guard isActive.contains(true) else { return }
    let count = recurrent.rowCount
    (stages.last?.output ?? vectors).withUnsafeBufferPointer {
      recurrent.step(UnsafeBufferPointer(rebasing: $0[..<($0.count / rowCount * count)]))
    }
    for row in 0..<count where !isActive[row] { recurrent.takeBack(row: row) }
  }

  /// What was given out belongs to the steps before.
  private mutating func forgetOutputs() {
    guard isRead else { return }
    for row in isActive.indices { isActive[row] = false }
  }

  /// Whether the recurrent layers have read a step of a row by the last one, which a stride may have passed over.
  public func hasOutput(row: Int) -> Bool { isActive[row] }

  /// Calls `body` with what the recurrent layers have read of a row, `[W]`.
  public func withInput<R>(row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try (stages.last?.output ?? vectors).withUnsafeBufferPointer { try body($0.row(row, of: rowCount)) }
  }

  /// Calls `body` with the output of a row, of the last head or of the recurrent layers where there is none, `[H]`.
  public func withOutput<R>(row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try recurrent.withOutput { try body($0.row(row, of: rowCount)) }
  }

  // MARK: Rows that come and go

  /// So many rows that come and go; nil for pictures, and for cells that the backend does not fuse.
  public func slots(count: Int) -> SequenceNetworkStepper? {
    guard recurrent.rowStateCount != nil, network.picture == nil else { return nil }
    let slots = beginning(rowCount: count)
    return slots.stages.allSatisfy(\.hasSlots) ? slots : nil
  }

  /// Lets the next steps be of the first rows alone.
  public mutating func setRowCount(_ count: Int) {
    recurrent.setRowCount(count)
    for index in stages.indices { stages[index].setRowCount(count) }
  }

  /// Goes on with a row from that of another stepper.
  public mutating func setRow(_ row: Int, from other: SequenceNetworkStepper, row otherRow: Int) {
    guard recurrent.rowStateCount != nil, network.picture == nil else {
      keepRow(row, from: other, row: otherRow)
      return
    }
    recurrent.setRow(row, from: other.recurrent, row: otherRow)
    for index in stages.indices { stages[index].setRow(row, from: other.stages[index], row: otherRow) }
    tails[row] = other.tails[otherRow]
  }

  // MARK: State

  /// What is kept of a row.
  public func state(row: Int) -> SessionState {
    var state = network.recurrent.state(recurrent.state, row: row, "network.")
    for (index, stage) in stages.enumerated() {
      state.tensors.append((name: "network.window.\(index)", value: Tensor(stage.window(row: row))))
    }
    state.integers.append((name: "network.phases", values: stages.map { Int64($0.phases[row]) }))
    return network.picture == nil ? state : state + histories[row].state("network.pictures")
  }

  /// Goes on with a row from a state that was kept.
  ///
  /// - Throws: ``InterchangeError/notAState(path:reason:)`` where it is that of another network, or damaged.
  public mutating func restore(_ state: SessionState, row: Int) throws {
    recurrent.state = try network.recurrent.replacing(recurrent.state, row: row, from: state, "network.")
    let phases = try state.integers("network.phases", count: stages.count, in: -1 << 12...1 << 60)
    tails[row] = 0
    for index in stages.indices {
      let window = try state.tensor("network.window.\(index)", [stages[index].windowSize]).scalars
      try state.check(
        stages[index].restore(window, phase: phases[index], row: row),
        "a phase of a convolution is impossible")
    }
    if network.picture != nil {
      try histories[row].restore(state, "network.pictures", pixels: network.configuration.featureCount)
    }
  }
}

extension UnsafeBufferPointer {
  /// One of `count` rows.
  func row(_ row: Int, of rows: Int) -> UnsafeBufferPointer {
    let width = count / rows
    return UnsafeBufferPointer(rebasing: self[row * width..<(row + 1) * width])
  }
}
