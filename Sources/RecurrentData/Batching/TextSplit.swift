/// Cuts a text by position into a part to train on, one to validate with, and one to test with.
public struct TextSplit: Sendable, Equatable {
  /// The share of the text that comes first and is trained on.
  public let training: Double
  /// The share after it that validates.
  public let validation: Double
  /// The share at the end that tests.
  public let test: Double

  /// The shares, which add up to 1.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where one is negative or the sum is not 1.
  public init(training: Double = 0.9, validation: Double = 0.05, test: Double = 0.05) throws(DataError) {
    let shares = [training, validation, test]
    let found = shares.map { "\($0)" }.joined(separator: ", ")
    guard shares.allSatisfy({ $0 >= 0 }) else {
      throw .invalidSetting(name: "split", expected: "three shares of at least 0", found: found)
    }
    guard abs(shares.reduce(0, +) - 1) <= 1e-6 else {
      throw .invalidSetting(name: "split", expected: "three shares that add up to 1", found: found)
    }
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// The three parts of `0..<count`; together they cover it. A share of 0 gives an empty part.
  public func ranges(
    count: Int
  ) -> (training: Range<Int>, validation: Range<Int>, test: Range<Int>) {
    func border(_ share: Double) -> Int { min(count, Int((Double(count) * share).rounded())) }
    let first = validation + test == 0 ? count : border(training)
    let second = test == 0 ? count : max(first, border(training + validation))
    return (0..<first, first..<second, second..<count)
  }

  /// The three parts of `ids`.
  public func split(
    _ ids: [Int32]
  ) -> (training: [Int32], validation: [Int32], test: [Int32]) {
    let ranges = ranges(count: ids.count)
    return (Array(ids[ranges.training]), Array(ids[ranges.validation]), Array(ids[ranges.test]))
  }
}

extension TextSplit: Codable {
  private enum CodingKeys: CodingKey {
    case training, validation, test
  }

  /// Reads the shares and checks them.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self = try TextSplit(
      training: container.decode(Double.self, forKey: .training),
      validation: container.decode(Double.self, forKey: .validation),
      test: container.decode(Double.self, forKey: .test))
  }
}
