/// What is wrong with data that is read, fitted or cut into batches.
public enum DataError: Error, Equatable, Sendable {
  /// There is no file at `path`.
  case notFound(path: String)
  /// A folder stands at `path`.
  case isFolder(path: String)
  /// A device, pipe or socket stands at `path`; text is read more than once, which only a file allows.
  case notARegularFile(path: String)
  /// The system refuses to read `path`; `reason` is its text.
  case unreadable(path: String, reason: String)
  /// The file or folder at `path` contains nothing.
  case empty(path: String)
  /// The UTF-8 sequence that begins with `byte` at `byteOffset` of `path` is malformed or cut off.
  case invalidUTF8(path: String, byteOffset: Int, byte: UInt8)
  /// There is no text to fit a vocabulary to.
  case noText
  /// `count` tokens do not fill one window of `windowLength` steps in each of `batchSize` streams.
  case tooShort(count: Int, batchSize: Int, windowLength: Int)
  /// What stands at a place of a file is not what must stand there.
  case malformed(path: String, place: Place, expected: String, found: String)
  /// A table has no column of a name.
  case noColumn(path: String, name: String, available: [String])
  /// The setting `name`, such as `label-column`, has the value `found`, which must be `expected`. In sentences the names of
  /// other settings stand between backticks, so that a command line can show them as its flags.
  case invalidSetting(name: String, expected: String, found: String)
}

extension DataError {
  /// Where in a file something stands.
  public enum Place: Equatable, Sendable, CustomStringConvertible {
    /// A line, from 1.
    case line(Int)
    /// A column of a line, by its name.
    case field(line: Int, column: String)
    /// A byte, from 0.
    case byte(Int)
    /// All of the record that the path names, such as `reviews.tsv:17`.
    case record

    /// `line 3`, `line 3, column "date"`, `byte 44`; nothing where the path says it.
    public var description: String {
      switch self {
      case .line(let line): "line \(line)"
      case .field(let line, let column): "line \(line), column \"\(column)\""
      case .byte(let offset): "byte \(offset)"
      case .record: ""
      }
    }
  }
}

extension DataError: CustomStringConvertible {
  /// One line that says what is wrong, where, and what to do.
  public var description: String {
    var line = String.UnicodeScalarView()
    for scalar in sentence.unicodeScalars {
      // names and fields of a file may have line ends and other control characters in them
      let isPlain = ![.control, .lineSeparator, .paragraphSeparator].contains(
        scalar.properties.generalCategory)
      line.append(
        contentsOf: isPlain ? String(scalar).unicodeScalars : scalar.escaped(asASCII: true).unicodeScalars)
    }
    return String(line)
  }

  private var sentence: String {
    switch self {
    case .notFound(let path): "\(path): no such file; check the spelling"
    case .isFolder(let path): "\(path): is a folder; name the files in it"
    case .notARegularFile(let path): "\(path): is a device, pipe or socket; save the text to a file first"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .empty(let path): "\(path): is empty; name a file or a folder with data in it"
    case .invalidUTF8(let path, let byteOffset, let byte):
      "\(path): byte \(byteOffset) (0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))) "
        + "does not begin valid UTF-8; convert the file to UTF-8 or correct it there"
    case .noText: "there is no text to fit a vocabulary to; name a file with text"
    case .tooShort(let count, let batchSize, let windowLength):
      "the text has \(count) tokens, too few for \(batchSize) streams of \(windowLength) steps and one more; "
        + "add text, or lower the batch size or the window length"
    case .malformed(let path, let place, let expected, let found):
      ([path, place.description].filter { !$0.isEmpty } + ["expected \(expected), found \(found)"])
        .joined(separator: ": ")
    case .noColumn(let path, let name, let available):
      "\(path): there is no column \"\(name)\"; there are "
        + available.map { "\"\($0)\"" }.joined(separator: ", ")
    case .invalidSetting(let name, let expected, let found):
      "\(name) must be \(expected), found \(found)"
    }
  }
}
