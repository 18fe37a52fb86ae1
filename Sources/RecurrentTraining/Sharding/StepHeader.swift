/// What a rank says about a step before gradients are exchanged.
struct StepHeader {
  /// Wishes that hold for all where one rank has them.
  struct Wishes: OptionSet {
    let rawValue: UInt64
    /// The training is to end behind this step.
    static let stop = Wishes(rawValue: 1)
    /// A checkpoint is to be written behind this step.
    static let checkpoint = Wishes(rawValue: 2)
  }

  /// What is said of a shard that has rows.
  struct Part {
    var loss, weight: Double
    var unitCount: Int
    var learningRateFactor: Double
  }

  /// Steps taken before.
  var stepCount: Int
  var wishes: Wishes
  /// Tells the configuration of the training from others.
  var configuration: UInt64
  /// That of the parameters, where they are compared; else 0.
  var parameters: UInt64
  /// Whether any shard of the rank has a gradient.
  var hasGradient = false

  /// Headers of all ranks, that of rank 0 first.
  ///
  /// - Throws: ``CommunicationError``, also where a rank is at another step, or has another configuration or other parameters.
  func exchanged(among ranks: any Communicator) throws -> [StepHeader] {
    let flag: UInt64 = hasGradient ? 1 : 0
    let numbers: [UInt64] = [UInt64(stepCount), wishes.rawValue, configuration, parameters, flag]
    let all: [UInt64] = try ranks.gatherValues(numbers)
    let headers = (0..<ranks.size).map { rank -> StepHeader in
      let own: [UInt64] = Array(all[rank * numbers.count..<(rank + 1) * numbers.count])
      return StepHeader(
        stepCount: Int(truncatingIfNeeded: own[0]), wishes: Wishes(rawValue: own[1]), configuration: own[2],
        parameters: own[3], hasGradient: own[4] == 1)
    }
    for (rank, header) in headers.enumerated() {
      guard let what = header.difference(from: headers[0]) else { continue }
      let hosts = try ranks.gather(Array(ranks.host.utf8))
      throw CommunicationError.differs(
        rank: rank, host: String(decoding: hosts[rank], as: UTF8.self), what: what)
    }
    return headers
  }

  private func difference(from other: StepHeader) -> String? {
    if stepCount != other.stepCount { return "is at step \(stepCount), rank 0 at step \(other.stepCount)" }
    if configuration != other.configuration {
      return "trains with another configuration or other data than rank 0"
    }
    return parameters == other.parameters
      ? nil : "has other parameters than rank 0 before step \(stepCount + 1)"
  }
}

extension StepHeader {
  /// What all ranks say of their shards, those of rank 0 first; nil of a shard without rows.
  ///
  /// - Parameter parts: what this one says; all have as many.
  /// - Throws: ``CommunicationError``.
  static func exchanged(_ parts: [Part?], among ranks: any Communicator) throws -> [[Part?]] {
    let width = 5
    let numbers: [UInt64] = parts.flatMap { part -> [UInt64] in
      guard let part else { return [UInt64](repeating: 0, count: width) }
      let count = UInt64(bitPattern: Int64(part.unitCount))
      return [1, part.loss.bitPattern, part.weight.bitPattern, count, part.learningRateFactor.bitPattern]
    }
    let all: [UInt64] = try ranks.gatherValues(numbers)
    return (0..<ranks.size).map { rank -> [Part?] in
      parts.indices.map { index -> Part? in
        let place = (rank * parts.count + index) * width
        let own: [UInt64] = Array(all[place..<place + width])
        guard own[0] == 1 else { return nil }
        return Part(
          loss: Double(bitPattern: own[1]), weight: Double(bitPattern: own[2]),
          unitCount: Int(truncatingIfNeeded: own[3]), learningRateFactor: Double(bitPattern: own[4]))
      }
    }
  }
}
