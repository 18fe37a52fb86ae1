import RecurrentFormats

/// The arrays of a file of PyTorch by the names that ``PyTorchLayers`` knows: those of a cell (`weight_ih`) as those of a layer
/// (`weight_ih_l0`), and a weight that `weight_norm` keeps as lengths and directions as one array.
///
/// A weight is g v / |v|, where |v| is taken along the axes on which g has an extent of 1. Both forms are known:
/// `parametrizations.weight_hh_l0.original0` and `.original1`, and before PyTorch 2.0 `weight_hh_l0_g` and `weight_hh_l0_v`.
struct PyTorchNames: ArrayFile {
  private let file: any ArrayFile
  private let sources: [String: Source]
  let names: [String]

  private enum Source {
    case array(String)
    case product(lengths: String, directions: String)
  }

  var path: String { file.path }
  var keepsOrder: Bool { file.keepsOrder }
  var metadata: [String: String] { file.metadata }

  init(of file: some ArrayFile) {
    self.file = file
    let present = Set(file.names)
    var (names, sources) = ([String](), [String: Source]())
    for name in file.names {
      let (stored, source) = PyTorchNames.weight(name, in: present)
      guard let source else { continue }
      let own = PyTorchNames.numbered(stored, in: present)
      // of two arrays by one name the second keeps its own, and is said to be too much
      let free = sources[own] == nil ? own : name
      sources[free] = source
      names.append(free)
    }
    (self.names, self.sources) = (names, sources)
  }

  /// The name of the weight that an array is, or the first part of; without a source for its second part.
  private static func weight(_ name: String, in present: Set<String>) -> (String, Source?) {
    let mark = "parametrizations."
    for (first, second) in [(".original0", ".original1"), ("_g", "_v")] {
      for (ending, isFirst) in [(first, true), (second, false)] where name.hasSuffix(ending) {
        let stem = String(name.dropLast(ending.count))
        guard present.contains(stem + first), present.contains(stem + second) else { continue }
        guard let weight = stem.split(separator: ".").last, isOfLayer(String(weight)) else { continue }
        let before = stem.dropLast(weight.count)
        guard first == "_g" || before.hasSuffix(mark) else { continue }
        let prefix = first == "_g" ? before : before.dropLast(mark.count)
        return (
          String(prefix + weight), isFirst ? .product(lengths: stem + first, directions: stem + second) : nil
        )
      }
    }
    return (name, .array(name))
  }

  private static func isOfLayer(_ name: String) -> Bool {
    ["weight_ih", "weight_hh", "weight_hr", "bias_ih", "bias_hh"].contains { name.hasPrefix($0) }
  }

  /// The name of an array of a cell as that of the first layer.
  private static func numbered(_ name: String, in present: Set<String>) -> String {
    let leaf = name.split(separator: ".").last.map(String.init) ?? name
    let isOfCell = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].contains(leaf)
    return isOfCell && !present.contains(name + "_l0") ? name + "_l0" : name
  }

  func array(named name: String) throws(FormatError) -> StoredArray {
    switch sources[name] {
    case nil: throw .unknownTensor(path: path, name: name, available: names)
    case .array(let own): return try file.array(named: own)
    case .product(let lengths, let directions):
      return try product(file.array(named: lengths), file.array(named: directions), name)
    }
  }

  private func product(
    _ lengths: StoredArray, _ directions: StoredArray, _ name: String
  ) throws(FormatError) -> StoredArray {
    let shape = directions.shape
    let kept = lengths.shape
    guard kept.isEmpty || kept.count == shape.count && zip(kept, shape).allSatisfy({ $0 == 1 || $0 == $1 })
    else {
      throw .invalidShape(
        path: path, name: lengths.name, problem: "\(kept) are no lengths of weights of the shape \(shape)")
    }
    let (g, v) = (try lengths.floats(), try directions.floats())
    // for each weight the place of its length
    let places = v.indices.map { index -> Int in
      var (place, rest, stride) = (0, index, 1)
      for axis in kept.indices.reversed() {
        if kept[axis] != 1 { place += rest % shape[axis] * stride }
        stride *= kept[axis]
        rest /= Swift.max(shape[axis], 1)
      }
      return place
    }
    var squares = [Double](repeating: 0, count: g.count)
    for (place, value) in zip(places, v) { squares[place] += Double(value) * Double(value) }
    let weights = zip(places, v).map { place, value in
      Float(Double(g[place]) * Double(value) / squares[place].squareRoot())
    }
    return StoredArray(path: path, name: name, floats: weights, shape: shape)
  }
}
