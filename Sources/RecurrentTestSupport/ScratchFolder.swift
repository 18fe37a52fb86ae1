#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder for the files of one test, inside the checkout's build folder and removed with this object.
public final class ScratchFolder: Sendable {
  /// The path of the folder.
  public let path: String

  /// Makes an empty folder.
  public init() throws {
    path = repositoryRoot + "/.build/scratch/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of the file `name` in the folder, written with `bytes` if there are any.
  public func file(_ name: String, _ bytes: [UInt8]? = nil) throws -> String {
    let file = path + "/" + name
    if let bytes { try Data(bytes).write(to: URL(filePath: file)) }
    return file
  }

  /// The names of what the folder contains, sorted.
  public func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

/// The path of the checkout.
public let repositoryRoot: String =
  #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

/// The bytes of the file `name` in `Tests/Fixtures`.
public func fixture(_ name: String) throws -> [UInt8] {
  try [UInt8](Data(contentsOf: URL(filePath: repositoryRoot + "/Tests/Fixtures/" + name)))
}
