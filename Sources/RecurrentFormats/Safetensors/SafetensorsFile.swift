/// A safetensors file: named tensors of plain numbers, behind a JSON header.
///
/// The header is read and checked completely when the value is made, so that every tensor is known to lie in
/// the file, overlap no other and match its shape. The data is mapped, not read: a tensor costs time only
/// when it is asked for.
///
/// Source: the format description of https://github.com/huggingface/safetensors.
public struct SafetensorsFile: ArrayFile {
  /// The path that the file was opened with.
  public let path: String
  private let storage: FileBytes
  private let header: SafetensorsHeader

  /// Opens the file at `path`.
  ///
  /// - Throws: every ``FormatError`` about reading.
  public init(path: String) throws(FormatError) {
    let file = try MappedFile(path: path)
    self.path = path
    storage = FileBytes(file)
    header = try file.withBytes { (bytes) throws(FormatError) in
      try SafetensorsHeader(parsing: bytes, path: path)
    }
  }

  /// Reads the content of a file from memory; errors call it `path`.
  ///
  /// - Throws: every ``FormatError`` about reading.
  public init(bytes: [UInt8], path: String = "<memory>") throws(FormatError) {
    self.path = path
    storage = FileBytes(bytes)
    header = try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      try SafetensorsHeader(parsing: UnsafeRawBufferPointer(buffer), path: path)
    }
  }

  /// Calls `body` with all bytes of the file.
  func withFileBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { storage.withBytes(body) }

  /// The tensors in the order of their bytes in the file.
  public var tensors: [SafetensorsTensorInfo] { header.tensors }

  /// The names of the tensors in the order of their bytes in the file.
  public var names: [String] { header.tensors.map(\.name) }

  /// False: writers of the format sort tensors by type and name.
  public var keepsOrder: Bool { false }

  /// The free-form texts that the header carries under `__metadata__`; empty where it has none.
  public var metadata: [String: String] { header.metadata }

  /// What the header says about the tensor `name`, nil where there is none. Names are compared byte by byte.
  public func info(named name: String) -> SafetensorsTensorInfo? {
    header.places[Array(name.utf8)].map { header.tensors[$0] }
  }

  /// The tensor `name`.
  ///
  /// - Throws: ``FormatError/unknownTensor(path:name:available:)`` where there is none.
  public func array(named name: String) throws(FormatError) -> StoredArray {
    guard let info = info(named: name) else {
      throw .unknownTensor(path: path, name: name, available: names)
    }
    return StoredArray(
      path: path, name: name, elementType: info.dataType, shape: info.shape,
      bytes: storage.part(info.byteRange))
  }

  /// Calls `body` with the bytes of the tensor `name`, row-major and little-endian; the pointer is valid
  /// until `body` returns and need not be aligned.
  ///
  /// - Throws: ``FormatError/unknownTensor(path:name:available:)``, or what `body` throws.
  public func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    try array(named: name).withBytes(body)
  }

  /// The elements of the tensor `name` as single-precision floats, row-major; see ``StoredArray/floats(convertsIntegers:)``.
  public func floats(named name: String) throws(FormatError) -> [Float] { try array(named: name).floats() }

  /// The elements of the tensor `name` as integers, row-major; see ``StoredArray/integers()``.
  public func integers(named name: String) throws(FormatError) -> [Int64] {
    try array(named: name).integers()
  }
}
