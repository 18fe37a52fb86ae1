extension DataBytes {
  /// The lines of a text, without their ends and a byte order mark. They end with a line feed, a carriage return before it or
  /// not; in a text without any, with a carriage return.
  ///
  /// - Throws: ``DataError/invalidUTF8(path:byteOffset:byte:)``.
  func lines() throws(DataError) -> [String] {
    try withBytes { (bytes) throws(DataError) in
      try requireUTF8(bytes)
      let (feed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
      let end = bytes.contains(feed) ? feed : carriageReturn
      return bytes[textStart(bytes)...].split(separator: end, omittingEmptySubsequences: false)
        .map { String(decoding: $0.last == carriageReturn ? $0.dropLast() : $0, as: UTF8.self) }
    }
  }

  /// The lines that are not blank, with their numbers from 1.
  ///
  /// - Throws: ``DataError/invalidUTF8(path:byteOffset:byte:)``.
  func filledLines() throws(DataError) -> [(line: Int, text: String)] {
    try lines().enumerated().compactMap { $1.trimmingBlanks.isEmpty ? nil : ($0 + 1, $1) }
  }

  /// Throws unless bytes of the file are UTF-8 throughout.
  func requireUTF8(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    switch checkUTF8(bytes.bindMemory(to: UInt8.self)) {
    case .complete: break
    case .incomplete(let index), .invalid(let index):
      throw .invalidUTF8(path: path, byteOffset: index, byte: bytes[index])
    }
  }

  /// Where the text behind a byte order mark begins.
  func textStart(_ bytes: UnsafeRawBufferPointer) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }
}
