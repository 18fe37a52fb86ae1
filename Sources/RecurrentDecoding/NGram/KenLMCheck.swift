import RecurrentFormats

/// Checks that what a file of KenLM holds can be: numbers that are finite, words within their range.
struct KenLMCheck {
  private let bytes: UnsafeRawBufferPointer
  private let layout: KenLMLayout
  private let path: String

  init(_ bytes: UnsafeRawBufferPointer, _ layout: KenLMLayout, path: String) {
    (self.bytes, self.layout, self.path) = (bytes, layout, path)
  }

  private func word(_ offset: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  private func unexpected(_ offset: Int, _ what: String, _ expected: String, _ found: String) -> FormatError {
    .unexpected(path: path, offset: offset, what: what, expected: expected, found: found)
  }

  /// The number of words, with `<unk>`.
  func vocabularyCount() throws(FormatError) -> Int {
    let offset = layout.vocabulary.start - 4
    let count = Int(word(offset))
    guard count >= 1, count <= layout.counts[0] + 1, count < Int(Int32.max) else {
      throw unexpected(offset, "the number of words", "1 to \(layout.counts[0] + 1)", "\(count)")
    }
    for place in 0..<layout.vocabulary.places {
      let entry = layout.vocabulary.start + place * layout.vocabulary.stride
      guard word(entry + 8) < count else {
        throw unexpected(entry + 8, "the number of a word", "0 to \(count - 1)", "\(word(entry + 8))")
      }
    }
    return count
  }

  func checkNumbers() throws(FormatError) {
    for word in 0...layout.counts[0] {
      let offset = layout.unigrams + 8 * word
      try checkFinite(offset, "the score of a 1-gram")
      try checkFinite(offset + 4, "the back-off weight of a 1-gram")
    }
    for (place, table) in layout.tables.enumerated() {
      for entry in 0..<table.places {
        let offset = table.start + entry * table.stride
        guard bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) != 0 else { continue }
        try checkFinite(offset + 8, "the score of a \(place + 2)-gram")
        if table.stride == 16 { try checkFinite(offset + 12, "the back-off weight of a \(place + 2)-gram") }
      }
    }
  }

  @inline(__always)
  private func checkFinite(_ offset: Int, _ what: @autoclosure () -> String) throws(FormatError) {
    let number = Float(bitPattern: word(offset))
    guard number.isFinite else { throw unexpected(offset, what(), "a finite number", "\(number)") }
  }

  /// Where each of `count` words begins, and where the last one ends; nothing in a file without words.
  func wordStarts(_ count: Int) throws(FormatError) -> [Int] {
    guard layout.hasWords else {
      guard bytes.count == layout.end else {
        throw .trailingBytes(path: path, offset: layout.end, count: bytes.count - layout.end)
      }
      return []
    }
    var starts = [layout.end]
    starts.reserveCapacity(count + 1)
    for offset in layout.end..<bytes.count where bytes[offset] == 0 { starts.append(offset + 1) }
    guard starts.count == count + 1, starts.last == bytes.count else {
      let found = starts.last == bytes.count ? "\(starts.count - 1)" : "\(starts.count - 1) and a part of one"
      throw unexpected(layout.end, "the words at the end of the file", "\(count)", found)
    }
    guard bytes[starts[0]..<starts[1]].elementsEqual("<unk>\0".utf8) else {
      throw unexpected(layout.end, "the first word", "<unk>", "another one")
    }
    return starts
  }
}
