/// A running average of the parameters of a model, which often does better than the last ones.
public struct WeightAverage<M: Module>: Sendable {
  /// How the past counts.
  public enum Kind: Sendable, Equatable {
    /// All steps the same (Polyak and Juditsky 1992).
    case mean
    /// The past times `decay`, the present times 1 - decay.
    case exponential(decay: Double)
  }

  /// How the past counts.
  public let kind: Kind
  /// How many models have been taken in.
  public private(set) var count = 0
  /// The average so far; nil before the first.
  public private(set) var average: M?

  /// An average of nothing yet.
  public init(_ kind: Kind) { self.kind = kind }

  /// Takes a model in.
  public mutating func update(_ model: M) {
    count += 1
    guard let old = average else {
      average = model
      return
    }
    let weight: Double
    switch kind {
    case .mean: weight = 1 / Double(count)
    case .exponential(let decay): weight = 1 - decay
    }
    let values = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.value) })
    average = old.mappingParameters { name, mean in
      guard let value = values[name] else { return mean }
      return mean + (value - mean) * Float(weight)
    }
  }

  /// Goes on from an average of `count` models.
  public mutating func restore(_ average: M, count: Int) {
    self.average = average
    self.count = count
  }
}
