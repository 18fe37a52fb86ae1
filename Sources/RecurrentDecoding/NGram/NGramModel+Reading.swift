import RecurrentData
import RecurrentFormats

extension NGramModel {
  /// Reads an ARPA file, compressed by gzip or not, a probing file of KenLM, or what ``encoded()`` wrote: what it is, the
  /// first bytes tell.
  ///
  /// - Throws: ``DataError`` with the line of an ARPA file where it is cut, damaged or not what it should be; ``FormatError``
  ///   with the byte of a binary one.
  public init(_ source: DataSource) throws { try self.init(DataBytes(source)) }

  /// Reads the bytes of such a file; errors call them `path`.
  ///
  /// - Throws: as ``init(_:)``.
  public init(bytes: [UInt8], path: String = "<memory>") throws {
    try self.init(DataSource(bytes: bytes, name: path))
  }

  init(_ bytes: DataBytes) throws {
    let kind = bytes.withBytes { bytes in
      NGramCoding.recognizes(bytes) ? Kind.own : KenLMLayout.recognizes(bytes) ? .kenLM : .arpa
    }
    switch kind {
    case .own:
      let (trie, vocabulary) = try bytes.withBytes { (all) throws(FormatError) in
        try NGramCoding.decode(all, path: bytes.path)
      }
      self.init(trie, vocabulary, notes: [])
    case .kenLM:
      let tables = try KenLMTables(bytes)
      self.init(tables, notes: tables.notes)
    case .arpa:
      self = try bytes.withBytes { (all) throws(DataError) in
        var reader = ARPAReader(all, path: bytes.path)
        return try reader.model()
      }
    }
  }

  private enum Kind { case own, kenLM, arpa }
}
