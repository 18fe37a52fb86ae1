extension DataBytes {
  /// The lines of a text, without their ends and a byte order mark.
  ///
  /// - Throws: ``DataError/invalidUTF8(path:byteOffset:byte:)``.
  func lines() throws(DataError) -> [String] {
    try withBytes { (bytes) throws(DataError) in
      try requireUTF8(bytes)
      return bytes[textStart(bytes)...].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        .map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
    }
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
