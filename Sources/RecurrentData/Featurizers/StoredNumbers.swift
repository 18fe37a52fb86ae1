extension Double {
  /// The number that ``stored`` was taken of.
  package init(stored bits: Int64) { self.init(bitPattern: UInt64(bitPattern: bits)) }

  /// The bits as an integer.
  package var stored: Int64 { Int64(bitPattern: bitPattern) }
}

/// Integers of a state that was kept, taken out one after the other. A state that is too short, too long or out of bounds is
/// noticed, never trapped on.
package struct StoredNumbers {
  private var rest: ArraySlice<Int64>
  /// Whether a number was missing or outside its bounds.
  private var isDamaged = false

  /// The numbers in their order.
  package init(_ numbers: [Int64]) { rest = numbers[...] }

  /// Whether all numbers were there, within their bounds, and none is left.
  package var areWhole: Bool { !isDamaged && rest.isEmpty }

  /// Says that the numbers contradict what is known.
  package mutating func fail() { isDamaged = true }

  /// The next number; the lower bound where it is missing or outside.
  package mutating func integer(in bounds: ClosedRange<Int> = 0...1 << 60) -> Int {
    guard let next = rest.popFirst(), let number = Int(exactly: next), bounds.contains(number) else {
      isDamaged = true
      return bounds.lowerBound
    }
    return number
  }

  /// The number of the next bits; NaN where they are missing.
  package mutating func double() -> Double {
    guard let next = rest.popFirst() else {
      isDamaged = true
      return .nan
    }
    return Double(stored: next)
  }

  /// So many numbers by their bits.
  package mutating func doubles(_ count: Int) -> [Double] {
    guard count <= rest.count else {
      isDamaged = true
      return [Double](repeating: .nan, count: min(count, 1 << 20))
    }
    return (0..<count).map { _ in double() }
  }

  /// A number that may be none.
  package mutating func optionalDouble() -> Double? {
    let (isSome, number) = (integer(in: 0...1) == 1, double())
    return isSome ? number : nil
  }

  /// A scale that may be none; one that is not above 0 and finite is damage.
  package mutating func optionalScale() -> Double? {
    guard let scale = optionalDouble() else { return nil }
    if !(scale > 0 && scale.isFinite) { isDamaged = true }
    return scale
  }

  /// A number that may be none, as two integers.
  package static func stored(_ number: Double?) -> [Int64] {
    [number == nil ? 0 : 1, (number ?? 0).stored]
  }
}
