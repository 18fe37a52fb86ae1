import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct SlidingWindowsTests {
  private let series = Tensor.random([200], key: RandomKey(seed: 3)).scalars

  /// Windows of a series, as the rows of a table are read.
  private func windows(
    _ count: Int, length: Int = 8, shift: Int = 1, label: (Int) -> String = { _ in "1" },
    part: DataPart? = nil
  ) -> [Record] {
    (0..<count).map { number in
      Record(
        .series(
          NumericSeries(channels: ["value"], values: Array(series[number * shift..<number * shift + length]))),
        label: label(number), part: part)
    }
  }

  @Test(arguments: [(1, 7), (2, 3), (4, 1)]) func windowsAreSeen(_ shift: Int, _ overlap: Int) throws {
    #expect(try SlidingWindows(RecordSource(windows(40, shift: shift)))?.overlap == overlap)
    // another file of windows behind them
    let two = windows(30, shift: shift) + windows(20, shift: shift)
    #expect(try SlidingWindows(RecordSource(two))?.overlap == overlap)
  }

  @Test func othersAreNone() throws {
    let rows = (0..<40).map { windows(40)[$0 * 17 % 40] }
    #expect(try SlidingWindows(RecordSource(rows)) == nil)
    #expect(try SlidingWindows(RecordSource(windows(10))) == nil)
    // no step in common
    #expect(try SlidingWindows(RecordSource(windows(24, shift: 8))) == nil)
    let still = (0..<40).map { _ in
      Record(.series(NumericSeries(channels: ["value"], values: [1, 1, 1, 1, 1])))
    }
    #expect(try SlidingWindows(RecordSource(still)) == nil)
    #expect(try SlidingWindows(RecordSource((0..<40).map { Record(.text("\($0)")) })) == nil)
  }

  @Test func theyAreCutInTheirOrder() throws {
    let records = RecordSource(windows(100))
    var parts = DataParts(sizes: DataShares.shares(training: 0.8, validation: 0.1, test: 0.1), seed: 1)
    parts.windows = try SlidingWindows(records)
    let split = parts.split(records)
    // seven reach into the next part; the ten to validate are too few to leave some out
    #expect(split.training == Array(0..<73) && split.validation == Array(80..<90))
    #expect(split.test == Array(90..<100))
    #expect(
      split.notes.count == 1 && split.notes[0].setting == "split"
        && split.notes[0].text.contains("7 that reach"))
  }

  @Test func theLastOnesOfATrainingPartAreSpared() throws {
    let records = RecordSource(windows(100, part: .training) + windows(20, part: .test))
    var parts = DataParts(
      sizes: DataShares.shares(training: 0.8, validation: 0.1, test: 0.1), sparingCount: 20, seed: 1)
    parts.windows = try SlidingWindows(records)
    let split = parts.split(records)
    #expect(split.training == Array(0..<83) && split.validation == Array(90..<100))
    #expect(split.test == Array(100..<120))
    #expect(split.notes.map(\.setting) == ["valid", "split"])
    #expect(split.notes[0].text.contains("10 of the 100 sequences"))
  }

  @Test func eachLabelIsCutByItself() throws {
    let records = RecordSource(windows(100) { $0 < 60 ? "a" : "b" })
    var parts = DataParts(
      sizes: DataShares.shares(training: 0.5, validation: 0.25, test: 0.25), spreadsLabels: true, seed: 1)
    parts.windows = try SlidingWindows(records)
    let split = parts.split(records)
    #expect(split.training == Array(0..<23) + Array(60..<73))
    #expect(
      split.validation == Array(30..<38) + Array(80..<90) && split.test == Array(45..<60) + Array(90..<100))
  }
}
