extension OperatorCatalog {
  static let quantization: [GraphOperator] = [
    GraphOperator("DynamicQuantizeLinear", versions: 11...28) { context in
      let x = try context.tensor(0)
      let values = x.scalars
      // the range holds zero, so that zero is exact
      let (low, high) = (Swift.min(values.min() ?? 0, 0), Swift.max(values.max() ?? 0, 0))
      let scale = high == low ? 1 : (high - low) / 255
      let zero = Swift.min(Swift.max((-low / scale).rounded(.toNearestOrEven), 0), 255)
      let quantized = values.map { value in
        Int64(Swift.min(Swift.max((value / scale).rounded(.toNearestOrEven) + zero, 0), 255))
      }
      return [
        GraphValue(integers: quantized, shape: x.shape, elementType: .u8), GraphValue(Tensor(scale)),
        GraphValue(integers: [Int64(zero)], shape: [], elementType: .u8),
      ]
    },
    GraphOperator(
      "QuantizeLinear", versions: 10...28, attributes: ["axis", "block_size", "saturate"],
      limits: "floats of 8 bits"
    ) { context in
      let x = try context.input(0)
      let zero = context.optional(2)
      let type = zero?.elementType ?? .u8
      let range: ClosedRange<Double>
      switch type {
      case .u8: range = 0...255
      case .i8: range = -128...127
      case .u16: range = 0...65535
      case .i16: range = -32768...32767
      default: throw context.unsupported("the type \(type.rawValue)")
      }
      let scales = try alongAxis(context.input(1), x, context).doubles
      let zeros = try zero.map { (zero) throws(GraphError) in try alongAxis(zero, x, context).doubles }
      let values = zip(x.doubles.indices, x.doubles).map { place, value -> Int64 in
        let rounded = (Float(value) / Float(scales[place])).rounded(.toNearestOrEven)
        return Int64(
          Swift.min(Swift.max(Double(rounded) + (zeros?[place] ?? 0), range.lowerBound), range.upperBound))
      }
      return [GraphValue(integers: values, shape: x.shape, elementType: type)]
    },
    GraphOperator(
      "DequantizeLinear", versions: 10...28, attributes: ["axis", "block_size"], limits: "floats of 8 bits"
    ) { context in
      let x = try context.input(0)
      let scale = try context.input(1)
      let scales = try alongAxis(scale, x, context).doubles
      let zeros = try context.optional(2).map { (zero) throws(GraphError) in
        try alongAxis(zero, x, context).doubles
      }
      let values = zip(x.doubles.indices, x.doubles).map { ($1 - (zeros?[$0] ?? 0)) * scales[$0] }
      return [GraphValue(doubles: values, shape: x.shape, elementType: scale.elementType)]
    },
  ]

  /// One number, or one for each place or each block of places of the axis, repeated to the shape of `x`.
  private static func alongAxis(
    _ value: GraphValue, _ x: GraphValue, _ context: NodeContext
  ) throws(GraphError) -> GraphValue {
    if value.count == 1 { return value.reshaped(to: []).broadcast(to: x.shape) }
    let axis = try context.axis(context.integer("axis", or: 1), rank: x.shape.count)
    let block = try context.integer("block_size", or: 0)
    if block > 0 {
      var blocks = x.shape
      guard axis < x.shape.count, value.shape.count == x.shape.count else {
        throw context.invalid("scales of the shape \(value.shape) for blocks of the shape \(x.shape)")
      }
      blocks[axis] = (x.shape[axis] + block - 1) / block
      guard value.shape == blocks else {
        throw context.invalid("scales of the shape \(value.shape), expected \(blocks)")
      }
      var strides = StridesOf(blocks).strides
      let own = strides[axis]
      strides[axis] = 0
      let inner = StridesOf(x.shape).strides[axis]
      let places = Broadcast.walk(x.shape, strides: strides).enumerated().map { place, start in
        start + place / inner % x.shape[axis] / block * own
      }
      return value.picking(places, shape: x.shape)
    }
    guard value.shape.count == 1, axis < x.shape.count, value.count == x.shape[axis] else {
      throw context.unsupported("a scale of the shape \(value.shape) for an array of the shape \(x.shape)")
    }
    var shape = [Int](repeating: 1, count: x.shape.count)
    shape[axis] = value.count
    return value.reshaped(to: shape).broadcast(to: x.shape)
  }
}
