#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The beginning of a bundle, whatever its task is.
public enum ModelBundleHead {
  /// The name of the task of a bundle.
  ///
  /// - Throws: ``BundleError``.
  public static func task(of path: String) throws -> String {
    try BundleHead.read(path, version: 1).head.task
  }

  /// Compares the files of a bundle with the checksums that they were written with.
  ///
  /// - Throws: ``BundleError/damaged(path:reason:)`` with the file, or a format error.
  public static func verify(_ path: String) throws {
    let (head, data) = try BundleHead.read(path, version: 1)
    try BundleChecks(path: path, manifest: [UInt8](data), head).verify()
  }
}

/// What every version of `task.json` begins with.
struct BundleHead: Decodable {
  /// What the format is called.
  static let format = "recurrent-bundle"

  var format: String
  var version: Int
  var task: String
  /// The SHA-256 of the model.
  var modelHash: String?
  /// The checksums of files that predictions depend on, by their names; nil in bundles from before there were any.
  var checksums: [String: String]?
  /// The files that were written with it; nil in bundles from before they were listed.
  var files: [String]?

  /// The head of a bundle of any version.
  ///
  /// - Throws: ``BundleError``.
  static func read(_ path: String) throws -> BundleHead { try data(path).head }

  /// Reads what stands in the `task.json` of a bundle.
  ///
  /// - Throws: ``BundleError``.
  static func read(_ path: String, version: Int) throws -> (head: BundleHead, data: Data) {
    let (head, data) = try data(path)
    guard head.version == version else {
      throw BundleError.unsupportedVersion(path: path, found: head.version, supported: version)
    }
    return (head, data)
  }

  private static func data(_ path: String) throws -> (head: BundleHead, data: Data) {
    let manager = FileManager.default
    let place = BundlePlace(path)
    var isFolder = false
    guard manager.fileExists(atPath: place.path, isDirectory: &isFolder) else {
      throw BundleError.notFound(path: path)
    }
    guard isFolder else { throw BundleError.notABundle(path: path, found: "it is a file") }
    guard let data = manager.contents(atPath: place.path + "/task.json") else {
      throw BundleError.notABundle(path: path, found: "it has no task.json")
    }
    let head: BundleHead
    do { head = try JSONDecoder().decode(BundleHead.self, from: data) } catch {
      throw BundleError.damaged(path: path + "/task.json", reason: BundleError.reason(error))
    }
    guard head.format == BundleHead.format else {
      throw BundleError.notABundle(path: path, found: "its task.json has the format \"\(head.format)\"")
    }
    return (head, data)
  }
}
