/// One of n parts of the sequences of data, for programs that share the work: contiguous by their numbers, so that what is made
/// of all parts, one behind the other, is what is made of the whole.
public struct SequencePart: Sendable, Equatable, CustomStringConvertible {
  /// Which one, from 0.
  public let index: Int
  /// n.
  public let count: Int

  /// Everything.
  public static let whole = SequencePart(0, of: 1)

  /// A part. Traps unless it is one of them.
  public init(_ index: Int, of count: Int) {
    trapUnless(
      count > 0 && (0..<count).contains(index), "SequencePart: expected a part of \(count), received \(index)"
    )
    (self.index, self.count) = (index, count)
  }

  /// A part as it is written: `3/16`; nil where the text is none.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), count > 0, count <= 1 << 30,
      (0..<count).contains(index)
    else { return nil }
    self.init(index, of: count)
  }

  /// The numbers of its sequences out of so many; some parts are empty where there are fewer sequences than parts, the first one
  /// not.
  public func numbers(of total: Int) -> Range<Int> {
    // without an overflow, whatever the numbers are
    let (each, rest) = (total / count, total % count)
    func start(_ index: Int) -> Int { index * each + (index * rest + count - 1) / count }
    return start(index)..<start(index + 1)
  }

  /// `3/16`.
  public var description: String { "\(index)/\(count)" }
}
