/// How much of the probability of the n-grams of one order goes to those that never occurred.
public enum NGramDiscount: Sendable, Equatable {
  /// Modified Kneser-Ney (Chen and Goodman 1998): n-grams that occur once, twice, three times and more often lose these counts.
  case kneserNey(once: Double, twice: Double, more: Double)
  /// Witten-Bell (1991): unseen n-grams get as much as there are different ones after the context.
  case wittenBell

  /// The discount for an order in which `n[i]` n-grams have the count i, i in 1...4:
  ///
  ///     Y = n1 / (n1 + 2 n2),  D1 = 1 - 2 Y n2 / n1,  D2 = 2 - 3 Y n3 / n2,  D3 = 3 - 4 Y n4 / n3
  ///
  /// Where one of n1, n2, n3 is zero or a discount is not in ]0, i], the text is too small or too regular for that, and it is
  /// Witten-Bell.
  init(countsOfCounts n: [Int]) {
    self = .wittenBell
    guard n[1] > 0, n[2] > 0, n[3] > 0 else { return }
    let y = Double(n[1]) / Double(n[1] + 2 * n[2])
    var values: [Double] = []
    for count in 1...3 {
      let value = Double(count) - Double(count + 1) * y * Double(n[count + 1]) / Double(n[count])
      guard value > 0, value <= Double(count) else { return }
      values.append(value)
    }
    self = .kneserNey(once: values[0], twice: values[1], more: values[2])
  }

  /// What an n-gram with this count loses.
  @inline(__always)
  func amount(_ count: UInt32) -> Double {
    guard case .kneserNey(let once, let twice, let more) = self else { return 0 }
    return count == 0 ? 0 : count == 1 ? once : count == 2 ? twice : more
  }
}

/// The counts of the n-grams after one context, summed up.
struct NGramContextSum {
  private var total = 0.0
  private var types = 0.0
  private var discounted = 0.0
  private let discount: NGramDiscount

  init(_ discount: NGramDiscount) { self.discount = discount }

  mutating func add(_ count: UInt32) {
    guard count > 0 else { return }
    total += Double(count)
    types += 1
    discounted += discount.amount(count)
  }

  private var denominator: Double { discount == .wittenBell ? total + types : total }

  /// What is left for the shorter context: the back-off weight.
  var rest: Double { total == 0 ? 1 : (discount == .wittenBell ? types : discounted) / denominator }

  /// The own share of an n-gram with this count.
  func share(_ count: UInt32) -> Double {
    total == 0 ? 0 : (Double(count) - discount.amount(count)) / denominator
  }
}

/// The logarithm to the base 10 of a probability or a weight above 0, as models hold it.
func baseTenLogarithm(_ value: Double) -> Float { Float(LogDomain.log(value) / NGramModel.ln10) }
