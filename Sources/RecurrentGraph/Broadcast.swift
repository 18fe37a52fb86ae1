/// How arrays of different shapes meet: extents of 1 and missing leading axes are repeated.
enum Broadcast {
  /// The shape that all of `shapes` can be repeated to; nil where there is none.
  static func shape(_ shapes: [[Int]]) -> [Int]? {
    let rank = shapes.map(\.count).max() ?? 0
    var result = [Int](repeating: 1, count: rank)
    for shape in shapes {
      for (axis, extent) in zip((rank - shape.count)..., shape) where extent != 1 {
        if result[axis] != 1, result[axis] != extent { return nil }
        result[axis] = extent
      }
    }
    return result
  }

  /// For each element of an array of shape `to` the place of its element in one of shape `from`.
  static func places(from: [Int], to: [Int]) -> [Int] {
    let strides = StridesOf(from).strides
    var steps = [Int](repeating: 0, count: to.count)
    for (index, axis) in zip(from.indices, (to.count - from.count)...) where from[index] != 1 {
      steps[axis] = strides[index]
    }
    return walk(to, strides: steps)
  }

  /// The places, from `start` on, of the elements of an array of `shape` whose neighbours along each axis are `strides`
  /// apart.
  static func walk(_ shape: [Int], strides: [Int], from start: Int = 0) -> [Int] {
    let count = shape.reduce(1, *)
    var places: [Int] = []
    places.reserveCapacity(count)
    var index = [Int](repeating: 0, count: shape.count)
    var place = start
    for _ in 0..<count {
      places.append(place)
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return places
  }
}

/// How far apart neighbours along each axis of a row-major array stand.
struct StridesOf {
  let strides: [Int]

  init(_ shape: [Int]) {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    self.strides = strides
  }
}

extension GraphValue {
  /// Repeated to a shape that it can be repeated to.
  func broadcast(to shape: [Int]) -> GraphValue {
    if self.shape == shape { return self }
    return picking(Broadcast.places(from: self.shape, to: shape), shape: shape)
  }
}
