extension GraphOperator {
  /// A relation of pairs of elements.
  fileprivate static func comparison(
    _ name: String, versions: ClosedRange<Int> = OperatorCatalog.versions,
    floats: @escaping @Sendable (Double, Double) -> Bool, integers: @escaping @Sendable (Int64, Int64) -> Bool
  ) -> GraphOperator {
    GraphOperator(name, versions: versions) { context in
      let (a, b) = (try context.input(0), try context.input(1))
      guard a.elementType == b.elementType else {
        throw context.invalid(
          "the inputs have elements of the types \(a.elementType.rawValue) and \(b.elementType.rawValue)")
      }
      let shape = try context.broadcastShape([a.shape, b.shape])
      let (left, right) = (a.broadcast(to: shape), b.broadcast(to: shape))
      let values: [Bool]
      if a.elementType.isFloat {
        values = zip(left.doubles, right.doubles).map(floats)
      } else {
        // the order of unsigned numbers is that of signed ones with the highest bit turned
        let turn: Int64 = a.elementType == .u64 ? .min : 0
        values = zip(left.integers, right.integers).map { integers($0 ^ turn, $1 ^ turn) }
      }
      return [GraphValue(integers: values.map { $0 ? 1 : 0 }, shape: shape, elementType: .bool)]
    }
  }

  /// A connection of truth values.
  fileprivate static func logic(
    _ name: String, _ operation: @escaping @Sendable (Int64, Int64) -> Int64
  ) -> GraphOperator {
    GraphOperator(name) { context in
      let (a, b) = (try context.input(0), try context.input(1))
      guard a.elementType == .bool, b.elementType == .bool else {
        throw context.invalid("the inputs are no truth values")
      }
      return [try context.map(BinaryMap(integers: operation), a, b)]
    }
  }
}

extension OperatorCatalog {
  static let comparisons: [GraphOperator] = [
    .comparison("Equal", floats: { $0 == $1 }, integers: { $0 == $1 }),
    .comparison("Less", floats: { $0 < $1 }, integers: { $0 < $1 }),
    .comparison("Greater", floats: { $0 > $1 }, integers: { $0 > $1 }),
    .comparison("LessOrEqual", versions: 12...28, floats: { $0 <= $1 }, integers: { $0 <= $1 }),
    .comparison("GreaterOrEqual", versions: 12...28, floats: { $0 >= $1 }, integers: { $0 >= $1 }),
    .logic("And") { $0 & $1 },
    .logic("Or") { $0 | $1 },
    .logic("Xor") { $0 ^ $1 },
    GraphOperator("Not", versions: 1...28) { context in
      let x = try context.input(0)
      return [GraphValue(integers: x.integers.map { 1 - $0 }, shape: x.shape, elementType: .bool)]
    },
    GraphOperator("IsNaN", versions: 9...28) { context in
      let x = try context.input(0)
      return [GraphValue(integers: x.doubles.map { $0.isNaN ? 1 : 0 }, shape: x.shape, elementType: .bool)]
    },
    GraphOperator("IsInf", versions: 10...28, attributes: ["detect_negative", "detect_positive"]) { context in
      let x = try context.input(0)
      let negative = try context.flag("detect_negative", or: true)
      let positive = try context.flag("detect_positive", or: true)
      let values = x.doubles.map { $0.isInfinite && ($0 < 0 ? negative : positive) ? Int64(1) : 0 }
      return [GraphValue(integers: values, shape: x.shape, elementType: .bool)]
    },
    GraphOperator("Where", versions: 9...28) { context in
      let (condition, a, b) = (try context.input(0), try context.input(1), try context.input(2))
      guard a.elementType == b.elementType else {
        throw context.invalid("the two values are of different types")
      }
      let shape = try context.broadcastShape([condition.shape, a.shape, b.shape])
      let choice = condition.broadcast(to: shape).integers
      let (left, right) = (a.broadcast(to: shape), b.broadcast(to: shape))
      if a.elementType.isFloat {
        let values = zip(choice, zip(left.doubles, right.doubles)).map { $0 != 0 ? $1.0 : $1.1 }
        return [GraphValue(doubles: values, shape: shape, elementType: a.elementType)]
      }
      let values = zip(choice, zip(left.integers, right.integers)).map { $0 != 0 ? $1.0 : $1.1 }
      return [GraphValue(integers: values, shape: shape, elementType: a.elementType)]
    },
  ]
}
