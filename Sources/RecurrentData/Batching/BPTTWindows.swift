/// Cuts a long text into windows for truncated back-propagation through time.
///
/// The ids are laid out as B streams of equal length `(count - 1) / B`, one behind the other in the text;
/// window after window advances all streams together, so that the state at the end of one is the initial
/// state of the next. A stream's last target is the first token of the stream after it. Tokens that do not
/// fill another step of all streams are left out at the end.
///
/// The last window of an epoch has the steps that are left and may be shorter than the others.
///
/// As a sequence it yields the rest of the current epoch. The value can be rebuilt at any ``Position`` and
/// goes on exactly as one that was never interrupted.
public struct BPTTWindows: Sendable, Sequence, IteratorProtocol {
  /// A place in the series of windows; all that must be saved to go on later.
  public struct Position: Codable, Sendable, Equatable {
    /// The number of the pass over the text, from 0.
    public var epoch: Int
    /// The number of the next window in the pass, from 0.
    public var window: Int

    /// The place before window `window` of pass `epoch`.
    public init(epoch: Int = 0, window: Int = 0) {
      self.epoch = epoch
      self.window = window
    }
  }

  /// The number of streams, B.
  public let batchSize: Int
  /// The number of steps of a full window, T.
  public let windowLength: Int
  /// How the lengths vary; nil where they do not.
  public let randomisedLengths: RandomisedWindows?
  /// The number of steps in each stream.
  public let streamLength: Int
  /// The next window.
  public private(set) var position: Position

  private let ids: [Int32]
  /// Where in a stream each window of the epoch begins; one more for the end of the last.
  private var borders: [Int]

  /// Windows over `ids`, from `position` on.
  ///
  /// - Throws: ``DataError/tooShort(count:batchSize:windowLength:)`` where the ids do not fill one window, or
  ///   ``DataError/invalidSetting(name:expected:found:)`` where a size is not positive or there is no such
  ///   position.
  public init(
    ids: [Int32], batchSize: Int, windowLength: Int, randomisedLengths: RandomisedWindows? = nil,
    position: Position = Position()
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
    self.position = position
    streamLength = (ids.count - 1) / batchSize
    borders = []
    borders = cut(epoch: position.epoch)
    guard position.epoch >= 0, position.window >= 0, position.window <= windowCount else {
      throw .invalidSetting(
        name: "position", expected: "an epoch of at least 0 and a window up to \(windowCount)",
        found: "epoch \(position.epoch), window \(position.window)")
    }
  }

  /// The number of windows in the current epoch; under ``RandomisedWindows`` epochs differ.
  public var windowCount: Int { borders.count - 1 }

  /// The number of ids at the end that are no target in any window.
  public var droppedCount: Int { ids.count - 1 - batchSize * streamLength }

  /// The next window of the epoch; nil at its end, until ``startNextEpoch()``.
  public mutating func next() -> BPTTWindow? {
    guard position.window < windowCount else { return nil }
    let start = borders[position.window]
    let length = borders[position.window + 1] - start
    let window = BPTTWindow(
      inputs: indices(from: start, length: length), targets: indices(from: start + 1, length: length),
      position: position,
      learningRateFactor: randomisedLengths == nil ? 1 : Float(length) / Float(windowLength))
    position.window += 1
    return window
  }

  /// Goes to the first window of the next epoch.
  public mutating func startNextEpoch() {
    position = Position(epoch: position.epoch + 1)
    borders = cut(epoch: position.epoch)
  }

  private func cut(epoch: Int) -> [Int] {
    var borders = [0]
    var start = 0
    while start < streamLength {
      let length = randomisedLengths?.length(
        epoch: epoch, index: borders.count - 1, windowLength: windowLength)
      start = Swift.min(streamLength, start + Swift.min(streamLength, length ?? windowLength))
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
