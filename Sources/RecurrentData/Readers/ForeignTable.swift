/// Tables of other programs that are no text, known by their first bytes.
enum ForeignTable {
  case oldExcel, openDocument, parquet, arrow, hdf5, matlab, sqlite, sas, stata, spss, pickle, html, zip

  /// The kind that bytes begin as; nil for none of them.
  init?(_ bytes: UnsafeRawBufferPointer) {
    func begins(_ text: String) -> Bool { bytes.starts(with: text.utf8) }
    if begins("PK\u{3}\u{4}") {
      let head = bytes.prefix(1 << 16)
      func has(_ text: String) -> Bool {
        let mark = Array(text.utf8)
        return head.indices.dropLast(mark.count).contains { head[$0...].starts(with: mark) }
      }
      self = has("application/vnd.oasis.opendocument") ? .openDocument : .zip
    } else if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      self = .oldExcel
    } else if begins("PAR1") {
      self = .parquet
    } else if begins("ARROW1") || begins("FEA1") {
      self = .arrow
    } else if bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      self = .hdf5
    } else if begins("MATLAB 5.0") || begins("MATLAB 7.3") {
      self = .matlab
    } else if begins("SQLite format 3") {
      self = .sqlite
    } else if begins("<stata_dta>") {
      self = .stata
    } else if begins("$FL2") || begins("$FL3") {
      self = .spss
    } else if bytes.starts(with: [UInt8](repeating: 0, count: 12) + [0xC2, 0xEA, 0x81, 0x60]) {
      self = .sas
    } else if bytes.starts(with: [0x80, 0x04, 0x95]) || bytes.starts(with: [0x80, 0x05, 0x95]) {
      self = .pickle
    } else if begins("<!DOCTYPE html") || begins("<!doctype html") || begins("<html") {
      self = .html
    } else {
      return nil
    }
  }

  /// What it is, and how a table of text is made of it.
  private var words: (name: String, way: String) {
    switch self {
    case .oldExcel:
      (
        "a workbook of Excel before 2007, or one with a password",
        "save it as .xlsx or the sheet as CSV, or pandas.read_excel(...).to_csv(...)"
      )
    case .openDocument: ("an OpenDocument spreadsheet", "save the sheet as CSV")
    case .parquet: ("a Parquet file", "pandas.read_parquet(...).to_csv(...)")
    case .arrow: ("an Arrow or Feather file", "pandas.read_feather(...).to_csv(...)")
    case .hdf5: ("an HDF5 file", "pandas.read_hdf(...).to_csv(...), or numpy.save of an array read by h5py")
    case .matlab:
      ("a MATLAB file", "writetable(...) in MATLAB, or numpy.save of an array read by scipy.io.loadmat")
    case .sqlite: ("a database of SQLite", "sqlite3 -csv -header FILE \"select ...\" > table.csv")
    case .sas: ("a SAS file", "pandas.read_sas(...).to_csv(...)")
    case .stata: ("a Stata file", "pandas.read_stata(...).to_csv(...)")
    case .spss: ("an SPSS file", "pandas.read_spss(...).to_csv(...)")
    case .pickle: ("a pickle of Python", "pandas.read_pickle(...).to_csv(...)")
    case .html: ("a page of HTML", "the address of the file itself instead of that of its page")
    case .zip: ("a ZIP archive", "unzip it and name the file")
    }
  }

  /// The error that names it.
  func error(_ path: String) -> DataError {
    .malformed(
      path: path, place: .byte(0),
      expected: "a table of text; to get one: \(words.way)",
      found: words.name)
  }
}
