import RecurrentFormats

/// Why a model of another system cannot be taken over.
public enum InterchangeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file has no recurrent layers by the names that are looked for.
  case noLayers(path: String, names: [String])
  /// The file has layers, but none whose names begin with what was asked for.
  case noLayersBelow(path: String, prefix: String, prefixes: [String])
  /// The file has several stacks of layers, or other parameters beside one.
  case ambiguous(path: String, prefixes: [String], others: [String])
  /// The order of the layers stands neither in the file, nor in their names, nor in their shapes.
  case unknownOrder(path: String, layers: [String], reason: String)
  /// A stack is not complete or does not fit together.
  case inconsistent(path: String, name: String, reason: String)
  /// A layer of a model does what cannot be taken over.
  case unsupportedLayer(path: String, name: String, className: String, reason: String)
  /// A state belongs to another model.
  case otherModel(path: String, expected: String, found: String)
  /// A file is no state, or one of another version.
  case notAState(path: String, reason: String)

  /// A file is of no format that models come in.
  case notAModel(path: String)
  /// A model does what the operators of a format cannot say.
  case notExpressible(what: String, reason: String)

  /// What is wrong and what to do.
  public var description: String { text.onOneLine }

  private var text: String {
    switch self {
    case .noLayers(let path, let names):
      "\(path): there are no recurrent layers in it: no array is called weight_ih_l0, or weight_ih of a cell, with or without a "
        + "prefix; it has " + InterchangeError.list(names)
    case .noLayersBelow(let path, let prefix, let prefixes):
      "\(path): there are no recurrent layers below \"\(prefix)\"; there are some below "
        + InterchangeError.list(prefixes.map { "\"\($0)\"" })
    case .ambiguous(let path, let prefixes, let others):
      prefixes.count > 1
        ? "\(path): there are several stacks of layers; choose one by --prefix "
          + InterchangeError.list(prefixes.map { "\"\($0)\"" })
        : "\(path): beside the layers \"\(prefixes.first ?? "")\" there is \(InterchangeError.list(others)); "
          + "to use the layers alone give --prefix \"\(prefixes.first ?? "")\""
    case .unknownOrder(let path, let layers, let reason):
      "\(path): the order of the layers \(InterchangeError.list(layers.map { "\"\($0)\"" })) is not known: \(reason); "
        + "give it from the first to the last by --layer-order \(layers.joined(separator: ",")), or save the arrays as "
        + "numpy.savez(file, **{w.path: w.numpy() for w in model.weights})"
    case .inconsistent(let path, let name, let reason): "\(path): \"\(name)\": \(reason)"
    case .unsupportedLayer(let path, let name, let className, let reason):
      "\(path): the layer \"\(name)\"\(className.isEmpty ? "" : " (\(className))"): \(reason)"
    case .otherModel(let path, let expected, let found):
      "\(path): is the state of the model \(found.prefix(16)), this model is \(expected.prefix(16)); "
        + "a state goes with the model that it comes from"
    case .notAModel(let path):
      "\(path): is no model: expected an ONNX model, a bundle, or a model of Keras (.keras, .h5), or "
        + "arrays in .pt, .pth, .safetensors, .npz or .npy"
    case .notExpressible(let what, let reason): "\(what) cannot be exported: \(reason)"
    case .notAState(let path, let reason): "\(path): is no state of a model: \(reason)"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty
      ? "nothing"
      : names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }
}
