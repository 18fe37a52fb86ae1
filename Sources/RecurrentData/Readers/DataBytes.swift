import RecurrentFormats

/// The bytes of a data file: seen in place, or decompressed where it is compressed by gzip.
public struct DataBytes: Sendable {
  /// The path, for errors.
  public let path: String
  private let storage: Storage

  private enum Storage: Sendable {
    case mapped(MappedFile)
    case memory([UInt8])
  }

  /// Opens a file.
  ///
  /// - Throws: ``FormatError`` where it cannot be read, or ``DataError/empty(path:)``.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    guard file.count > 0 else { throw DataError.empty(path: path) }
    self.path = path
    storage =
      try file.withBytes { bytes throws(FormatError) -> [UInt8]? in
        Gzip.recognizes(bytes) ? try Gzip.decompress(bytes, path: path) : nil
      }.map { .memory($0) } ?? .mapped(file)
    guard count > 0 else { throw DataError.empty(path: path) }
  }

  /// Bytes in memory; errors call them `path`.
  public init(_ bytes: [UInt8], path: String = "<memory>") {
    self.path = path
    storage = .memory(bytes)
  }

  /// The number of bytes, decompressed.
  public var count: Int {
    switch storage {
    case .mapped(let file): file.count
    case .memory(let bytes): bytes.count
    }
  }

  /// Calls `body` with the bytes; the pointer is valid until `body` returns.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .mapped(let file): return try file.withBytes(body)
    case .memory(let bytes):
      return try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
        try body(UnsafeRawBufferPointer(buffer))
      }
    }
  }
}
