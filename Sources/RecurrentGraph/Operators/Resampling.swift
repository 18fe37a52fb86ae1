extension OperatorCatalog {
  private static let resizeAttributes: Set<String> = [
    "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside", "extrapolation_value", "mode",
    "nearest_mode",
  ]

  static let resampling: [GraphOperator] = [
    GraphOperator("Upsample", versions: 7...8, attributes: ["mode", "scales"]) { context in
      [try resizeByFloor(context, scales: context.floats(attribute: "scales"))]
    },
    GraphOperator("Upsample", versions: 9...9, attributes: ["mode"]) { context in
      [try resizeByFloor(context, scales: context.tensor(1).scalars)]
    },
    GraphOperator("Resize", versions: 10...10, attributes: ["mode"]) { context in
      [try resizeByFloor(context, scales: context.tensor(1).scalars)]
    },
    GraphOperator("Resize", versions: 11...17, attributes: resizeAttributes) { [try resize($0)] },
    GraphOperator(
      "Resize", versions: 18...28,
      attributes: resizeAttributes.union(["antialias", "axes", "keep_aspect_ratio_policy"])
    ) { [try resize($0)] },
  ]

  /// Before version 11: places by division alone, the nearest that before or, where an axis becomes shorter, that behind.
  private static func resizeByFloor(_ context: NodeContext, scales: [Float]?) throws(GraphError) -> GraphValue
  {
    let x = try context.input(0)
    let mode = try context.text("mode") ?? "nearest"
    let filled = try interpolation(mode, context)
    guard let scales, scales.count == x.shape.count else {
      throw context.invalid("\(scales?.count ?? 0) scales do not fit the shape \(x.shape)")
    }
    let sizes = try x.shape.indices.map { (axis) throws(GraphError) in
      try scaled(x.shape[axis], by: scales[axis], context)
    }
    return try resampled(context, sizes) { (axis) throws(GraphError) in
      let own = ResampledAxis(
        from: x.shape[axis], to: sizes[axis], scale: Double(scales[axis]), region: (0, 1),
        coordinates: .asymmetric)
      let isShorter = scales[axis] < 1
      let nearest = ResampledAxis.Interpolation.nearest { $0.rounded(isShorter ? .up : .down) }
      return own.taps(mode == "nearest" ? nearest : filled, antialiases: false, excludesOutside: false)
    }
  }

  private static func resize(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    let rank = x.shape.count
    let axes = try context.axes(context.integers(attribute: "axes") ?? Array(0..<rank), rank: rank)
    let (sizes, scales) = try extents(context, axes)
    let name = try context.text("coordinate_transformation_mode") ?? "half_pixel"
    guard let coordinates = ResampledAxis.Coordinates(rawValue: name) else {
      throw context.unsupported("coordinate_transformation_mode = \(name)")
    }
    let mode = try context.text("mode") ?? "nearest"
    let filled = try interpolation(mode, context)
    let antialiases = try context.flag("antialias")
    guard !antialiases || mode != "nearest" else {
      throw context.invalid("antialias goes with mode = linear or cubic, found nearest")
    }
    let region = coordinates == .cropAndResize ? context.optional(1)?.doubles ?? [] : []
    guard coordinates != .cropAndResize || region.count == 2 * axes.count && region.allSatisfy(\.isFinite)
    else {
      throw context.invalid("roi has \(region.count) numbers, expected \(2 * axes.count)")
    }
    let excludesOutside = try context.flag("exclude_outside")
    let outside = Double(try context.float("extrapolation_value", or: 0))
    return try resampled(context, sizes, outside: outside) { (axis) throws(GraphError) in
      guard let number = axes.firstIndex(of: axis) else { return nil }
      let (start, end) = region.isEmpty ? (0, 1) : (region[number], region[number + axes.count])
      if sizes[axis] == x.shape[axis], scales[axis] == 1, start == 0, end == 1 { return nil }
      let own = ResampledAxis(
        from: x.shape[axis], to: sizes[axis], scale: scales[axis], region: (start, end),
        coordinates: coordinates)
      return own.taps(filled, antialiases: antialiases, excludesOutside: excludesOutside)
    }
  }

  /// The new extents of all axes and how many new places each old one has, by the input that there is.
  private static func extents(
    _ context: NodeContext, _ axes: [Int]
  ) throws(GraphError) -> (sizes: [Int], scales: [Double]) {
    let x = try context.input(0)
    var (sizes, scales) = (x.shape, [Double](repeating: 1, count: x.shape.count))
    let given = try context.optionalTensor(2)?.scalars ?? []
    if let wanted = try context.optionalIntegers(3), !wanted.isEmpty || given.isEmpty {
      guard given.isEmpty, wanted.count == axes.count, wanted.allSatisfy({ $0 >= 0 }) else {
        throw context.invalid(
          "sizes of \(wanted) with \(given.count) scales do not fit the \(axes.count) axes")
      }
      for (axis, size) in zip(axes, wanted) {
        sizes[axis] = size
        scales[axis] = Double(size) / Double(x.shape[axis])
      }
      let policy = try context.text("keep_aspect_ratio_policy") ?? "stretch"
      guard ["stretch", "not_larger", "not_smaller"].contains(policy) else {
        throw context.unsupported("keep_aspect_ratio_policy = \(policy)")
      }
      let own = axes.map { scales[$0] }
      guard policy != "stretch", let common = policy == "not_larger" ? own.min() : own.max() else {
        return (sizes, scales)
      }
      for axis in axes {
        scales[axis] = common
        sizes[axis] = try whole((common * Double(x.shape[axis]) + 0.5).rounded(.down), context)
      }
      return (sizes, scales)
    }
    guard given.count == axes.count else {
      throw context.invalid("\(given.count) scales do not fit the \(axes.count) axes, and there are no sizes")
    }
    for (axis, scale) in zip(axes, given) {
      sizes[axis] = try scaled(x.shape[axis], by: scale, context)
      scales[axis] = Double(scale)
    }
    return (sizes, scales)
  }

  private static func scaled(_ extent: Int, by scale: Float, _ context: NodeContext) throws(GraphError) -> Int
  {
    guard scale > 0, scale.isFinite else {
      throw context.invalid("a scale of \(scale), expected one above 0")
    }
    return try whole(Double((Float(extent) * scale).rounded(.down)), context)
  }

  private static func whole(_ extent: Double, _ context: NodeContext) throws(GraphError) -> Int {
    guard extent >= 0, extent <= 0x1p31 else { throw context.invalid("an extent of \(extent) is too large") }
    return Int(extent)
  }

  private static func interpolation(
    _ mode: String, _ context: NodeContext
  ) throws(GraphError) -> ResampledAxis.Interpolation {
    switch mode {
    case "linear": return .linear
    case "cubic": return .cubic(a: Double(try context.float("cubic_coeff_a", or: -0.75)))
    case "nearest":
      switch try context.text("nearest_mode") ?? "round_prefer_floor" {
      case "round_prefer_floor": return .nearest { ($0 - 0.5).rounded(.up) }
      case "round_prefer_ceil": return .nearest { ($0 + 0.5).rounded(.down) }
      case "floor": return .nearest { $0.rounded(.down) }
      case "ceil": return .nearest { $0.rounded(.up) }
      case let other: throw context.unsupported("nearest_mode = \(other)")
      }
    default: throw context.unsupported("mode = \(mode)")
    }
  }

  /// Axis by axis made from the places that `taps` names for it; nil for those that stay as they are.
  private static func resampled(
    _ context: NodeContext, _ sizes: [Int], outside: Double = 0,
    taps: (Int) throws(GraphError) -> [ResampledAxis.Taps]?
  ) throws(GraphError) -> GraphValue {
    let x = try context.input(0)
    var shape = x.shape
    _ = try context.checkedCount(sizes)
    var lists: [[ResampledAxis.Taps]?] = []
    for axis in shape.indices {
      guard shape[axis] > 0 || sizes[axis] == 0 else {
        throw context.invalid("an axis of no extent cannot become one of \(sizes[axis])")
      }
      // a list is made for each place
      _ = try context.checkedCount([sizes[axis], 8])
      lists.append(sizes[axis] == 0 ? [] : try taps(axis))
    }
    // places that are copied keep their type
    if lists.allSatisfy({ $0?.allSatisfy { $0.count == 1 } ?? true }) {
      let strides = StridesOf(shape).strides
      let places = shape.indices.map { axis in
        lists[axis]?.map { $0[0].place * strides[axis] } ?? (0..<shape[axis]).map { $0 * strides[axis] }
      }
      return x.picking(grid(places), shape: sizes)
    }
    var values = x.doubles
    for (axis, list) in lists.enumerated() {
      guard let list else { continue }
      let (outer, inner) = (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
      let extent = shape[axis]
      shape[axis] = sizes[axis]
      var results = [Double](repeating: outside, count: try context.checkedCount(shape))
      try context.budget.spend(list.reduce(0) { $0 + $1.count } * outer * inner, at: context.place)
      for row in 0..<outer {
        for (place, taps) in list.enumerated() where !taps.isEmpty {
          let to = (row * sizes[axis] + place) * inner
          for column in 0..<inner {
            results[to + column] = taps.reduce(0) { sum, tap in
              sum + tap.weight * values[(row * extent + tap.place) * inner + column]
            }
          }
        }
      }
      values = results
    }
    if x.elementType.isFloat {
      return GraphValue(doubles: values, shape: sizes, elementType: x.elementType)
    }
    let range = x.elementType.integers
    let rounded = values.map { value in
      let nearest = Int64(clampingTowardZero: value.rounded(.toNearestOrEven))
      return Swift.min(Swift.max(nearest, range.lowerBound), range.upperBound)
    }
    return GraphValue(integers: rounded, shape: sizes, elementType: x.elementType)
  }
}
