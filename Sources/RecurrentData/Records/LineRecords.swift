/// Texts in files of one class each, an item a line; only where the lines begin is kept.
struct LineRecords: RecordStorage {
  private struct File {
    var bytes: DataBytes
    var label: String
    var lines = RowIndex()
  }

  private var files: [File] = []
  /// The number of the first line of each file, and that behind the last one.
  private var starts: [Int] = [0]

  /// The classes of the files.
  var labels: [String] { files.filter { $0.lines.count > 0 }.map(\.label) }

  /// Looks for the lines that are not empty.
  ///
  /// - Throws: ``DataError`` or a format error for anything but text.
  init(_ entries: [DataFolder.Entry]) throws {
    let stems = Set(entries.map { DataFolder.stem($0.path) })
    let usesEndings = stems.count == 1 && entries.count > 1
    for entry in entries {
      let label = usesEndings ? DataFolder.ending(entry.path) : DataFolder.stem(entry.path)
      var file = File(bytes: try DataBytes(DataSource(entry.path)), label: label)
      guard file.bytes.format == .text || file.bytes.format == .conll else {
        throw DataError.malformed(
          path: entry.path, place: .byte(0), expected: "a text of the class \"\(label)\", an item a line",
          found: "another kind of file; put the files of each class into a folder of their own")
      }
      file.lines = try file.bytes.filledLines()
      files.append(file)
      starts.append(starts[starts.count - 1] + file.lines.count)
    }
  }

  var count: Int { starts[files.count] }

  private func place(_ index: Int) -> (file: File, line: Int) {
    let place = (starts.firstIndex { $0 > index } ?? starts.count) - 1
    return (files[place], index - starts[place])
  }

  func name(_ index: Int) -> String {
    let (file, line) = place(index)
    return "\(file.bytes.path):\(file.lines.line(of: line))"
  }

  func label(_ index: Int) -> String? { place(index).file.label }

  func record(_ index: Int) -> Record {
    let (file, line) = place(index)
    let text = file.bytes.line(at: file.lines.offset(of: line)).trimmingBlanks
    return Record(.text(text), label: file.label, origin: name(index))
  }
}

extension DataBytes {
  /// Where the lines begin that have more than blanks in them.
  ///
  /// - Throws: ``DataError/invalidUTF8(path:byteOffset:byte:)``.
  fileprivate func filledLines() throws(DataError) -> RowIndex {
    try withBytes { (bytes) throws(DataError) in
      try requireUTF8(bytes)
      var lines = RowIndex()
      var (start, line) = (textStart(bytes), 1)
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        if bytes[start..<end].contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) {
          lines.append(offset: start, line: line)
        }
        start = end + 1
        line += 1
      }
      return lines
    }
  }

  /// The line that begins at an offset.
  fileprivate func line(at start: Int) -> String {
    withBytes { String(decoding: $0[start...].prefix { $0 != 0x0A }, as: UTF8.self) }
  }
}
