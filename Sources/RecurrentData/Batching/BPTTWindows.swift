import Synchronization

/// Cuts a long text into windows for truncated back-propagation through time.
///
/// The ids are laid out as B streams of equal length `(count - 1) / B`, one behind the other in the text; window after
/// window advances all streams together, so that the state at the end of one is the initial state of the next, and window
/// 0 begins with the initial one. A stream's last target is the first token of the stream after it. Tokens that do not
/// fill another step of all streams are left out at the end.
///
/// The last window of an epoch has the steps that are left and may be shorter than the others.
///
///     let windows = try BPTTWindows(ids: ids, batchSize: 32, windowLength: 70)
///     for window in windows.windows(epoch: 0) { ... }
public struct BPTTWindows: Sendable {
  /// The number of streams, B.
  public let batchSize: Int
  /// The number of steps of a full window, T.
  public let windowLength: Int
  /// How the lengths vary; nil where they do not.
  public let randomisedLengths: RandomisedWindows?
  /// The number of steps in each stream.
  public let streamLength: Int

  private let ids: TokenSequence
  /// Where the windows of the epoch that was last asked for begin, when their lengths are random.
  private let cuts = CutCache()

  /// Windows over `ids`.
  ///
  /// - Throws: ``DataError/tooShort(count:batchSize:windowLength:)`` where the ids do not fill one window, or
  ///   ``DataError/invalidSetting(name:expected:found:)`` where a size is not positive.
  public init(
    ids: TokenSequence, batchSize: Int, windowLength: Int, randomisedLengths: RandomisedWindows? = nil
  ) throws(DataError) {
    for (name, value) in [("batch size", batchSize), ("window length", windowLength)] where value < 1 {
      throw .invalidSetting(name: name, expected: "at least 1", found: "\(value)")
    }
    if let random = randomisedLengths {
      guard random.standardDeviation >= 0, random.standardDeviation <= 1e6 else {
        throw .invalidSetting(
          name: "standard deviation of the window length", expected: "between 0 and 1,000,000",
          found: "\(random.standardDeviation)")
      }
    }
    let (needed, overflow) = batchSize.multipliedReportingOverflow(by: windowLength)
    guard !overflow, ids.count > needed else {
      throw .tooShort(count: ids.count, batchSize: batchSize, windowLength: windowLength)
    }
    self.ids = ids
    self.batchSize = batchSize
    self.windowLength = windowLength
    self.randomisedLengths = randomisedLengths
    streamLength = (ids.count - 1) / batchSize
  }

  /// Windows over `ids` in an array.
  ///
  /// - Throws: as that.
  public init(
    ids: [Int32], batchSize: Int, windowLength: Int, randomisedLengths: RandomisedWindows? = nil
  ) throws(DataError) {
    try self.init(
      ids: TokenSequence(ids), batchSize: batchSize, windowLength: windowLength,
      randomisedLengths: randomisedLengths)
  }

  /// The number of windows in an epoch; under ``RandomisedWindows`` epochs differ.
  ///
  /// - Complexity: O(1); O(windows) when another epoch is asked for than before and lengths are random.
  public func count(epoch: Int) -> Int {
    guard let randomisedLengths else { return (streamLength + windowLength - 1) / windowLength }
    return cuts.borders(of: epoch) { cut($0, randomisedLengths) }.count - 1
  }

  /// A window by its number.
  ///
  /// - Parameters:
  ///   - number: from 0.
  ///   - epoch: from 0.
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where there is no such window.
  /// - Complexity: that of the window; O(windows) when another epoch is asked for than before and lengths are random.
  public func window(_ number: Int, epoch: Int) throws(DataError) -> BPTTWindow {
    let count = epoch >= 0 ? count(epoch: epoch) : 0
    guard number >= 0, number < count else {
      throw .invalidSetting(
        name: "position", expected: "an epoch of at least 0 and a window below \(count)",
        found: "epoch \(epoch), window \(number)")
    }
    return window(steps(number, epoch: epoch))
  }

  /// All windows of an epoch in their order, each made when it is its turn.
  public func windows(epoch: Int) -> some Sequence<BPTTWindow> {
    (0..<count(epoch: epoch)).lazy.map { window(steps($0, epoch: epoch)) }
  }

  /// The steps of each stream in a window.
  private func steps(_ number: Int, epoch: Int) -> Range<Int> {
    guard let randomisedLengths else {
      return number * windowLength..<Swift.min(streamLength, (number + 1) * windowLength)
    }
    let borders = cuts.borders(of: epoch) { cut($0, randomisedLengths) }
    return borders[number]..<borders[number + 1]
  }

  private func window(_ steps: Range<Int>) -> BPTTWindow {
    BPTTWindow(
      inputs: indices(from: steps.lowerBound, length: steps.count),
      targets: indices(from: steps.lowerBound + 1, length: steps.count),
      learningRateFactor: randomisedLengths == nil ? 1 : Float(steps.count) / Float(windowLength))
  }

  /// Where each window of an epoch begins, and where the last one ends.
  private func cut(_ epoch: Int, _ random: RandomisedWindows) -> [Int] {
    var borders = [0]
    var start = 0
    while start < streamLength {
      let length = random.length(epoch: epoch, index: borders.count - 1, windowLength: windowLength)
      start = Swift.min(streamLength, start + Swift.min(streamLength, length))
      borders.append(start)
    }
    return borders
  }

  private func indices(from start: Int, length: Int) -> Indices {
    let values = [Int32](unsafeUninitializedCapacity: length * batchSize) { buffer, count in
      for stream in 0..<batchSize {
        let base = stream * streamLength + start
        for step in 0..<length {
          buffer.initializeElement(at: step * batchSize + stream, to: ids[base + step])
        }
      }
      count = length * batchSize
    }
    return Indices(values, shape: [length, batchSize])
  }
}

/// The borders of one epoch, kept until another one is asked for. They are a function of the epoch, so that it does not
/// show who else asks.
private final class CutCache: Sendable {
  private let last = Mutex<(epoch: Int, borders: [Int])?>(nil)

  func borders(of epoch: Int, _ cut: (Int) -> [Int]) -> [Int] {
    if let last = last.withLock({ $0 }), last.epoch == epoch { return last.borders }
    let borders = cut(epoch)
    last.withLock { $0 = (epoch, borders) }
    return borders
  }
}
