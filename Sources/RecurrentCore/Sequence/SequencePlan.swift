/// The order in which a recurrent layer reads the rows of a time-major batch.
///
/// Rows of a batch may have different lengths, zero among them, in any order, and may be reset in the middle, where
/// another document, session or episode begins. A *segment* is a run of steps of one row between resets. Segments do
/// not depend on each other, so they are sorted by falling length and computed side by side: at step s only those that
/// are longer than s are alive, and these are the first ones. Work and memory follow the number of real steps.
///
/// A row whose first segment is empty still has one, so that its state passes through.
public struct SequencePlan: Sendable, Equatable {
  /// T, the extent of the time axis.
  public let stepCount: Int
  /// B.
  public let batchSize: Int
  /// Which way time runs.
  public let direction: SequenceDirection

  /// S: the number of segments.
  public let segmentCount: Int
  /// The sum of the lengths of all segments.
  public let slotCount: Int
  /// For each segment its row.
  public let rowOfSegment: [Int]
  /// For each segment whether it continues the state that the row was given, rather than starting afresh after a reset.
  public let continuesState: [Bool]
  /// For each row the segment that it ends with, in the order of reading.
  public let lastSegmentOfRow: [Int]

  /// For each segment the row `t * B + b` of the flat input at its first step.
  package let first: [Int64]
  /// Segments alive at each step.
  package let alive: [Int64]
  /// Slots before each step.
  package let offset: [Int64]

  /// Whether segment j is row j, without resets: states need no rearranging.
  public let isIdentity: Bool

  /// Whether every step of every row is read.
  public var isFull: Bool { slotCount == stepCount * batchSize }

  /// Rows of the flat input between consecutive steps of a segment.
  package var stride: Int64 { direction == .forward ? Int64(batchSize) : -Int64(batchSize) }

  /// Plans a walk over a batch `[T, B, ...]`.
  ///
  /// - Parameters:
  ///   - stepCount: T.
  ///   - batchSize: B.
  ///   - lengths: how many steps of each row are real, from the first; nil when all are. Each in 0 ... T.
  ///   - resets: `resets[t * B + b]` says that row b starts afresh before step t; nil for never.
  ///   - direction: backward reads each row from its last real step to its first, and then the state is fresh *after*
  ///     the steps marked in `resets` have been read: no segment ever reaches across a mark.
  public init(
    stepCount: Int, batchSize: Int, lengths: [Int]? = nil, resets: [Bool]? = nil,
    direction: SequenceDirection = .forward
  ) {
    trapUnless(
      lengths == nil || lengths?.count == batchSize,
      "SequencePlan: expected \(batchSize) lengths, received \(lengths?.count ?? 0)")
    trapUnless(
      resets == nil || resets?.count == stepCount * batchSize,
      "SequencePlan: expected \(stepCount * batchSize) reset marks, received \(resets?.count ?? 0)")
    if lengths == nil, resets == nil {
      self.init(uniform: stepCount, batchSize: batchSize, direction: direction)
    } else {
      self.init(
        ragged: stepCount, batchSize: batchSize, lengths: lengths, resets: resets, direction: direction)
    }
  }

  /// The plan of rows of any lengths and resets, already checked for their number.
  private init(
    ragged stepCount: Int, batchSize: Int, lengths: [Int]?, resets: [Bool]?, direction: SequenceDirection
  ) {
    var segments: [Segment] = []
    segments.reserveCapacity(batchSize)
    for row in 0..<batchSize {
      let length = lengths?[row] ?? stepCount
      trapUnless(
        (0...stepCount).contains(length),
        "SequencePlan: length \(length) of row \(row) is outside 0 ... \(stepCount)")
      let starts = [0] + (1..<max(length, 1)).filter { resets?[$0 * batchSize + row] ?? false } + [length]
      // a mark on the very first step drops the given state too; backwards nothing is read behind it
      let startsFresh = direction == .forward && length > 0 && (resets?[row] ?? false)
      var pieces: [Segment] = []
      for (begin, end) in zip(starts, starts.dropFirst()) {
        pieces.append(Segment(row: row, begin: begin, length: end - begin))
      }
      if direction == .backward { pieces.reverse() }
      for index in pieces.indices {
        pieces[index].isFirst = index == 0 && !startsFresh
        pieces[index].isLast = index == pieces.count - 1
      }
      segments += pieces
    }
    let order = segments.indices.sorted {
      segments[$0].length != segments[$1].length ? segments[$0].length > segments[$1].length : $0 < $1
    }
    var lastSegment = Array(repeating: 0, count: batchSize)
    for (rank, index) in order.enumerated() where segments[index].isLast {
      lastSegment[segments[index].row] = rank
    }

    let longest = order.first.map { segments[$0].length } ?? 0
    var alive = Array(repeating: Int64(0), count: longest)
    for segment in segments where segment.length > 0 { alive[segment.length - 1] += 1 }
    for step in Swift.stride(from: longest - 2, through: 0, by: -1) { alive[step] += alive[step + 1] }
    var offset: [Int64] = []
    offset.reserveCapacity(longest)
    var slots: Int64 = 0
    for count in alive {
      offset.append(slots)
      slots += count
    }

    self.stepCount = stepCount
    self.batchSize = batchSize
    self.direction = direction
    segmentCount = segments.count
    slotCount = Int(slots)
    rowOfSegment = order.map { segments[$0].row }
    continuesState = order.map { segments[$0].isFirst }
    lastSegmentOfRow = lastSegment
    first = order.map { index in
      let segment = segments[index]
      let step = direction == .forward ? segment.begin : max(0, segment.begin + segment.length - 1)
      return Int64(step * batchSize + segment.row)
    }
    self.alive = alive
    self.offset = offset
    isIdentity =
      segments.count == batchSize && order.elementsEqual(0..<batchSize) && continuesState.allSatisfy { $0 }
  }

  /// The plan of rows that are all as long as the batch and never reset.
  private init(uniform stepCount: Int, batchSize: Int, direction: SequenceDirection) {
    let rows = Array(0..<batchSize)
    let begin = direction == .forward ? 0 : max(0, stepCount - 1) * batchSize
    self.stepCount = stepCount
    self.batchSize = batchSize
    self.direction = direction
    segmentCount = batchSize
    slotCount = stepCount * batchSize
    rowOfSegment = rows
    continuesState = Array(repeating: true, count: batchSize)
    lastSegmentOfRow = rows
    first = rows.map { Int64(begin + $0) }
    let longest = batchSize > 0 ? stepCount : 0
    alive = Array(repeating: Int64(batchSize), count: longest)
    offset = (0..<longest).map { Int64($0 * batchSize) }
    isIdentity = true
  }

  private struct Segment {
    let row: Int
    let begin: Int
    let length: Int
    var isFirst = true
    var isLast = true
  }
}

/// Which way a recurrent layer reads time.
public enum SequenceDirection: String, Sendable, Codable, CaseIterable {
  /// From the first step to the last.
  case forward
  /// From the last real step of each row to its first.
  case backward
}
