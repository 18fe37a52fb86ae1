/// Sequences to be answered, each read when it is asked for: of a table with a sequence in each row, only where its rows begin
/// is kept.
public struct LabelledSource: Sendable {
  /// The number of sequences.
  public let count: Int
  private let origin: @Sendable (Int) -> String
  private let content: @Sendable (Int) throws -> SequenceRecord

  /// Opens a file or folder; none of its sequences needs a class.
  ///
  /// - Parameters:
  ///   - path: a table, a recording, or a folder.
  ///   - columns: what the columns of a table are.
  ///   - known: what those of the training data were.
  ///   - readsPixels: whether pictures are read pixel by pixel.
  /// - Throws: ``DataError`` or a format error.
  public init(
    path: String, columns: RecordColumns = RecordColumns(), known: TableColumns? = nil,
    readsPixels: Bool = false
  ) throws {
    if let rows = try LabelledRecords.rows(path, columns, known: known) {
      count = rows.table.count
      origin = { rows.name($0) }
      content = { try rows.record($0) }
      return
    }
    let records = try LabelledRecords(
      path: path, columns: columns, needsLabels: false, readsPixels: readsPixels, known: known
    ).records
    count = records.count
    origin = { records[$0].origin }
    content = { records[$0] }
  }

  /// Sequences that were read.
  public init(_ records: [SequenceRecord]) {
    count = records.count
    origin = { records[$0].origin }
    content = { records[$0] }
  }

  /// Where a sequence comes from.
  public func name(_ index: Int) -> String { origin(index) }

  /// A sequence.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func record(_ index: Int) throws -> SequenceRecord { try content(index) }
}

/// The rows of a table, each a sequence.
struct LabelledRows: Sendable {
  let table: RecordTable
  let roles: TableRoles

  func name(_ row: Int) -> String { "\(table.path):\(table.line(of: row))" }

  func record(_ row: Int) throws -> SequenceRecord {
    var record = try LabelledRecords.record(table, roles, row: row)
    record.format = table.format
    return record
  }
}

extension LabelledRecords {
  /// The rows of a table in which each is a sequence; nil for anything else.
  static func rows(_ path: String, _ asked: RecordColumns, known: TableColumns?) throws -> LabelledRows? {
    guard !DataFolder.isFolder(path) else { return nil }
    let head = try DataBytes(path: path)
    guard try form(of: head) == .table else { return nil }
    let table = try RecordTable(path: path, format: asked.format, known: known?.format ?? asked.knownFormat)
    let columns = known?.applied(to: asked, in: table.columns) ?? asked
    let roles = try TableRoles(table, columns, needsLabels: false)
    return roles.id == nil ? LabelledRows(table: table, roles: roles) : nil
  }

  /// The forms that a file may have.
  enum Form {
    case pictures, recording, archive, table
  }

  /// By what a file begins with, and by its ending.
  static func form(of file: DataBytes) throws -> Form {
    if file.withBytes({ IDXFile.recognizes($0) }) { return .pictures }
    if SequenceFile.isRecording(file) { return .recording }
    return DataFolder.ending(file.path) == "ts" ? .archive : .table
  }
}
