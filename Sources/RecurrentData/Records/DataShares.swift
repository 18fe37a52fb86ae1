/// How large the parts of data are: to train on, to validate and to test.
public enum DataShares: Sendable, Equatable {
  /// Shares of the whole, which add up to 1.
  case shares(training: Double, validation: Double, test: Double)
  /// So many for each part; what is behind them is left out.
  case counts(training: Int, validation: Int, test: Int)

  /// Reads three shares that add up to 1, two, of which the third is what is left, or three whole numbers.
  ///
  /// - Parameters:
  ///   - words: the numbers.
  ///   - example: what the error gives as one.
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)``.
  public init(_ words: [String], example: [String]) throws(DataError) {
    var numbers = words.compactMap { Double($0) }
    if numbers.count == 2 { numbers.append(((1 - numbers[0] - numbers[1]) * 1e9).rounded() / 1e9) }
    if numbers.count == max(words.count, 3), numbers.count == 3, numbers[0] > 0,
      numbers.allSatisfy({ $0 >= 0 })
    {
      if abs(numbers.reduce(0, +) - 1) < 1e-6 {
        self = .shares(training: numbers[0], validation: numbers[1], test: numbers[2])
        return
      }
      if numbers.allSatisfy({ $0 == $0.rounded() && $0 < 1e12 }), numbers.contains(where: { $0 > 1 }) {
        self = .counts(training: Int(numbers[0]), validation: Int(numbers[1]), test: Int(numbers[2]))
        return
      }
    }
    throw .invalidSetting(
      name: "split",
      expected:
        "three shares that add up to 1, such as \(example.joined(separator: ",")), or three whole numbers",
      found: words.joined(separator: ","))
  }

  /// The shares of so many.
  func shares(of count: Int) -> [Double] {
    switch self {
    case .shares(let training, let validation, let test): [training, validation, test]
    case .counts(let training, let validation, let test):
      [training, validation, test].map { Double($0) / Double(max(count, 1)) }
    }
  }

  /// The parts of so many steps that follow each other.
  public func ranges(of count: Int) -> (training: Range<Int>, validation: Range<Int>, test: Range<Int>) {
    let own = shares(of: count)
    let borders = [own[0], own[0] + own[1], own[0] + own[1] + own[2]].map {
      min(count, Int(($0 * Double(count)).rounded()))
    }
    return (0..<borders[0], borders[0]..<borders[1], borders[1]..<borders[2])
  }
}
