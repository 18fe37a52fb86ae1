/// What is wrong with a file that is read or written. `path` is the path that the caller passed.
public enum FormatError: Error, Equatable, Sendable {
  /// The file cannot be opened or read.
  case cannotRead(path: String, cause: FileCause)
  /// The file cannot be written; a previous file at `path` is unchanged.
  case cannotWrite(path: String, cause: FileCause)
  /// No file can be created in the folder at `path`.
  case folderNotWritable(path: String, cause: FileCause)

  /// The file ends before the `needed` bytes at `offset`; only `found` are there.
  case truncated(path: String, offset: Int, needed: UInt64, found: Int)
  /// The header claims to have `found` bytes, more than the `limit` of the format.
  case headerTooLong(path: String, found: UInt64, limit: Int)
  /// `count` bytes follow the last one described in the header, from `offset` on.
  case trailingBytes(path: String, offset: Int, count: Int)

  /// `what` at byte `offset` is `found` where `expected` must be.
  case unexpected(path: String, offset: Int, what: String, expected: String, found: String)
  /// The file is whole, but `what` is more than this program reads; `remedy` helps.
  case unsupported(path: String, what: String, remedy: String)
  /// The content of the part `name` does not have the checksum that the file gives for it.
  case checksumMismatch(path: String, name: String, expected: UInt32, found: UInt32)
  /// The file does not have the checksum that it was written with.
  case damaged(path: String)

  /// The byte at `offset` is not valid UTF-8.
  case invalidUTF8(path: String, offset: Int, byte: UInt8)
  /// The JSON at byte `offset` of the file is not what it must be there.
  case invalidJSON(path: String, offset: Int, expected: String, found: String)
  /// The object that contains byte `offset` has the key `key` twice.
  case duplicateKey(path: String, offset: Int, key: String)
  /// The description of tensor `name`, which ends at byte `offset`, lacks `field`.
  case missingField(path: String, offset: Int, name: String, field: String)
  /// The description of tensor `name` has a field that the format does not know.
  case unexpectedField(path: String, offset: Int, name: String, field: String)
  /// The type of tensor `name` is not one of the format's.
  case unknownDataType(path: String, name: String, found: String)

  /// The extents of tensor `name` cannot be: `problem` says why.
  case invalidShape(path: String, name: String, problem: String)
  /// Tensor `name` takes up `found` bytes where shape and type ask for `expected`.
  case byteCountMismatch(path: String, name: String, expected: Int, found: Int)
  /// The bytes `begin..<end` of tensor `name` are not within the `dataCount` bytes of the data section.
  case offsetsOutOfRange(path: String, name: String, begin: Int, end: Int, dataCount: Int)
  /// Tensor `name` begins at `found` of the data section, before the preceding tensor ends at `expected`.
  case overlappingTensors(path: String, name: String, expected: Int, found: Int)
  /// Tensor `name` begins at `found` of the data section; the bytes from `expected` on belong to no tensor.
  case unusedBytes(path: String, name: String, expected: Int, found: Int)

  /// There is no tensor `name`; `available` are the names that there are.
  case unknownTensor(path: String, name: String, available: [String])
  /// Tensor `name` of type `found` cannot be read as one of `expected`.
  case unsupportedConversion(
    path: String, name: String, expected: [ElementType], found: ElementType)
  /// Element `index` of tensor `name` has the value `value`, which does not fit into 64 signed bits.
  case valueOutOfRange(path: String, name: String, index: Int, value: UInt64)

  /// Two tensors to be written are called `name`.
  case duplicateName(path: String, name: String)
  /// `name` is reserved by the format and cannot name a tensor.
  case reservedName(path: String, name: String)
}
