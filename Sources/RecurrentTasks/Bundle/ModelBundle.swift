#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A trained model as a folder: everything that prediction needs and what people want to know about it.
///
/// - `task.json`: the task, the full configuration, the fitted featurizer and the results;
/// - `model.safetensors`: the parameters;
/// - `card.md`: data, metrics and use, for people;
/// - `loss.svg`: the course of the training, and other plots.
///
/// A bundle is written beside its place and renamed: there is never half of one.
public struct ModelBundle<Description: Codable & Sendable>: Sendable {
  /// The version of the layout.
  public static var currentVersion: Int { 1 }

  /// The name of the task, as the command line knows it.
  public var task: String
  /// Configuration, featurizer and results.
  public var description: Description

  /// What stands in `task.json`.
  private struct Manifest: Codable {
    var format: String
    var version: Int
    var task: String
    var modelHash: String
    var description: Description?
  }

  /// A bundle of a task.
  public init(task: String, description: Description) {
    self.task = task
    self.description = description
  }

  /// Writes the bundle.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - model: the parameters.
  ///   - files: further files by name, the card and plots.
  ///   - overwrites: whether a bundle that stands there is replaced.
  /// - Throws: ``BundleError`` or a format error; what stood at the path is then whole.
  public func write(to path: String, model: some Module, files: [String: String], overwrites: Bool) throws {
    let bytes = try SafetensorsWriter.encode(model.entries(), metadata: ["format": "pt"])
    try write(
      to: path, model: (name: "model.safetensors", bytes: bytes), files: files, overwrites: overwrites)
  }

  /// Writes the bundle with a model in another form than parameters: `name` stands in place of `model.safetensors`.
  ///
  /// - Throws: ``BundleError`` or a format error; what stood at the path is then whole.
  public func write(
    to path: String, model: (name: String, bytes: [UInt8]), files: [String: String], overwrites: Bool
  ) throws {
    let manager = FileManager.default
    let place = BundlePlace(path)
    try ModelBundle.checkPlace(path, overwrites: overwrites)
    let partial = place.besides("partial")
    try? manager.removeItem(atPath: partial)
    do {
      try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
    } catch {
      throw BundleError.cannotWrite(path: path, reason: "the folder beside it cannot be made")
    }
    do {
      try AtomicFile.write(model.bytes, to: partial + "/" + model.name)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      let manifest = Manifest(
        format: "recurrent-bundle", version: Self.currentVersion, task: task,
        modelHash: SHA256.hash(model.bytes),
        description: description)
      try AtomicFile.write(Array(try encoder.encode(manifest)) + [10], to: partial + "/task.json")
      for (name, text) in files { try AtomicFile.write(Array(text.utf8), to: partial + "/" + name) }
      try place.replace(with: partial)
    } catch {
      try? manager.removeItem(atPath: partial)
      throw error
    }
  }

  /// Whether a bundle may be written to `path`: nothing stands there, or a bundle that is to be replaced.
  ///
  /// Ask before a long run; ``write(to:model:files:overwrites:)-(_,Module,_,_)`` asks again.
  ///
  /// - Throws: ``BundleError``.
  public static func checkPlace(_ path: String, overwrites: Bool) throws(BundleError) {
    let place = BundlePlace(path)
    guard FileManager.default.fileExists(atPath: place.path) else { return }
    guard BundlePlace.isBundle(place.path) else {
      throw .notABundle(path: path, found: "something else stands there, which is never replaced")
    }
    guard overwrites else { throw .exists(path: path) }
  }

  /// Reads the description of a bundle of `task`, and opens its parameters.
  ///
  /// - Throws: ``BundleError`` or a format error.
  public static func open(_ path: String, task: String) throws -> (
    bundle: ModelBundle, parameters: SafetensorsFile
  ) {
    let bundle = try describe(path, task: task)
    return (bundle, try SafetensorsFile(path: BundlePlace(path).path + "/model.safetensors"))
  }

  /// Reads the description of a bundle of `task`.
  ///
  /// - Throws: ``BundleError``.
  public static func describe(_ path: String, task: String) throws -> ModelBundle {
    let (head, data) = try BundleHead.read(path, version: currentVersion)
    guard head.task == task else { throw BundleError.otherTask(path: path, expected: task, found: head.task) }
    let manifest: Manifest
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do { manifest = try decoder.decode(Manifest.self, from: data) } catch {
      throw BundleError.damaged(path: path + "/task.json", reason: BundleError.reason(error))
    }
    guard let description = manifest.description else {
      throw BundleError.damaged(path: path + "/task.json", reason: "it has no description")
    }
    return ModelBundle(task: head.task, description: description)
  }
}

/// The beginning of a bundle, whatever its task is.
public enum ModelBundleHead {
  /// The name of the task of a bundle.
  ///
  /// - Throws: ``BundleError``.
  public static func task(of path: String) throws -> String {
    try BundleHead.read(path, version: 1).head.task
  }
}

/// What every version of `task.json` begins with.
struct BundleHead: Decodable {
  var format: String
  var version: Int
  var task: String

  /// Reads what stands in the `task.json` of a bundle.
  ///
  /// - Throws: ``BundleError``.
  static func read(_ path: String, version: Int) throws -> (head: BundleHead, data: Data) {
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
    guard head.format == "recurrent-bundle" else {
      throw BundleError.notABundle(path: path, found: "its task.json has the format \"\(head.format)\"")
    }
    guard head.version == version else {
      throw BundleError.unsupportedVersion(path: path, found: head.version, supported: version)
    }
    return (head, data)
  }
}

extension BundleError {
  /// One line about a failure to decode JSON.
  static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "" : " at \(path)"
    }
    switch error {
    case .keyNotFound(let key, let context): return "\"\(key.stringValue)\" is missing\(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "a value is of the wrong type\(place(context))"
    case .dataCorrupted(let context): return "\(context.debugDescription)\(place(context))"
    @unknown default: return "it cannot be read"
    }
  }
}

/// The folder of a bundle.
struct BundlePlace {
  /// Without slashes at the end.
  let path: String

  init(_ path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// A hidden folder beside this one under a name that nobody else chooses, so that what is left there may be removed.
  func besides(_ purpose: String) -> String {
    let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return "\(path[..<cut]).\(path[cut...]).recurrent-\(purpose)"
  }

  /// Whether a bundle stands at a path.
  static func isBundle(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path + "/task.json") }

  /// Puts the folder `partial` in this place; what stood here is removed last.
  func replace(with partial: String) throws {
    let manager = FileManager.default
    let old = besides("replaced")
    do {
      if manager.fileExists(atPath: path) {
        try? manager.removeItem(atPath: old)
        try manager.moveItem(atPath: path, toPath: old)
      }
      try manager.moveItem(atPath: partial, toPath: path)
    } catch {
      if !manager.fileExists(atPath: path), manager.fileExists(atPath: old) {
        try? manager.moveItem(atPath: old, toPath: path)
      }
      throw BundleError.cannotWrite(path: path, reason: "the finished folder cannot be moved to its place")
    }
    // what a process that was killed had put aside is older than what stands here now
    try? manager.removeItem(atPath: old)
  }
}
