#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Reads text in UTF-8 part by part, checked, so that a file of any size needs the memory of one part.
///
/// Several files or texts are read as one text, one after the other with nothing between. A byte order mark
/// at the beginning of a file is left out; in texts given in memory every character counts. Of files of sequences (FASTA, FASTQ,
/// GenBank, EMBL) the letters are the text, with a line end behind each sequence.
public struct UTF8TextReader: Sendable {
  private let source: Source
  private let chunkSize: Int
  /// The characters that are read, by their numbers; nil for all.
  private var characters: Range<Int>?

  private enum Source: Sendable {
    case sources([DataSource])
    case texts([String])
  }

  /// Reads files, bytes or texts of JSON, files up to `chunkSize` bytes at once.
  public init(_ sources: [DataSource], chunkSize: Int = 1 << 20) {
    trapUnless(chunkSize > 0, "UTF8TextReader: chunkSize must be positive, received \(chunkSize)")
    source = .sources(sources)
    self.chunkSize = chunkSize
  }

  /// Reads `texts`, which may be empty.
  public init(texts: [String]) {
    source = .texts(texts)
    chunkSize = 1
  }

  /// Calls `body` with each part of the text. A part is valid UTF-8 that ends between two scalars; the
  /// pointer is valid until `body` returns.
  ///
  /// - Throws: ``DataError`` where a file is missing, a folder, unreadable, empty or not UTF-8.
  public func forEachChunk(_ body: (UnsafeBufferPointer<UInt8>) -> Void) throws(DataError) {
    guard let characters else { return try forEachWholeChunk(body) }
    var read = 0
    try forEachWholeChunk { chunk in
      let own = read..<read + scalarCount(chunk)
      read = own.upperBound
      let part = characters.clamped(to: own)
      guard !part.isEmpty else { return }
      let start = byteOffset(ofScalar: part.lowerBound - own.lowerBound, in: chunk)
      let end = byteOffset(ofScalar: part.upperBound - own.lowerBound, in: chunk)
      body(UnsafeBufferPointer(rebasing: chunk[start..<end]))
    }
  }

  /// A reader of some of the characters, Unicode scalars, by their numbers.
  public func part(_ characters: Range<Int>) -> UTF8TextReader {
    var copy = self
    copy.characters = characters
    return copy
  }

  /// The number of characters, Unicode scalars, of all of the text.
  ///
  /// - Throws: ``DataError`` about reading.
  public func characterCount() throws(DataError) -> Int {
    var count = 0
    try forEachWholeChunk { count += scalarCount($0) }
    return count
  }

  private func forEachWholeChunk(_ body: (UnsafeBufferPointer<UInt8>) -> Void) throws(DataError) {
    switch source {
    case .sources(let sources):
      let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: chunkSize + 3)
      defer { buffer.deallocate() }
      for source in sources {
        if try readSequences(source, body) { continue }
        if source.isPath, !isCompressed(source.name) {
          try read(source.name, into: buffer, body)
        } else {
          try read(source, body)
        }
      }
    case .texts(let texts):
      for var text in texts { text.withUTF8(body) }
    }
  }

  /// The bytes of a source, decompressed.
  static func bytes(_ source: DataSource) throws(DataError) -> DataBytes {
    guard !source.isPath || DataFolder.exists(source.name) else { throw .notFound(path: source.name) }
    do {
      return try DataBytes(source)
    } catch let error as DataError {
      throw error
    } catch {
      throw .unreadable(path: source.name, reason: "\(error)")
    }
  }

  /// Whether a file stands at a path that can be read as often as one likes.
  static func isRegularFile(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
  }

  /// Whether gzip has compressed a file.
  private func isCompressed(_ path: String) -> Bool {
    guard UTF8TextReader.isRegularFile(path), let file = fopen(path, "rb") else { return false }
    defer { fclose(file) }
    var mark: [UInt8] = [0, 0]
    return fread(&mark, 1, 2, file) == 2 && mark == [0x1F, 0x8B]
  }

  /// Reads compressed files, bytes or a text of JSON.
  private func read(
    _ source: DataSource, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) throws(DataError) {
    let bytes = try UTF8TextReader.bytes(source)
    try bytes.withBytes { (all) throws(DataError) in
      try bytes.requireUTF8(all)
      body(UnsafeBufferPointer(rebasing: all.bindMemory(to: UInt8.self)[bytes.textStart(all)...]))
    }
  }

  /// Reads the letters of a source of sequences.
  ///
  /// - Returns: false where it is none.
  private func readSequences(
    _ source: DataSource, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) throws(DataError) -> Bool {
    guard let file = try source.sequenceBytes() else { return false }
    try SequenceFile.forEach(in: file) { entry, bytes in
      SequenceFile.forEachPart(of: entry, in: bytes) { part in
        part.withUnsafeBufferPointer(body)
        return true
      }
      [UInt8(0x0A)].withUnsafeBufferPointer(body)
    }
    return true
  }

  /// Reads one file; `buffer` has room for a part and the cut sequence before it.
  private func read(
    _ path: String, into buffer: UnsafeMutableBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) throws(DataError) {
    let descriptor = try openFile(path)
    defer { _ = close(descriptor) }
    // Where in the file the buffer begins, and how many bytes at its start are left from the last part.
    var offset = 0
    var kept = 0
    while true {
      let count = try fill(buffer, from: kept, descriptor: descriptor, path: path)
      let filled = kept + count
      if offset == 0, filled == 0 { throw .empty(path: path) }
      let bytes = UnsafeBufferPointer(rebasing: buffer[..<filled])
      let valid: Int
      switch checkUTF8(bytes) {
      case .complete: valid = filled
      case .incomplete(let index) where count > 0: valid = index
      case .incomplete(let index), .invalid(let index):
        throw .invalidUTF8(path: path, byteOffset: offset + index, byte: bytes[index])
      }
      // A mark that is cut is not complete UTF-8 and so stands whole at the start of a later buffer.
      let hasMark = offset == 0 && valid >= 3 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
      let start = hasMark ? 3 : 0
      if valid > start { body(UnsafeBufferPointer(rebasing: bytes[start..<valid])) }
      if count == 0 { return }
      kept = filled - valid
      for index in 0..<kept { buffer[index] = buffer[valid + index] }
      offset += valid
    }
  }

  private func openFile(_ path: String) throws(DataError) -> Int32 {
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw error(path) }
    var information = stat()
    let failure: DataError? =
      if fstat(descriptor, &information) != 0 {
        error(path)
      } else {
        switch information.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: .isFolder(path: path)
        default: .notARegularFile(path: path)
        }
      }
    guard let failure else { return descriptor }
    _ = close(descriptor)
    throw failure
  }

  /// Reads until a part is full or the file ends, and returns how many bytes came.
  private func fill(
    _ buffer: UnsafeMutableBufferPointer<UInt8>, from start: Int, descriptor: Int32, path: String
  ) throws(DataError) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    var count = 0
    while count < chunkSize {
      let result = systemRead(descriptor, base + start + count, chunkSize - count)
      if result == 0 { break }
      if result < 0 {
        if errno == EINTR { continue }
        throw error(path)
      }
      count += result
    }
    return count
  }

  private func error(_ path: String) -> DataError {
    let code = errno
    return code == ENOENT
      ? .notFound(path: path) : .unreadable(path: path, reason: String(cString: strerror(code)))
  }
}

/// The system call, which the method of the same name hides.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
