import RecurrentFormats

/// Where data come from: a file or a folder, bytes in memory such as those of the standard input, a decoded value of JSON, or
/// arrays of a program.
///
///     DataSource("reviews/")
///     DataSource(text: "To be, or not to be", name: "line")
///     DataSource(columns: ["day": .numbers(days), "load": .numbers(loads)], name: "load")
///     DataSource(series.map { Record(.series($0), label: "up") }, name: "curves")
///
/// Bytes are recognised by what they begin with: WAVE, FLAC, GIF, NumPy and IDX by their marks, what gzip has compressed, lines of
/// JSON by a brace, a table by fields that are alike from line to line; anything else is text. A value of JSON stands for the
/// same data as lines of JSON with it: a list of objects is a table, a list of numbers or of such lists a series, a text a text.
public struct DataSource: Sendable, Equatable, ExpressibleByStringLiteral {
  enum Storage: Sendable, Equatable {
    case path
    case bytes([UInt8])
    case value(JSONValue)
    case columns(ColumnTable)
    case records([Record])
  }

  /// The path, or what messages call the data.
  public let name: String
  let storage: Storage
  /// How the data are written; nil to recognise it.
  public var format: DataFormat?
  /// Samples a second of sound without a head.
  public var rate: Double?

  /// A file or a folder.
  public init(_ path: String, format: DataFormat? = nil, rate: Double? = nil) {
    (name, storage, self.format, self.rate) = (path, .path, format, rate)
  }

  /// Bytes in memory, such as the standard input, `<stdin>`.
  public init(bytes: [UInt8], name: String, format: DataFormat? = nil, rate: Double? = nil) {
    (self.name, storage, self.format, self.rate) = (name, .bytes(bytes), format, rate)
  }

  /// A value of JSON.
  public init(_ value: JSONValue, name: String) {
    (self.name, storage, format, rate) = (name, .value(value), nil, nil)
  }

  /// A text in memory.
  public init(text: String, name: String) {
    self.init(bytes: Array(text.utf8), name: name, format: .text)
  }

  /// A table in memory: what a file of such a table stands for, steps of series or a sequence in each row, this stands for. Traps
  /// where columns have the same name or different lengths.
  public init(columns: KeyValuePairs<String, DataColumn>, name: String) {
    (self.name, storage, format, rate) = (name, .columns(ColumnTable(columns)), nil, nil)
  }

  /// Sequences in memory, with what is said about them; a record without an origin gets its number among them.
  public init(_ records: [Record], name: String) {
    var records = records
    for index in records.indices where records[index].origin.isEmpty {
      records[index].origin = "\(name), record \(index + 1)"
    }
    (self.name, storage, format, rate) = (name, .records(records), nil, nil)
  }

  /// A file or a folder.
  public init(stringLiteral path: String) { self.init(path) }

  /// Whether it is a file or a folder.
  public var isPath: Bool { storage == .path }

  /// Whether it is a folder.
  public var isFolder: Bool { isPath && DataFolder.isFolder(name) }

  /// The text, where it is a value of JSON that is one, such as a line of a program; nil for all others.
  package var jsonText: String? {
    if case .value(.text(let text)) = storage { text } else { nil }
  }

  /// What messages call data in memory that are no bytes; nil for all others.
  var memoryName: String? {
    switch storage {
    case .path, .bytes: nil
    case .value: "a value of JSON"
    case .columns: "a table in memory"
    case .records: "records in memory"
    }
  }

  /// The value, where it is one of JSON or a text that is one.
  ///
  /// - Throws: ``DataError`` or a format error.
  func value() throws -> JSONValue? {
    if case .value(let value) = storage { return value }
    guard format == .json || format == nil && DataFolder.ending(name) == "json" else { return nil }
    return try DataBytes(self).withBytes { try JSONValue(text: $0, path: name) }
  }
}
