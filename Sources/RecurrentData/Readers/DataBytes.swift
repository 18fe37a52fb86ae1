import RecurrentFormats

/// The bytes of a source: of a file seen in place; what gzip has compressed is decompressed.
public struct DataBytes: Sendable {
  /// The path, or what messages call the bytes.
  public let path: String
  /// The source, but for its bytes.
  private let asked: DataFormat?, rate: Double?, isFile: Bool
  private let storage: Storage

  private enum Storage: Sendable {
    case mapped(MappedFile)
    case memory([UInt8])
  }

  /// Opens a source.
  ///
  /// - Throws: ``FormatError`` where it cannot be read, ``DataError/empty(path:)``, or another ``DataError`` for data in
  ///   memory that are neither bytes nor a text.
  public init(_ source: DataSource) throws {
    (path, asked, rate, isFile) = (source.name, source.format, source.rate, source.isPath)
    let name = path
    func decompressed(_ bytes: UnsafeRawBufferPointer) throws(FormatError) -> [UInt8]? {
      Gzip.recognizes(bytes) ? try Gzip.decompress(bytes, path: name) : nil
    }
    switch source.storage {
    case .path:
      let file = try MappedFile(path: path)
      storage = try file.withBytes(decompressed).map { .memory($0) } ?? .mapped(file)
    case .bytes(let bytes): storage = .memory(try bytes.withUnsafeBytes(decompressed) ?? bytes)
    case .value(.text(let text)): storage = .memory(Array(text.utf8))
    case .value, .columns, .records:
      throw DataError.malformed(
        path: path, place: .byte(0), expected: "bytes or a text", found: "\(source.memoryName ?? "")")
    }
    guard count > 0 else { throw DataError.empty(path: path) }
  }

  /// Bytes in memory; errors call them `path`.
  public init(_ bytes: [UInt8], path: String = "<memory>") {
    (self.path, asked, rate, isFile, storage) = (path, nil, nil, false, .memory(bytes))
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

  /// Gives back the memory of a file that was read to its end; it is loaded again where it is read again.
  func releaseMemory() {
    if case .mapped(let file) = storage { file.releaseMemory() }
  }

  /// Counts bytes that were read: of a file that is read to its end, little stays in memory.
  func didRead(_ bytes: Int) {
    if case .mapped(let file) = storage { file.didRead(bytes) }
  }

  /// How the bytes are written: as somebody said, else by their mark or the ending of their name; those of no file also by
  /// what they look like. Text where nothing tells.
  var format: DataFormat {
    if let asked { return asked }
    return withBytes { bytes in
      if let known = DataFormat(mark: bytes) ?? DataFormat(ending: DataFolder.ending(path)) { return known }
      if isFile { return .text }
      if beginsWithBrace { return .jsonl }
      guard case .complete = checkUTF8(bytes.bindMemory(to: UInt8.self)) else { return .text }
      return DialectSniffer(bytes, from: textStart(bytes), isTabbed: false, path: path).hasColumns
        ? .csv : .text
    }
  }

  /// Whether somebody said that it is text, or nothing else is known about bytes of no file.
  var isText: Bool { asked == .text || !isFile && format == .text }

  /// Whether the first character is the brace of an object.
  var beginsWithBrace: Bool {
    withBytes { $0.prefix(4096).first { $0 > 0x20 && $0 < 0x80 } } == UInt8(ascii: "{")
  }

  /// Samples a second of sound without a head.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where nobody says.
  func requireRate() throws(DataError) -> Double {
    guard let rate, (50...1e7).contains(rate) else {
      throw .invalidSetting(
        name: "rate",
        expected: "the samples a second of \(path), 50 to 10000000, which has no head to say so",
        found: rate.map { "\($0)" } ?? "nothing")
    }
    return rate
  }
}

extension DataSource {
  /// The source; with a rate, and nothing that tells how it is written, bytes that are no text are samples of 16 bits.
  public var assumingSamples: DataSource {
    guard rate != nil, format == nil, isPath ? !isFolder : memoryName == nil, let file = try? DataBytes(self)
    else { return self }
    let isKnown = DataFormat(ending: DataFolder.ending(name)) != nil
    let isBinary = file.withBytes { bytes in
      guard DataFormat(mark: bytes) == nil, !bytes.isEmpty else { return false }
      guard case .complete = checkUTF8(bytes.bindMemory(to: UInt8.self)) else { return true }
      return bytes.prefix(4096).contains(0)
    }
    guard !isKnown, isBinary else { return self }
    var own = self
    own.format = .s16le
    return own
  }
}
