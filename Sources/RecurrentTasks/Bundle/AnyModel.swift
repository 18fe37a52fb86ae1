#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A model from a bundle or from a file of another system.
public enum AnyModel: Sendable {
  /// A trained model of a task.
  case task(any AnyTrainedTask)
  /// Recurrent layers without a task.
  case layers(ImportedLayers)
  /// A graph of operators.
  case graph(ImportedGraph)

  /// Opens a bundle, an ONNX model, a whole model of Keras, or a file with recurrent layers.
  ///
  /// - Parameters:
  ///   - path: a folder or a file.
  ///   - prefix: what stands before the names of the layers in a file of arrays that holds more.
  ///   - unsaid: what a file of arrays does not tell.
  /// - Throws: ``BundleError``, ``InterchangeError``, ``GraphError`` or a format error.
  public init(path: String, prefix: String? = nil, unsaid: StoredLayers.Unsaid = StoredLayers.Unsaid()) throws
  {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
      if KerasFile.recognizes(path) {
        self = .graph(try ImportedGraph(KerasGraph.model(of: KerasFile(path: path)), path: path))
      } else if ArrayFileCatalog.recognizes(path) {
        self = .layers(
          try ImportedLayers(from: ArrayFileCatalog.open(path).file, prefix: prefix, unsaid: unsaid))
      } else {
        self = .graph(try ImportedGraph(AnyModel.onnx(path), path: path))
      }
      return
    }
    if let trained = try TaskCatalog.open(path) {
      self = .task(trained)
      return
    }
    let task = try BundleHead.read(path, version: 1).head.task
    switch task {
    case ImportedLayers.task: self = .layers(try ImportedLayers(bundle: path))
    case ImportedGraph.task: self = .graph(try ImportedGraph(bundle: path))
    default:
      throw BundleError.otherTask(
        path: path,
        expected: (TaskCatalog.tasks.map { $0.name } + [ImportedLayers.task, ImportedGraph.task]).joined(
          separator: ", "),
        found: task)
    }
  }

  /// Reads an ONNX model; a file that is none and is not called so is said to be no model at all.
  ///
  /// - Throws: ``InterchangeError/notAModel(path:)`` or a format error.
  public static func onnx(_ path: String) throws -> ONNXModel {
    do {
      return try ONNXReader.read(path)
    } catch {
      // what is called a checkpoint of PyTorch is told what it lacks
      if path.hasSuffix(".pt") || path.hasSuffix(".pth") { _ = try TorchFile(path: path) }
      if case .unexpected = error, !path.hasSuffix(".onnx") { throw InterchangeError.notAModel(path: path) }
      throw error
    }
  }

  /// The file of a model that tells it from every other: what the hash of a state is made of.
  public static func file(of path: String) -> String {
    let names = ["/model.safetensors", "/model.onnx"]
    return names.map { path + $0 }.first { FileManager.default.fileExists(atPath: $0) } ?? path
  }

  /// The model as a graph.
  ///
  /// - Throws: ``InterchangeError``.
  public func graph(_ options: GraphOptions = GraphOptions()) throws -> ONNXModel {
    switch self {
    case .task(let model): try model.graph(options)
    case .layers(let model): try model.graph(options)
    case .graph(let model): model.model
    }
  }

  /// Random inputs for the graph with what the model gives for them; nil for a graph that was taken over: it is the model.
  ///
  /// - Throws: ``InterchangeError``.
  public func graphVerification(_ options: GraphOptions = GraphOptions()) throws -> GraphVerification? {
    switch self {
    case .task(let model): try model.graphVerification(options)
    case .layers(let model): model.graphVerification(options)
    case .graph: nil
    }
  }

  /// The parameters by their names.
  ///
  /// - Throws: a format error.
  public func arrays() throws -> [ArrayEntry] {
    switch self {
    case .task(let model): return model.arrays()
    case .layers(let model): return model.layer.entries()
    case .graph(let model):
      return try model.model.graph.initializers.map { tensor in
        try GraphValue(tensor.array).entry(named: tensor.name)
      }
    }
  }
}
