import RecurrentData

extension UTF8TextReader {
  /// Calls `body` with each line of the text, without its end, part by part: beside one part, the longest line is in memory.
  ///
  /// - Throws: ``DataError`` about reading, or what `body` throws.
  func forEachLine(_ body: (UnsafeBufferPointer<UInt8>) throws(DataError) -> Void) throws(DataError) {
    var pending: [UInt8] = []
    var failure: DataError?
    func give(_ line: UnsafeBufferPointer<UInt8>) {
      guard failure == nil else { return }
      let isEndedTwice = line.last == UInt8(ascii: "\r")
      do throws(DataError) {
        try body(isEndedTwice ? UnsafeBufferPointer(rebasing: line.dropLast()) : line)
      } catch {
        failure = error
      }
    }
    try forEachChunk { chunk in
      var start = 0
      for index in chunk.indices where chunk[index] == UInt8(ascii: "\n") {
        let part = UnsafeBufferPointer(rebasing: chunk[start..<index])
        if pending.isEmpty {
          give(part)
        } else {
          pending += part
          pending.withUnsafeBufferPointer(give)
          pending.removeAll(keepingCapacity: true)
        }
        start = index + 1
      }
      pending += chunk[start...]
    }
    if !pending.isEmpty { pending.withUnsafeBufferPointer(give) }
    if let failure { throw failure }
  }
}
