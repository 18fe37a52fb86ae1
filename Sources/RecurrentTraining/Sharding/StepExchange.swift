import Synchronization

/// Adds up the gradients of the shards of a step, of this rank and all others, slice by slice.
///
/// Each rank adds its shards up to its node of the tree. Then every rank adds the upper tree for a part of a slice, and all get all parts. A
/// slice is exchanged as soon as this rank knows it, while the backward pass goes on with those before it; the order of the slices is
/// that of the model, the same on all ranks.
final class StepExchange {
  /// What came of the exchanges.
  private final class Results: Sendable {
    let values = Mutex((headers: [StepHeader](), sums: [Int: [Float]](), parts: [[StepHeader.Part?]]()))
  }

  private let ranks: any Communicator
  private let line: ExchangeLine
  private let slices: GradientSlices
  private let results = Results()
  private var header: StepHeader
  private var trees: [GradientTree]
  /// Slices that were given to the line.
  private var givenCount = 0
  /// Gradients of the last shard that are whole; nil within for zeros.
  private var known: [Tensor??]

  /// An exchange of one step.
  ///
  /// - Parameters:
  ///   - ranks: with whom.
  ///   - line: by which; nothing waits in it.
  ///   - counts: elements of each parameter.
  ///   - leastSlice: the fewest elements of a slice.
  ///   - header: what is compared; whether there is a gradient is found out.
  init(
    _ ranks: any Communicator, _ line: ExchangeLine, counts: [Int], leastSlice: Int, header: StepHeader
  ) {
    (self.ranks, self.line, self.header) = (ranks, line, header)
    slices = GradientSlices(of: counts, ranks: ranks.size, leastCount: leastSlice)
    trees = slices.slices.map { _ in GradientTree() }
    known = Array(repeating: nil, count: counts.count)
  }

  /// Adds a shard, not the last one of this rank.
  ///
  /// - Parameters:
  ///   - gradient: of each parameter; nil where the shard has no rows.
  ///   - weight: of the shard.
  func add(_ gradient: [Tensor]?, weight: Double) {
    let gradient = weight > 0 ? gradient : nil
    if gradient != nil { header.hasGradient = true }
    for (index, slice) in slices.slices.enumerated() {
      trees[index].add(gradient.map { own in slices.flattened(slice, times: Float(weight)) { own[$0] } })
    }
  }

  /// Takes the gradient of a parameter of the last shard.
  func take(_ parameter: Int, _ gradient: Tensor?, weight: Double) {
    guard weight > 0 else { return }
    known[parameter] = .some(gradient)
    while givenCount < slices.slices.count,
      slices.slices[givenCount].parameters.allSatisfy({ known[$0] != nil })
    {
      give(weight: weight) { self.known[$0] ?? nil }
    }
  }

  /// Adds the last shard of this rank, as far as it was not taken before.
  func addLast(_ gradient: [Tensor]?, weight: Double) {
    while givenCount < slices.slices.count {
      if weight > 0, let gradient {
        give(weight: weight) { gradient[$0] }
      } else {
        give(weight: 0, nil)
      }
    }
  }

  /// Gives the next slice to the line.
  private func give(weight: Double, _ gradient: ((Int) -> Tensor?)?) {
    if gradient != nil { header.hasGradient = true }
    if givenCount == 0 {
      line.ask { [ranks, results, header] in
        let headers = try header.exchanged(among: ranks)
        results.values.withLock { $0.headers = headers }
      }
    }
    let (index, slice) = (givenCount, slices.slices[givenCount])
    givenCount += 1
    trees[index].add(gradient.map { slices.flattened(slice, times: Float(weight), $0) })
    let node = trees[index].finish() ?? [Float](repeating: 0, count: slice.count)
    line.ask { [ranks, results] in
      let isPresent = results.values.withLock { $0.headers.map(\.hasGradient) }
      let sum = try StepExchange.added(node, isPresent: isPresent, among: ranks)
      results.values.withLock { $0.sums[index] = sum }
    }
  }

  /// The sum of the nodes of all ranks by the upper tree.
  private static func added(
    _ node: [Float], isPresent: [Bool], among ranks: any Communicator
  ) throws -> [Float] {
    if ranks.size == 1 { return node }
    let slices = try ranks.exchangeValues(node)
    let length = slices.count / ranks.size
    var tree = GradientTree()
    for rank in 0..<ranks.size {
      tree.add(isPresent[rank] ? Array(slices[rank * length..<(rank + 1) * length]) : nil)
    }
    return try ranks.gatherValues(tree.finish() ?? [Float](repeating: 0, count: length))
  }

  /// What all ranks have found.
  ///
  /// - Parameters:
  ///   - parts: what this rank says about its shards.
  ///   - model: whose gradient it is.
  /// - Returns: what was said of all shards in their order, nil of those without rows; the sum of all gradients, by their weights, divided
  ///   by the sum of the weights; what any rank wishes.
  /// - Throws: ``CommunicationError``.
  func finish<Model: Module>(
    _ parts: [StepHeader.Part?], like model: Model
  ) throws -> (parts: [StepHeader.Part?], gradient: Model, wishes: StepHeader.Wishes) {
    line.ask { [ranks, results] in
      let all = try StepHeader.exchanged(parts, among: ranks)
      results.values.withLock { $0.parts = all }
    }
    try line.finish()
    let (headers, sums, all) = results.values.withLock { $0 }
    let weight = all.joined().compactMap { $0?.weight }.filter { $0 > 0 }.reduce(0, +)
    return (
      parts: Array(all.joined()),
      gradient: slices.unflattened(
        slices.slices.indices.map { sums[$0] ?? [] }, times: weight > 0 ? Float(1 / weight) : 1, like: model),
      wishes: headers.reduce(into: []) { $0.formUnion($1.wishes) }
    )
  }
}
