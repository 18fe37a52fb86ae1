import RecurrentFormats

/// The weights of a model of Keras, by layers.
struct KerasWeights {
  /// One array of a layer: its number in the files of Keras 3, and its name in older ones.
  struct Part {
    let number: Int
    let name: String
    var direction: String?
    var isOfCell = false
  }

  let file: KerasFile

  /// The numbers of an array of a layer, which must have the given shape.
  ///
  /// - Throws: ``InterchangeError`` or a format error.
  func tensor(_ part: Part, of layer: KerasLayer, shape: [Int]) throws -> Tensor {
    let array = try file.weights.array(
      named: file.namesWeights ? named(part, of: layer) : numbered(part, of: layer))
    guard array.shape == shape else {
      throw layer.issue("its \(part.name) has the shape \(array.shape), expected \(shape)")
    }
    return Tensor(try array.floats(), shape: shape)
  }

  /// `layers/lstm/cell/vars/0`, of a wrapped layer `layers/bidirectional/forward_layer/cell/vars/0`.
  private func numbered(_ part: Part, of layer: KerasLayer) throws(InterchangeError) -> String {
    let place =
      layer.place + (part.direction.map { "/\($0)_layer" } ?? "") + (part.isOfCell ? "/cell" : "")
      + "/vars/\(part.number)"
    // the name that Keras 2 had for the list of layers
    let old = "_layer_checkpoint_dependencies" + String(place.dropFirst("layers".count))
    if file.weights.shape(of: place) == nil, file.weights.shape(of: old) != nil { return old }
    guard file.weights.shape(of: place) != nil else {
      throw layer.issue("its \(part.name) is missing: there is no \(place) in \(file.weights.path)")
    }
    return place
  }

  /// `model_weights/lstm/sequential/lstm/lstm_cell/kernel`, in older files with `:0` behind it.
  private func named(_ part: Part, of layer: KerasLayer) throws(InterchangeError) -> String {
    let group = layer.place.split(separator: "/").first.map(String.init) ?? layer.place
    let prefixes = ["model_weights/\(group)/", "\(group)/"]
    let found = file.weights.names.filter { name in
      guard prefixes.contains(where: name.hasPrefix) else { return false }
      let parts = name.split(separator: "/")
      guard let leaf = parts.last, leaf == part.name || leaf == part.name + ":0" else { return false }
      guard let direction = part.direction else { return true }
      // a second layer that was given keeps its name
      return parts.contains { $0.hasPrefix("forward_") } == (direction == "forward")
    }
    // in the group of a model within a model those of all its layers stand
    let own = found.filter { $0.split(separator: "/").dropFirst(2).dropLast().contains { $0 == layer.name } }
    let chosen = found.count > 1 ? own : found
    guard chosen.count == 1 else {
      throw layer.issue("there are \(chosen.count) arrays of the name \(part.name) for it, expected one")
    }
    return chosen[0]
  }
}
