/// What a rank says about its part of a step before gradients are exchanged.
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
  /// The shards of the rank; nil for one without rows.
  var parts: [Part?]

  /// Numbers of 64 bits before the parts, and of each part.
  private static let (headCount, partCount) = (4, 5)

  /// Headers of all ranks, that of rank 0 first.
  ///
  /// - Throws: ``CommunicationError``, also where a rank is at another step, or has another configuration or other parameters.
  func exchanged(among ranks: any Communicator) throws -> [StepHeader] {
    var numbers = [UInt64(stepCount), wishes.rawValue, configuration, parameters]
    for part in parts {
      numbers.append(part == nil ? 0 : 1)
      numbers.append(part?.loss.bitPattern ?? 0)
      numbers.append(part?.weight.bitPattern ?? 0)
      numbers.append(UInt64(bitPattern: Int64(part?.unitCount ?? 0)))
      numbers.append(part?.learningRateFactor.bitPattern ?? 0)
    }
    let length = numbers.count
    let all = try ranks.gatherValues(numbers)
    let headers = (0..<ranks.size).map { StepHeader(all[$0 * length..<($0 + 1) * length]) }
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
  fileprivate init(_ numbers: ArraySlice<UInt64>) {
    let numbers = Array(numbers)
    stepCount = Int(truncatingIfNeeded: numbers[0])
    wishes = Wishes(rawValue: numbers[1])
    (configuration, parameters) = (numbers[2], numbers[3])
    parts = stride(from: StepHeader.headCount, to: numbers.count, by: StepHeader.partCount).map { place in
      guard numbers[place] == 1 else { return nil }
      return Part(
        loss: Double(bitPattern: numbers[place + 1]), weight: Double(bitPattern: numbers[place + 2]),
        unitCount: Int(truncatingIfNeeded: numbers[place + 3]),
        learningRateFactor: Double(bitPattern: numbers[place + 4]))
    }
  }
}
