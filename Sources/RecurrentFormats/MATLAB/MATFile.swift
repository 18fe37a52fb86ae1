/// A file of MATLAB, level 5 (MathWorks, "MAT-File Format"): numbers, texts and cells, also compressed; other classes are named and
/// not read.
public struct MATFile: Sendable, Equatable {
  /// What a variable or a cell holds.
  public indirect enum Value: Sendable, Equatable {
    /// Real numbers or truth values of a shape, column by column.
    case numbers(shape: [Int], values: [Double])
    /// A text, column by column.
    case text(String)
    /// Values of a shape, column by column.
    case cells(shape: [Int], values: [Value])
    /// A class that is not read: structures, objects, sparse matrices.
    case other(String)
  }

  /// The path that the file was opened with.
  public let path: String
  /// The variables in the order of the file.
  public let variables: [(name: String, value: Value)]

  /// Whether the same values stand under the same names.
  public static func == (a: MATFile, b: MATFile) -> Bool {
    a.variables.elementsEqual(b.variables) { $0.name == $1.name && $0.value == $1.value }
  }

  private static let headLength = 128

  /// Whether bytes begin as such a file does.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= headLength && bytes.starts(with: Array("MATLAB 5.0".utf8))
  }

  /// Reads the content of a file from memory; errors call it `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(bytes: [UInt8], path: String = "<memory>") throws(FormatError) {
    self.path = path
    variables = try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      try MATReader.variables(UnsafeRawBufferPointer(buffer), path: path)
    }
  }
}
