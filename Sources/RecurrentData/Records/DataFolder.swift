#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Folders with data.
public enum DataFolder {
  /// Something in a folder.
  struct Entry {
    var name: String
    var path: String
    var isFolder: Bool
  }

  /// Whether something stands at a path.
  public static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether a folder stands at a path.
  public static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }

  /// What is in a folder by name, without hidden files.
  ///
  /// - Throws: ``DataError`` where it cannot be read or is empty.
  static func entries(_ path: String) throws(DataError) -> [Entry] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw .unreadable(path: path, reason: "the folder cannot be listed")
    }
    let entries = names.filter { !$0.hasPrefix(".") }.sorted().map { name in
      Entry(name: name, path: path + "/" + name, isFolder: isFolder(path + "/" + name))
    }
    guard !entries.isEmpty else { throw .empty(path: path) }
    return entries
  }

  /// A path that a file names, from where that file is.
  static func path(_ name: String, besides file: String) -> String {
    guard !name.hasPrefix("/"), let cut = file.lastIndex(of: "/") else { return name }
    return file[...cut] + name
  }

  /// The ending of a name without a point; of what gzip compressed that before.
  static func ending(_ path: String) -> String {
    let parts = name(path).split(separator: ".")
    return parts.count > 1 ? String(parts[parts.count - 1]).lowercased() : ""
  }

  /// The name without its ending.
  static func stem(_ path: String) -> String {
    let name = name(path)
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  private static func name(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.lowercased().hasSuffix(".gz") ? String(name.dropLast(3)) : name
  }
}
