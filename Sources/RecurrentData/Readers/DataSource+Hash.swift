import RecurrentFormats

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DataSource {
  /// The SHA-256 of the data, in hexadecimal: of a folder that of the names and hashes of its files, of a record of WFDB that of those
  /// with its name.
  ///
  /// - Throws: a format error where they cannot be read.
  public func hash() throws -> String {
    switch storage {
    case .bytes(let bytes): return SHA256.hash(bytes)
    case .value(let value): return SHA256.hash(Array(value.canonicalText.utf8))
    case .columns(let table): return table.hash
    case .records(let records): return try Record.hash(records)
    case .path: break
    }
    let own = resolved
    if !isFolder, DataFormat(ending: DataFolder.ending(own.name)) == .wfdb {
      let stem = DataFolder.stem(own.name)
      return SHA256.hash(
        Array(
          try DataFolder.entries(DataFolder.path(".", besides: own.name))
            .filter { !$0.isFolder && DataFolder.stem($0.path) == stem }
            .map { "\($0.name) \(try SHA256.hash(file: $0.path))\n" }.joined().utf8))
    }
    guard isFolder else { return try SHA256.hash(file: name) }
    var text = ""
    for file in (try? FileManager.default.subpathsOfDirectory(atPath: name))?.sorted() ?? [] {
      let path = name + "/" + file
      if !DataFolder.isFolder(path) { text += "\(file) \((try? SHA256.hash(file: path)) ?? "")\n" }
    }
    return SHA256.hash(Array(text.utf8))
  }
}

extension JSONValue {
  /// The value as text that is the same for the same value, whatever the order of its keys was.
  fileprivate var canonicalText: String {
    switch self {
    case .text(let text): "\"\(text.utf8.count):\(text)\""
    case .list(let values): "[\(values.map(\.canonicalText).joined(separator: ","))]"
    case .object(let members):
      "{\(members.sorted { $0.key < $1.key }.map { "\($0.key.utf8.count):\($0.key)=\($0.value.canonicalText)" }.joined(separator: ","))}"
    case .null: "null"
    case .bool, .number: field ?? ""
    }
  }
}
