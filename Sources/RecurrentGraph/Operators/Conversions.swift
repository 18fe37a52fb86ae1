extension OperatorCatalog {
  static let conversions: [GraphOperator] = [
    GraphOperator(
      "Cast", attributes: ["to", "saturate", "round_mode"],
      limits: "texts, complex numbers, floats of 8 bits or less"
    ) { context in
      let x = try context.input(0)
      let number = try context.integer("to", or: 0)
      guard let type = ElementType(onnxNumber: Int64(number)), GraphValue.elementTypes.contains(type) else {
        throw context.unsupported("the type \(number)")
      }
      return [x.cast(to: type)]
    },
    GraphOperator("CastLike", versions: 15...28, attributes: ["saturate", "round_mode"]) { context in
      [try context.input(0).cast(to: context.input(1).elementType)]
    },
    GraphOperator("Identity") { [try $0.input(0)] },
    GraphOperator(
      "Dropout", attributes: ["ratio", "is_test", "seed"], limits: "training"
    ) { context in
      let x = try context.input(0)
      if context.opset >= 12, let training = context.optional(2), training.integers.first == 1,
        context.optional(1)?.doubles.first != 0
      {
        throw context.unsupported("training")
      }
      let ones = [Int64](repeating: 1, count: x.count)
      return [x, GraphValue(integers: ones, shape: x.shape, elementType: .bool)]
    },
  ]
}

extension GraphValue {
  /// The same numbers in another type: floats are cut towards zero to integers, integers wrap around, and what is not zero
  /// is true.
  func cast(to type: ElementType) -> GraphValue {
    if type == elementType { return self }
    if type.isFloat {
      if case .floats(let tensor) = storage {
        return type == .f64
          ? GraphValue(doubles: doubles, shape: shape, elementType: type)
          : GraphValue(rounding: tensor, to: type)
      }
      return GraphValue(doubles: doubles, shape: shape, elementType: type)
    }
    if type == .bool {
      let truths =
        elementType.isFloat ? doubles.map { $0 == 0 ? Int64(0) : 1 } : integers.map { $0 == 0 ? 0 : 1 }
      return GraphValue(integers: truths, shape: shape, elementType: type)
    }
    if type == .u64, elementType.isFloat {
      let values = doubles.map { value in
        value >= 0x1p63
          ? Int64(bitPattern: UInt64(Swift.min(value, 0x1.fffffffffffffp63)))
          : Int64(clampingTowardZero: value)
      }
      return GraphValue(integers: values, shape: shape, elementType: type)
    }
    return GraphValue(integers: integers.map { $0.wrapped(to: type) }, shape: shape, elementType: type)
  }
}
