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
/// - `loss.svg`: the course of the training, and other plots;
/// - resources: binary files by name that predictions depend on, such as the tables of a decoder.
///
/// A bundle is written beside its place and renamed: there is never half of one. Of a bundle that is replaced go the files
/// that were written with it; others that stand in its folder are kept. `task.json` holds a checksum of its own bytes, of
/// the model's and of each resource's.
public struct ModelBundle<Description: Codable & Sendable>: Sendable {
  /// The version of the layout.
  public static var currentVersion: Int { 1 }

  /// The name of the task, as the command line knows it.
  public var task: String
  /// Configuration, featurizer and results.
  public var description: Description

  /// What is to be verified; nil for a bundle that was not read.
  private var checks: BundleChecks?

  /// What stands in `task.json`.
  private struct Manifest: Codable {
    var format: String
    var version: Int
    var task: String
    var modelHash: String
    var checksums: [String: String]?
    var files: [String]?
    var description: Description?
  }

  /// A bundle of a task.
  public init(task: String, description: Description) {
    (self.task, self.description) = (task, description)
  }

  /// Writes the bundle.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - model: the parameters.
  ///   - files: further files by name, the card and plots.
  ///   - resources: files that predictions depend on besides the model, by name; see ``resource(_:)``.
  ///   - overwrites: whether a bundle that stands there is replaced.
  /// - Throws: ``BundleError`` or a format error; what stood at the path is then whole.
  public func write(
    to path: String, model: some Module, files: [String: String], resources: [String: [UInt8]] = [:],
    overwrites: Bool
  ) throws {
    let bytes = try SafetensorsWriter.encode(model.entries(), metadata: ["format": "pt"])
    try write(
      to: path, model: (name: "model.safetensors", bytes: bytes), files: files, resources: resources,
      overwrites: overwrites)
  }

  /// Writes the bundle with a model in another form than parameters: `name` stands in place of `model.safetensors`.
  ///
  /// - Throws: ``BundleError`` or a format error; what stood at the path is then whole.
  public func write(
    to path: String, model: (name: String, bytes: [UInt8]), files: [String: String],
    resources: [String: [UInt8]] = [:], overwrites: Bool
  ) throws {
    let manager = FileManager.default
    let place = BundlePlace(path)
    let names = (["task.json", model.name] + files.keys + resources.keys).sorted()
    try place.check(names)
    let checked = resources.merging([model.name: model.bytes]) { $1 }
    try ModelBundle.checkPlace(path, overwrites: overwrites)
    let partial = place.besides("partial")
    try place.clear(partial)
    do {
      try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
    } catch {
      throw BundleError.cannotWrite(path: path, reason: "the folder beside it cannot be made")
    }
    do {
      for (name, bytes) in checked { try AtomicFile.write(bytes, to: partial + "/" + name) }
      let manifest = Manifest(
        format: BundleHead.format, version: Self.currentVersion, task: task,
        modelHash: SHA256.hash(model.bytes), checksums: checked.mapValues { XXHash64.digits(of: $0) },
        files: names, description: description)
      try write(manifest, to: partial)
      for (name, text) in files { try AtomicFile.write(Array(text.utf8), to: partial + "/" + name) }
      try place.replace(with: partial)
    } catch {
      try? place.clear(partial)
      throw error
    }
  }

  /// Writes the description into a bundle of the same task; its other files stay as they are.
  ///
  /// - Throws: ``BundleError`` or a format error; the bundle is then as it was.
  public func rewrite(in path: String) throws {
    let (head, data) = try BundleHead.read(path, version: Self.currentVersion)
    guard head.task == task else { throw BundleError.otherTask(path: path, expected: task, found: head.task) }
    try BundleChecks(path: path, manifest: [UInt8](data), head).verify()
    let folder = BundlePlace(path).path
    try write(
      Manifest(
        format: BundleHead.format, version: Self.currentVersion, task: task,
        modelHash: try head.modelHash ?? SHA256.hash(file: AnyModel.file(of: folder)),
        checksums: head.checksums, files: head.files, description: description),
      to: folder)
  }

  private func write(_ manifest: Manifest, to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let object = Array(try encoder.encode(manifest)) + [10]
    // a bundle from before there were checksums of files has none of its description either
    let text = manifest.checksums == nil ? object : BundleChecks.inserting(checksumInto: object)
    try AtomicFile.write(text, to: folder + "/task.json")
  }

  /// Whether a bundle may be written to `path`: nothing stands there, or a bundle that is to be replaced.
  ///
  /// Ask before a long run; ``write(to:model:files:resources:overwrites:)-(_,Module,_,_,_)`` asks again.
  ///
  /// - Throws: ``BundleError``.
  public static func checkPlace(_ path: String, overwrites: Bool) throws(BundleError) {
    let place = BundlePlace(path)
    guard place.isTaken else { return }
    guard let head = try? BundleHead.read(path) else {
      throw .notABundle(path: path, found: "something else stands there, which is never replaced")
    }
    guard overwrites else { throw .exists(path: path) }
    if let stranger = BundlePlace.strangers(in: place.path, head).first(where: BundlePlace.names.contains) {
      throw .cannotReplace(path: path, file: stranger)
    }
  }

  /// Reads the description of a bundle of `task`, and opens its parameters. Call ``verify()`` when both are known to fit.
  ///
  /// - Throws: ``BundleError`` or a format error.
  public static func open(_ path: String, task: String) throws -> (
    bundle: ModelBundle, parameters: SafetensorsFile
  ) {
    let bundle = try describe(path, task: task)
    return (bundle, try SafetensorsFile(path: BundlePlace(path).path + "/model.safetensors"))
  }

  /// Reads the description of a bundle of `task`. Call ``verify()`` when it is known to be possible.
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
    var bundle = ModelBundle(task: head.task, description: description)
    bundle.checks = BundleChecks(path: path, manifest: [UInt8](data), head)
    return bundle
  }

  /// The names of the resources of a bundle that was read, sorted.
  public var resources: [String] { checks?.resources ?? [] }

  /// Reads a resource of a bundle that was read.
  ///
  /// - Throws: ``BundleError/damaged(path:reason:)`` with the file where the bundle has none of this name or its bytes are not those
  ///   that were written, or a format error.
  public func resource(_ name: String) throws -> [UInt8] {
    guard let checks else {
      throw BundleError.damaged(path: name, reason: "the bundle of this resource was not read from a folder")
    }
    return try checks.resource(name)
  }

  /// Compares the files of a bundle that was read with the checksums that they were written with.
  ///
  /// It comes last when a bundle is opened: what is impossible in a description is said more precisely before.
  ///
  /// - Throws: ``BundleError/damaged(path:reason:)`` with the file, or a format error.
  public func verify() throws { try checks?.verify() }
}
