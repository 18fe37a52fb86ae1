import RecurrentData
import Testing

@Suite struct BPTTWindowsTests {
  private let ids = (0..<103).map { Int32($0) }
  private let random = RandomisedWindows(seed: 7)

  @Test func cutsTimeMajorWindows() throws {
    // (12 - 1) / 2 = 5 steps in each stream, one id left out.
    let windows = try BPTTWindows(ids: Array(0..<12), batchSize: 2, windowLength: 3)
    #expect(windows.streamLength == 5 && windows.droppedCount == 1 && windows.windowCount == 2)
    let all = Array(windows)
    #expect(
      all.map(\.inputs) == [
        Indices([0, 5, 1, 6, 2, 7], shape: [3, 2]), Indices([3, 8, 4, 9], shape: [2, 2]),
      ])
    #expect(
      all.map(\.targets) == [
        Indices([1, 6, 2, 7, 3, 8], shape: [3, 2]), Indices([4, 9, 5, 10], shape: [2, 2]),
      ])
    #expect(all.map(\.isFirst) == [true, false])
    #expect(all.map(\.learningRateFactor) == [1, 1])
  }

  /// Every id but the first and the dropped ones is a target exactly once; the input is the id before it.
  @Test(arguments: [1, 2, 3, 7], [1, 2, 5, 14])
  func coversTheText(_ batchSize: Int, _ windowLength: Int) throws {
    for random in [nil, random] {
      let windows = try BPTTWindows(
        ids: ids, batchSize: batchSize, windowLength: windowLength, randomisedLengths: random)
      let all = Array(windows)
      #expect(all.count == windows.windowCount)
      let targets = all.flatMap(\.targets.values)
      #expect(targets.sorted() == Array(1...Int32(102 - windows.droppedCount)))
      #expect(all.flatMap(\.inputs.values) == targets.map { $0 - 1 })
      #expect(windows.droppedCount == 102 % batchSize)
    }
  }

  @Test func exactlyOneWindow() throws {
    var windows = try BPTTWindows(ids: Array(0..<7), batchSize: 2, windowLength: 3)
    #expect(windows.windowCount == 1 && windows.droppedCount == 0)
    #expect(windows.next() != nil && windows.next() == nil && windows.next() == nil)
    windows.startNextEpoch()
    #expect(windows.position == .init(epoch: 1, window: 0) && windows.next() != nil)
  }

  @Test func resumesExactly() throws {
    let many = (0..<5_000).map { Int32($0 % 17) }
    for random in [nil, random] {
      func make(_ position: BPTTWindows.Position) throws -> BPTTWindows {
        try BPTTWindows(
          ids: many, batchSize: 3, windowLength: 20, randomisedLengths: random, position: position)
      }
      func rest(_ windows: BPTTWindows) -> [BPTTWindow] {
        var windows = windows
        var all = Array(windows)
        windows.startNextEpoch()
        all += Array(windows)
        return all
      }
      var windows = try make(.init())
      let whole = rest(windows)
      let epoch = windows.windowCount
      for taken in 0...epoch {
        let resumed = try make(windows.position)
        #expect(rest(resumed) == Array(whole.dropFirst(taken)))
        _ = windows.next()
      }
    }
  }

  @Test func randomLengthsFollowThePaper() throws {
    let windowLength = 70
    var windows = try BPTTWindows(
      ids: [Int32](repeating: 1, count: 700_001), batchSize: 1, windowLength: windowLength,
      randomisedLengths: random)
    let first = Array(windows).dropLast().map { $0.inputs.shape[0] }
    windows.startNextEpoch()
    let second = Array(windows).dropLast().map { $0.inputs.shape[0] }
    #expect(first != second)
    let near = first.filter { $0 > 52 }
    #expect(abs(Double(near.count) / Double(first.count) - 0.95) < 0.01)
    let mean = Double(near.reduce(0, +)) / Double(near.count)
    let deviation = (near.map { (Double($0) - mean) * (Double($0) - mean) }.reduce(0, +) / Double(near.count))
      .squareRoot()
    // Rounding down takes half a step off.
    #expect(abs(mean - 69.5) < 0.3 && abs(deviation - 5) < 0.3)
    #expect(first.min() ?? 0 >= 5 && first.max() ?? 0 <= 80)
    let window = try #require(Array(windows).first)
    #expect(window.learningRateFactor == Float(window.inputs.shape[0]) / 70)
  }

  @Test func shortWindowsKeepTheirLeastLength() throws {
    let windows = try BPTTWindows(ids: ids, batchSize: 1, windowLength: 2, randomisedLengths: random)
    #expect(Array(windows).dropLast().allSatisfy { $0.inputs.shape[0] >= 5 })
  }

  @Test func seedsDiffer() throws {
    func lengths(_ seed: UInt64) throws -> [Int] {
      try BPTTWindows(
        ids: ids, batchSize: 1, windowLength: 10, randomisedLengths: RandomisedWindows(seed: seed)
      ).map { $0.inputs.shape[0] }
    }
    #expect(try lengths(1) == lengths(1))
    #expect(try lengths(1) != lengths(2))
  }

  @Test func refusesWhatCannotBeCut() {
    #expect(throws: DataError.tooShort(count: 6, batchSize: 2, windowLength: 3)) {
      try BPTTWindows(ids: Array(0..<6), batchSize: 2, windowLength: 3)
    }
    #expect(throws: DataError.tooShort(count: 103, batchSize: .max, windowLength: 3)) {
      try BPTTWindows(ids: ids, batchSize: .max, windowLength: 3)
    }
    #expect(throws: DataError.tooShort(count: 0, batchSize: 1, windowLength: 1)) {
      try BPTTWindows(ids: [], batchSize: 1, windowLength: 1)
    }
    #expect(throws: DataError.invalidSetting(name: "batch size", expected: "at least 1", found: "0")) {
      try BPTTWindows(ids: ids, batchSize: 0, windowLength: 3)
    }
    for position in [BPTTWindows.Position(epoch: -1), .init(window: 4), .init(window: -1)] {
      #expect(throws: DataError.self) {
        try BPTTWindows(ids: Array(0..<10), batchSize: 1, windowLength: 3, position: position)
      }
    }
    #expect(throws: DataError.self) {
      try BPTTWindows(
        ids: ids, batchSize: 1, windowLength: 3,
        randomisedLengths: RandomisedWindows(seed: 1, standardDeviation: .nan))
    }
  }
}
