/// Sequences of numbers of which each is the one before, some steps further: windows of one series, as the rows of a table of its
/// last values are.
///
/// Parts that were dealt out by chance would have the same steps on both sides, and nothing would be validated.
public struct SlidingWindows: Sendable, Equatable {
  /// Sequences behind one that have steps in common with it.
  public let overlap: Int

  /// How many neighbours are looked at.
  private static let sampleCount = 60
  /// The fewest steps and sequences that tell.
  private static let (leastSteps, leastCount) = (4, 20)

  /// Looks at neighbours from all of the data; nil where they are no windows.
  ///
  /// - Throws: what reading the sequences throws.
  public init?(_ records: RecordSource) throws {
    guard records.count >= SlidingWindows.leastCount else { return nil }
    let distance = max(1, (records.count - 1) / SlidingWindows.sampleCount)
    var (shift, matches, count): (Int?, Int, Int) = (nil, 0, 0)
    var length = 0
    for index in stride(from: 0, to: records.count - 1, by: distance) {
      guard let own = try SlidingWindows.values(records.record(index)),
        let next = try SlidingWindows.values(records.record(index + 1))
      else { return nil }
      // what stands still tells nothing
      guard own.count == next.count, own.dropFirst().contains(where: { $0 != own[0] }) else { continue }
      count += 1
      if shift == nil { (shift, length) = (SlidingWindows.shift(own, next), own.count) }
      if let shift, own.dropFirst(shift).elementsEqual(next.dropLast(shift)) { matches += 1 }
    }
    // where files follow each other, a window is not the one before
    guard let shift, count >= SlidingWindows.leastCount / 2, 10 * matches >= 9 * count else { return nil }
    overlap = (length - 1) / shift
  }

  private static func values(_ record: Record) -> [Float]? {
    guard case .series(let series) = record.content, series.channelCount == 1,
      series.values.count >= leastSteps
    else { return nil }
    return series.values
  }

  /// The fewest steps that lead from one to the next, with at least half of them in common.
  private static func shift(_ own: [Float], _ next: [Float]) -> Int? {
    (1...own.count / 2).first { own.dropFirst($0).elementsEqual(next.dropLast($0)) }
  }
}
