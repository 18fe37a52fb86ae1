/// A part of a file, mapped or in memory.
enum FileBytes: Sendable {
  case mapped(MappedFile, Range<Int>)
  case memory([UInt8], Range<Int>)

  /// All of `file`.
  init(_ file: MappedFile) { self = .mapped(file, 0..<file.count) }

  /// All of `bytes`.
  init(_ bytes: [UInt8]) { self = .memory(bytes, 0..<bytes.count) }

  /// The number of bytes.
  var count: Int {
    switch self {
    case .mapped(_, let range), .memory(_, let range): range.count
    }
  }

  /// The bytes at `range` of these.
  func part(_ range: Range<Int>) -> FileBytes {
    switch self {
    case .mapped(let file, let own):
      .mapped(file, own.lowerBound + range.lowerBound..<own.lowerBound + range.upperBound)
    case .memory(let bytes, let own):
      .memory(bytes, own.lowerBound + range.lowerBound..<own.lowerBound + range.upperBound)
    }
  }

  /// Calls `body` with the bytes; the pointer is valid until `body` returns and need not be aligned.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch self {
    case .mapped(let file, let range):
      return try file.withBytes { (bytes) throws(Failure) in
        try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
      }
    case .memory(let bytes, let range):
      return try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
        try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[range]))
      }
    }
  }
}
