/// A whole model that Keras saved: how its layers are made and stand on each other, and their weights.
///
/// Known are `.keras`, a zip file with `config.json`, `metadata.json` and `model.weights.h5`, and `.h5`, a file of HDF5 with the
/// configuration as a text beside its root.
public struct KerasFile: Sendable {
  /// The path that the file was opened with.
  public let path: String
  /// The model: its class, and the configurations of its layers.
  public let configuration: JSONValue
  /// The version of Keras that wrote it, such as `3.15.1`; empty where the file does not say so.
  public let version: String
  /// The weights of all layers.
  public let weights: HDF5File
  /// Whether the weights go by the names of layers and arrays, as in `.h5`; in `.keras` they go by classes and numbers.
  public let namesWeights: Bool

  private static let (parts, configurationText) = (["config.json", "model.weights.h5"], "model_config")

  /// Whether the file at `path` can be read and holds a whole model.
  public static func recognizes(_ path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    if file.withBytes({ ZipArchive.begins($0) }) {
      let archive = try? ZipArchive(storage: FileBytes(file), path: path)
      return parts.allSatisfy { archive?.entry(named: $0) != nil }
    }
    guard file.withBytes({ HDF5File.recognizes($0) }) else { return false }
    return (try? HDF5File(path: path))?.metadata[configurationText] != nil
  }

  /// Opens the file at `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(path: String) throws(FormatError) {
    try self.init(FileBytes(MappedFile(path: path)), path: path)
  }

  /// Reads the content of a file from memory; errors call it `path`.
  ///
  /// - Throws: ``FormatError``.
  public init(bytes: [UInt8], path: String = "<memory>") throws(FormatError) {
    try self.init(FileBytes(bytes), path: path)
  }

  private init(_ bytes: FileBytes, path: String) throws(FormatError) {
    self.path = path
    guard bytes.withBytes({ ZipArchive.begins($0) }) else {
      weights = try HDF5File(bytes, path: path)
      guard let text = weights.metadata[KerasFile.configurationText] else {
        throw .unsupported(
          path: path, what: "there is no configuration of a model of Keras in it",
          remedy: "save the whole model by model.save(\"model.keras\")")
      }
      configuration = try JSONValue(text: text.utf8, path: path + "/" + KerasFile.configurationText)
      version = weights.metadata["keras_version"] ?? ""
      namesWeights = true
      return
    }
    let archive = try ZipArchive(storage: bytes, path: path)
    func part(_ name: String) throws(FormatError) -> FileBytes? {
      guard let entry = archive.entry(named: name) else { return nil }
      return try archive.content(of: entry)
    }
    guard let text = try part(KerasFile.parts[0]), let content = try part(KerasFile.parts[1]) else {
      throw .unsupported(
        path: path,
        what: "the zip file has no \(KerasFile.parts.joined(separator: " and ")); it is no model of Keras",
        remedy: "save one by model.save(\"model.keras\")")
    }
    configuration = try JSONValue(text: text.withBytes { Array($0) }, path: path + "/" + KerasFile.parts[0])
    weights = try HDF5File(content, path: path + "/" + KerasFile.parts[1])
    var version = ""
    if let text = try part("metadata.json") {
      let metadata = try JSONValue(text: text.withBytes { Array($0) }, path: path + "/metadata.json")
      if case .object(let members) = metadata, case .text(let found)? = members["keras_version"] {
        version = found
      }
    }
    self.version = version
    namesWeights = false
  }
}
