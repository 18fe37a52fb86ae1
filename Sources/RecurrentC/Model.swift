import CRecurrent
import Recurrent
import Synchronization

/// A model that was opened, and where it computes.
final class Model: Sendable {
  let model: AnyModel
  let engine: Engine
  private let path: String
  private let knownHash = Mutex<String?>(nil)
  /// Layers with their weights in the form that kernels read; nil for other models.
  let layer: RecurrentLayer<AnyCell>?

  init(_ path: String, _ engine: Engine) throws {
    self.path = path
    self.engine = engine
    model = try engine.run { try AnyModel(path: path) }
    layer = if case .layers(let layers) = model { engine.run { layers.layer.packed() } } else { nil }
  }

  /// What tells the model from every other, for files of states.
  var hash: String {
    get throws {
      try knownHash.withLock { known in
        let hash = try known ?? SHA256.hash(file: AnyModel.file(of: path))
        known = hash
        return hash
      }
    }
  }

  /// The model of a task.
  ///
  /// - Throws: ``CallError`` where it is of none.
  var task: any AnyTrainedTask {
    get throws {
      guard case .task(let task) = model else {
        throw CallError.unsupported("\(path): is no model of a task; apply or run it on arrays")
      }
      return task
    }
  }

  /// Recurrent layers.
  ///
  /// - Throws: ``CallError`` where there is a task or a graph.
  func layers(for what: String) throws -> RecurrentLayer<AnyCell> {
    guard let layer else { throw CallError.unsupported("\(path): \(what) is for recurrent layers") }
    return layer
  }

  /// The model as a graph that runs.
  func program() throws -> GraphProgram {
    switch model {
    case .graph(let graph): return graph.program
    case .layers, .task: return try GraphProgram(model.graph(), path: path)
    }
  }

  /// What the model is.
  var description: OrderedJSON {
    switch model {
    case .task(let task):
      let settings = task.settings.flatMap(\.settings).map { setting in
        OrderedJSON.object([("name", .text(setting.name)), ("help", .text(setting.help))])
      }
      return .object([
        ("kind", .text("task")), ("task", .text(task.taskName)), ("settings", .list(settings)),
      ])
    case .layers(let layers):
      let layer = layers.layer
      func batch(_ name: String, _ width: Int) -> OrderedJSON {
        .list([
          .object([
            ("name", .text(name)), ("type", .text("f4")),
            ("shape", .list([.text("time"), .text("batch"), .integer(width)])),
          ])
        ])
      }
      let states = layer.named(layer.initialState(batch: 1)).map { part in
        OrderedJSON.object([("name", .text(part.name)), ("width", .integer(part.value.count))])
      }
      return .object([
        ("kind", .text("layers")), ("task", .text(ImportedLayers.task)),
        ("inputs", batch("input", layer.inputSize)), ("outputs", batch("output", layer.outputSize)),
        ("states", .list(states)),
      ])
    case .graph(let graph):
      return .object([
        ("kind", .text("graph")), ("task", .text(ImportedGraph.task)),
        ("inputs", .list(graph.program.inputs.map(\.json))),
        ("outputs", .list(graph.program.outputs.map(\.json))),
      ])
    }
  }
}

extension ONNXValueInfo {
  /// The name, type and shape.
  fileprivate var json: OrderedJSON {
    let extents = (shape ?? []).map { extent -> OrderedJSON in
      switch extent {
      case .fixed(let extent): .integer(Int(extent))
      case .named(let name): .text(name)
      case .unknown: .text("?")
      }
    }
    return .object([
      ("name", .text(name)), ("type", .text(elementType?.rawValue ?? "?")), ("shape", .list(extents)),
    ])
  }
}

/// Opens a model: `rec_open` of the header.
@_cdecl("rec_open")
public func recOpen(
  _ path: UnsafePointer<CChar>?, _ engine: OpaquePointer?, _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) { Handle.retained(try Model(text(path, "path"), Engine.at(engine))) }
}

/// Frees a model: `rec_model_free` of the header.
@_cdecl("rec_model_free")
public func recModelFree(_ model: OpaquePointer?) { Handle.release(model, Model.self) }

/// What a model is: `rec_model_describe` of the header.
@_cdecl("rec_model_describe")
public func recModelDescribe(
  _ model: OpaquePointer?, _ error: UnsafeMutablePointer<rec_error>?
) -> UnsafeMutablePointer<CChar>? {
  attempt(error) {
    let model = try Handle.object(model, Model.self, "model")
    return try copied(model.engine.run { model.description.text })
  }
}

/// A number of the layers of a model; 0 where there are none.
private func size(_ model: OpaquePointer?, _ size: (RecurrentLayer<AnyCell>) -> Int) -> Int64 {
  let layer = try? Handle.object(model, Model.self, "model").layer
  return layer.map { Int64(size($0)) } ?? 0
}

/// The width of what layers read: `rec_model_input_size` of the header.
@_cdecl("rec_model_input_size")
public func recModelInputSize(_ model: OpaquePointer?) -> Int64 { size(model) { $0.inputSize } }

/// The width of what layers give: `rec_model_output_size` of the header.
@_cdecl("rec_model_output_size")
public func recModelOutputSize(_ model: OpaquePointer?) -> Int64 { size(model) { $0.outputSize } }

/// The width of the state of layers: `rec_model_state_size` of the header.
@_cdecl("rec_model_state_size")
public func recModelStateSize(_ model: OpaquePointer?) -> Int64 { size(model) { $0.stateSize } }

extension RecurrentLayer where C == AnyCell {
  /// The parts of the state of one row, all numbers together.
  var stateSize: Int {
    initialState(batch: 1).cells.reduce(0) { $0 + $1.tensors.reduce(0) { $0 + $1.count } }
  }
}
