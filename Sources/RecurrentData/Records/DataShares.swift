/// How large the parts of data are: to train on, to validate and to test.
public enum DataShares: Sendable, Equatable {
  /// Shares of the whole, which add up to 1.
  case shares(training: Double, validation: Double, test: Double)
  /// So many for each part; what is behind them is left out.
  case counts(training: Int, validation: Int, test: Int)

  /// Three shares that add up to 1, two, of which the third is what is left, or three whole numbers; nil for anything else.
  public init?(_ numbers: [Double]) {
    var numbers = numbers
    if numbers.count == 2 { numbers.append(((1 - numbers[0] - numbers[1]) * 1e9).rounded() / 1e9) }
    guard numbers.count == 3, numbers[0] > 0, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    if abs(numbers.reduce(0, +) - 1) < 1e-6 {
      self = .shares(training: numbers[0], validation: numbers[1], test: numbers[2])
    } else if numbers.allSatisfy({ $0 == $0.rounded() && $0 < 1e12 }), numbers.contains(where: { $0 > 1 }) {
      self = .counts(training: Int(numbers[0]), validation: Int(numbers[1]), test: Int(numbers[2]))
    } else {
      return nil
    }
  }

  /// The shares of so many.
  func shares(of count: Int) -> [Double] {
    switch self {
    case .shares(let training, let validation, let test): [training, validation, test]
    case .counts(let training, let validation, let test):
      [training, validation, test].map { Double($0) / Double(max(count, 1)) }
    }
  }

  /// The parts of so many steps that follow each other. Shares cover them all; one of 0 gives an empty part.
  public func ranges(of count: Int) -> (training: Range<Int>, validation: Range<Int>, test: Range<Int>) {
    let (first, second, third): (Int, Int, Int)
    switch self {
    case .shares(let training, let validation, let test):
      func border(_ share: Double) -> Int { min(count, Int((Double(count) * share).rounded())) }
      first = validation + test == 0 ? count : border(training)
      second = test == 0 ? count : max(first, border(training + validation))
      third = count
    case .counts(let training, let validation, let test):
      (first, second, third) = (
        min(count, training), min(count, training + validation), min(count, training + validation + test)
      )
    }
    return (0..<first, first..<second, second..<third)
  }
}
