import RecurrentFormats

/// In which order the layers of a file stand on top of each other; never by the alphabet.
///
/// What tells the order, in this order: the user; shapes that fit together in one way only; the numbers behind names that
/// are otherwise the same (`lstm`, `lstm_1`, `lstm_2`), and the order of the file where its format keeps one and the
/// arrays stand as `model.weights` has them. Where numbers and file differ, or nothing tells, the file is refused.
struct KerasLayerOrder {
  /// One layer.
  struct Layer {
    /// What stands before the names of its arrays, with the mark at the end: `lstm/lstm_cell/`.
    let key: String
    let inputSize, outputSize: Int
  }

  private let layers: [Layer]
  private let names: [String]
  private let arrays: [String]
  private let path: String
  private let keepsOrder: Bool

  /// - Parameters:
  ///   - layers: in the order of their first arrays in the file.
  ///   - arrays: the names of all arrays of the layers, in the order of the file.
  ///   - file: where they stand.
  init(_ layers: [Layer], arrays: [String], of file: some ArrayFile) {
    self.layers = layers
    self.arrays = arrays
    let short = layers.map { KerasLayerOrder.name($0.key) }
    names =
      Set(short).count == short.count
      ? short : layers.map { KerasLayers.parts($0.key).joined(separator: "/") }
    path = file.path
    keepsOrder = file.keepsOrder
  }

  /// The name of a layer as Keras has it: without that of the cell in it.
  private static func name(_ key: String) -> String {
    var parts = KerasLayers.parts(key)
    if parts.count > 1, let last = parts.last,
      last == "cell" || last.hasSuffix("_cell") || last.contains("_cell_")
    {
      parts.removeLast()
    }
    return parts.joined(separator: "/")
  }

  /// The places of the layers from the first to the last.
  ///
  /// - Throws: ``InterchangeError`` where they do not fit together, or nothing tells their order.
  func places(given: [String]?) throws(InterchangeError) -> [Int] {
    if let given { return try chosen(given) }
    guard layers.count > 1 else { return [0] }
    let chains = chains()
    if chains.count == 1 { return chains[0] }
    let (numbered, stored) = (byNumber(), byFile())
    guard numbered == nil || stored == nil || numbered == stored else {
      throw unknown("the numbers in their names are not in the order in which the file has them")
    }
    guard let places = numbered ?? stored else {
      throw unknown(
        keepsOrder
          ? "the arrays are not in the order of Keras' model.weights"
          : "a file of this format is sorted by names")
    }
    guard fit(places) else {
      guard chains.isEmpty else {
        throw unknown("in that of the file, or of the numbers in their names, their shapes do not fit")
      }
      let pair = zip(places, places.dropFirst()).first { layers[$0].outputSize != layers[$1].inputSize }
      let (before, after) = pair ?? (places[0], places[1])
      throw .inconsistent(
        path: path, name: names[after],
        reason: "takes \(layers[after].inputSize) numbers, \"\(names[before])\" before it gives "
          + "\(layers[before].outputSize)")
    }
    return places
  }

  private func unknown(_ reason: String) -> InterchangeError {
    .unknownOrder(path: path, layers: names, reason: reason)
  }

  private func fit(_ places: [Int]) -> Bool {
    zip(places, places.dropFirst()).allSatisfy { layers[$0].outputSize == layers[$1].inputSize }
  }

  private func chosen(_ given: [String]) throws(InterchangeError) -> [Int] {
    var places: [Int] = []
    for name in given {
      let matches = names.indices.filter { names[$0] == name || names[$0].hasSuffix("/" + name) }
      guard matches.count == 1, !places.contains(matches[0]) else {
        throw .inconsistent(
          path: path, name: name,
          reason: "is given as one of the layers once each; there are "
            + names.map { "\"\($0)\"" }.joined(separator: ", "))
      }
      places.append(matches[0])
    }
    guard places.count == layers.count else {
      let left = names.indices.filter { !places.contains($0) }.map { "\"\(names[$0])\"" }
      throw .inconsistent(
        path: path, name: given.joined(separator: ","),
        reason: "is given as the order of all layers, without \(left.joined(separator: ", "))")
    }
    return places
  }

  /// Up to two orders in which each layer takes what the one before gives; two where there may be more.
  private func chains() -> [[Int]] {
    var found: [[Int]] = []
    var steps = 0
    func search(_ places: [Int], _ isUsed: [Bool]) {
      steps += 1
      if places.count == layers.count {
        found.append(places)
        return
      }
      for next in layers.indices where !isUsed[next] {
        // many layers could be tried for years: what is not found soon is not told by shapes
        guard found.count < 2, steps < 20_000 else { return }
        if let last = places.last, layers[last].outputSize != layers[next].inputSize { continue }
        var used = isUsed
        used[next] = true
        search(places + [next], used)
      }
    }
    // two layers of the same shape may always change places
    let shapes = Set(layers.map { [$0.inputSize, $0.outputSize] })
    if shapes.count == layers.count { search([], layers.map { _ in false }) }
    return steps < 20_000 && shapes.count == layers.count ? found : [[], []]
  }

  /// The order of the numbers, where the names are the same but for these.
  private func byNumber() -> [Int]? {
    let parts = layers.map { KerasLayers.parts($0.key) }
    guard let first = parts.first, parts.allSatisfy({ $0.count == first.count }) else { return nil }
    var order: [Int]?
    for column in first.indices where parts.contains(where: { $0[column] != first[column] }) {
      let numbers = parts.map { KerasLayerOrder.number(String($0[column])) }
      guard numbers.allSatisfy({ $0.stem == numbers[0].stem }),
        Set(numbers.map(\.value)).count == numbers.count
      else { return nil }
      let own = numbers.indices.sorted { numbers[$0].value < numbers[$1].value }
      guard order == nil || order == own else { return nil }
      order = own
    }
    return order
  }

  /// `lstm_12` as `lstm` and 12; without a number 0, as Keras counts.
  private static func number(_ part: String) -> (stem: String, value: Int) {
    let digits = part.reversed().prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, digits.count < part.count, let value = Int(String(digits.reversed())) else {
      return (part, 0)
    }
    let stem = part.dropLast(digits.count)
    return (String(stem.last == "_" ? stem.dropLast() : stem), value)
  }

  /// The order of the file, where its arrays were not sorted: those of a layer stand together, and as Keras has them.
  private func byFile() -> [Int]? {
    guard keepsOrder, arrays != arrays.sorted() else { return nil }
    let leaves = ["kernel", "recurrent_kernel", "bias"]
    var (cells, last) = ([String](), -1)
    for array in arrays {
      guard let leaf = KerasLayers.parts(array).last, let rank = leaves.firstIndex(of: String(leaf)) else {
        continue
      }
      let cell = String(array.dropLast(leaf.count))
      if cells.last == cell {
        guard rank > last else { return nil }
      } else {
        guard !cells.contains(cell) else { return nil }
        cells.append(cell)
      }
      last = rank
    }
    // two directions of a layer stand together too
    let owners = cells.map { cell in layers.firstIndex { cell.hasPrefix($0.key) } ?? -1 }
    let order = owners.reduce(into: [Int]()) { if $0.last != $1 { $0.append($1) } }
    return order.count == layers.count && Set(order).count == order.count && !order.contains(-1) ? order : nil
  }
}
