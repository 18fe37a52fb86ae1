/// The lines of a text, one after the other, without their ends and a byte order mark: as ``DataBytes`` has them, but for an empty one
/// behind the last end.
struct LineCursor {
  private let file: DataBytes
  private let end: UInt8
  private var index: Int
  /// The line that comes next, from 1.
  private(set) var line = 1

  /// Begins at the first line of bytes that were checked.
  init(_ file: DataBytes) {
    self.file = file
    (index, end) = file.withBytes { bytes -> (Int, UInt8) in
      (file.textStart(bytes), bytes.contains(0x0A) ? 0x0A : 0x0D)
    }
  }

  /// Calls `body` with the next line, or returns false behind the last one. The pointer is valid until `body` returns.
  mutating func next(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    let next = file.withBytes { bytes -> Int? in
      guard index < bytes.count else { return nil }
      var stop = index
      while stop < bytes.count, bytes[stop] != end { stop += 1 }
      // of several carriage returns before the end all belong to it
      var last = stop
      while last > index, bytes[last - 1] == 0x0D { last -= 1 }
      body(UnsafeRawBufferPointer(rebasing: bytes[index..<last]))
      return stop + 1
    }
    guard let next else { return false }
    index = next
    line += 1
    return true
  }
}

extension DataBytes {
  /// Throws unless bytes are text in UTF-8 without the character NUL; the error names the line.
  func requireLines() throws(DataError) {
    try withBytes { (bytes) throws(DataError) in
      func fail(_ index: Int, _ expected: String, _ found: String) -> DataError {
        .malformed(
          path: path, place: .line(1 + bytes[..<index].count { $0 == 0x0A }), expected: expected,
          found: "\(found) at byte \(index) of the file")
      }
      switch checkUTF8(bytes.bindMemory(to: UInt8.self)) {
      case .complete: break
      case .incomplete(let index), .invalid(let index):
        throw fail(index, "text in UTF-8", "0x\(String(bytes[index], radix: 16, uppercase: true))")
      }
      if let index = bytes.firstIndex(of: 0) { throw fail(index, "text without the character NUL", "U+0000") }
    }
  }

  /// The number of lines.
  fileprivate var lineCount: Int {
    var (cursor, count) = (LineCursor(self), 0)
    while cursor.next({ _ in }) { count += 1 }
    return count
  }
}

extension ParallelCorpus {
  /// Adds the lines of texts: line by line a sentence and its translations.
  ///
  /// - Throws: ``DataError`` where the texts have different numbers of lines, or a format error.
  mutating func append(lines source: DataSource, _ targets: [DataSource], part: DataPart? = nil) throws {
    let files = try ([source] + targets).map { own in
      let file = try DataBytes(own)
      try file.requireLines()
      return file
    }
    let counts = files.map(\.lineCount)
    for (file, count) in zip(files, counts) where count != counts[0] {
      throw DataError.malformed(
        path: file.path, place: .line(min(count, counts[0]) + 1),
        expected: "\(counts[0]) lines, as many as \(files[0].path) has", found: "\(count)")
    }
    beginSection(source.name, part: part)
    var cursors = files.map(LineCursor.init)
    for line in stride(from: 1, through: counts[0], by: 1) {
      _ = cursors[0].next { appendSource($0, line: line) }
      for place in cursors.indices.dropFirst() { _ = cursors[place].next { appendTarget($0, line: line) } }
      endPair()
    }
  }
}
