/// What passes over records read of each: kept where it is little, of further records read again in every pass.
struct RecordPasses<Value> {
  private let records: RecordSource
  private let read: (Record) throws -> (value: Value, size: Int)
  private var kept: [Value] = []
  private var room: Int

  /// Bytes that a value takes besides its numbers, about.
  private static var overhead: Int { 96 }

  /// - Parameters:
  ///   - records: the records.
  ///   - limit: the most bytes that are kept.
  ///   - read: a record as its value and how many numbers of four bytes that is.
  init(
    _ records: RecordSource, limit: Int = 1 << 25,
    read: @escaping (Record) throws -> (value: Value, size: Int)
  ) {
    (self.records, self.read, room) = (records, read, limit)
  }

  /// Calls `body` with the place and the value of all records in their order.
  mutating func run(_ body: (Int, Value) throws -> Void) throws {
    for index in 0..<records.count {
      if index < kept.count {
        try body(index, kept[index])
        continue
      }
      let (value, size) = try read(records.record(index))
      if kept.count == index {
        room -= 4 * size + RecordPasses.overhead
        if room >= 0 { kept.append(value) }
      }
      try body(index, value)
    }
  }
}
