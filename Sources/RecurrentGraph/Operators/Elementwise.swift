#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A map of single elements, in every type that it knows.
struct UnaryMap: Sendable {
  /// On tensors, where a kernel does it.
  var tensor: (@Sendable (Tensor) -> Tensor)?
  /// On floats.
  var floats: (@Sendable (Double) -> Double)?
  /// On integers; the result wraps around.
  var integers: (@Sendable (Int64) -> Int64)?
}

/// A map of pairs of elements, in every type that it knows.
struct BinaryMap: Sendable {
  var tensor: (@Sendable (Tensor, Tensor) -> Tensor)?
  var floats: (@Sendable (Double, Double) -> Double)?
  var integers: (@Sendable (Int64, Int64) -> Int64)?
  /// On unsigned integers of 64 bits, where it is another one.
  var unsigned: (@Sendable (UInt64, UInt64) -> UInt64)?
}

extension NodeContext {
  /// Every element mapped.
  func map(_ map: UnaryMap) throws(GraphError) -> GraphValue {
    let x = try input(0)
    switch x.storage {
    case .floats(let tensor):
      if let operation = map.tensor { return GraphValue(rounding: operation(tensor), to: x.elementType) }
      guard let operation = map.floats else { break }
      return GraphValue(doubles: x.doubles.map(operation), shape: x.shape, elementType: x.elementType)
    case .doubles(let values):
      let operation = map.floats ?? map.tensor.map { tensor in { Double(tensor(Tensor(Float($0))).scalar) } }
      guard let operation else { break }
      return GraphValue(doubles: values.map(operation), shape: x.shape, elementType: .f64)
    case .integers(let values):
      guard let operation = map.integers else { break }
      return GraphValue(
        integers: values.map { operation($0).wrapped(to: x.elementType) }, shape: x.shape,
        elementType: x.elementType)
    }
    throw unsupported("elements of the type \(x.elementType.rawValue)")
  }

  /// Every pair of elements of two values mapped, the shapes repeated to each other.
  func map(_ map: BinaryMap, _ a: GraphValue, _ b: GraphValue) throws(GraphError) -> GraphValue {
    guard a.elementType == b.elementType else {
      throw invalid(
        "the inputs have elements of the types \(a.elementType.rawValue) and \(b.elementType.rawValue)")
    }
    let shape = try broadcastShape([a.shape, b.shape])
    if case .floats(let left) = a.storage, case .floats(let right) = b.storage, let operation = map.tensor {
      return GraphValue(rounding: operation(left, right), to: a.elementType)
    }
    let (left, right) = (a.broadcast(to: shape), b.broadcast(to: shape))
    if a.elementType.isFloat {
      guard let operation = map.floats else {
        throw unsupported("elements of the type \(a.elementType.rawValue)")
      }
      return GraphValue(
        doubles: zip(left.doubles, right.doubles).map(operation), shape: shape, elementType: a.elementType)
    }
    if a.elementType == .u64, let operation = map.unsigned {
      let values = zip(left.integers, right.integers).map {
        Int64(bitPattern: operation(UInt64(bitPattern: $0), UInt64(bitPattern: $1)))
      }
      return GraphValue(integers: values, shape: shape, elementType: .u64)
    }
    guard let operation = map.integers else {
      throw unsupported("elements of the type \(a.elementType.rawValue)")
    }
    let values = zip(left.integers, right.integers).map { operation($0, $1).wrapped(to: a.elementType) }
    return GraphValue(integers: values, shape: shape, elementType: a.elementType)
  }

  /// The shape that all can be repeated to.
  func broadcastShape(_ shapes: [[Int]]) throws(GraphError) -> [Int] {
    guard let shape = Broadcast.shape(shapes) else {
      throw invalid("the shapes \(shapes.map { "\($0)" }.joined(separator: " and ")) do not go together")
    }
    _ = try checkedCount(shape)
    return shape
  }
}

extension GraphOperator {
  /// An operator that maps single elements.
  static func unary(_ name: String, versions: ClosedRange<Int> = OperatorCatalog.versions, _ map: UnaryMap)
    -> GraphOperator
  {
    GraphOperator(name, versions: versions) { [try $0.map(map)] }
  }

  /// An operator that maps pairs.
  static func binary(_ name: String, _ map: BinaryMap) -> GraphOperator {
    GraphOperator(name) { [try $0.map(map, $0.input(0), $0.input(1))] }
  }

  /// An operator that maps the inputs one after the other, as many as there are.
  static func variadic(
    _ name: String, _ map: BinaryMap,
    finish: @escaping @Sendable (GraphValue, Int) -> GraphValue = { value, _ in value }
  ) -> GraphOperator {
    GraphOperator(name) { context in
      var result = try context.input(0)
      for index in 1..<Swift.max(context.inputs.count, 1) {
        result = try context.map(map, result, context.input(index))
      }
      return [finish(result, context.inputs.count)]
    }
  }
}

extension OperatorCatalog {
  private static let add = BinaryMap(tensor: { $0 + $1 }, floats: { $0 + $1 }, integers: { $0 &+ $1 })
  private static let maximum = BinaryMap(
    floats: { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }, integers: { Swift.max($0, $1) },
    unsigned: { Swift.max($0, $1) })
  private static let minimum = BinaryMap(
    floats: { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }, integers: { Swift.min($0, $1) },
    unsigned: { Swift.min($0, $1) })

  static let arithmetic: [GraphOperator] = [
    .binary("Add", add),
    .binary("Sub", BinaryMap(tensor: { $0 - $1 }, floats: { $0 - $1 }, integers: { $0 &- $1 })),
    .binary("Mul", BinaryMap(tensor: { $0 * $1 }, floats: { $0 * $1 }, integers: { $0 &* $1 })),
    .binary(
      "Div",
      BinaryMap(
        tensor: { $0 / $1 }, floats: { $0 / $1 },
        integers: { $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue },
        unsigned: { $1 == 0 ? 0 : $0 / $1 })),
    GraphOperator("Pow") { [try power($0)] },
    GraphOperator("Mod", attributes: ["fmod"]) { [try remainder($0)] },
    .variadic("Sum", add),
    .variadic("Max", maximum),
    .variadic("Min", minimum),
    .variadic("Mean", add) { sum, count in
      GraphValue(
        doubles: sum.doubles.map { $0 / Double(count) }, shape: sum.shape, elementType: sum.elementType)
    },
    .unary("Neg", UnaryMap(tensor: { 0 - $0 }, floats: { -$0 }, integers: { 0 &- $0 })),
    .unary(
      "Abs", UnaryMap(tensor: { abs($0) }, floats: { Swift.abs($0) }, integers: { $0 < 0 ? 0 &- $0 : $0 })),
    .unary("Sqrt", UnaryMap(tensor: { sqrt($0) }, floats: { $0.squareRoot() })),
    .unary("Exp", UnaryMap(tensor: { exp($0) }, floats: { Double.exp($0) })),
    .unary("Log", UnaryMap(tensor: { log($0) }, floats: { Double.log($0) })),
    .unary("Reciprocal", UnaryMap(tensor: { 1 / $0 }, floats: { 1 / $0 })),
    .unary("Floor", UnaryMap(floats: { $0.rounded(.down) })),
    .unary("Ceil", UnaryMap(floats: { $0.rounded(.up) })),
    .unary("Round", UnaryMap(floats: { $0.rounded(.toNearestOrEven) })),
    .unary(
      "Sign", UnaryMap(floats: { $0.isNaN ? .nan : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, integers: { $0.signum() })),
    .unary("Sin", UnaryMap(floats: { sin($0) })),
    .unary("Cos", UnaryMap(floats: { cos($0) })),
    .unary("Tan", UnaryMap(floats: { tan($0) })),
    .unary("Atan", UnaryMap(floats: { atan($0) })),
    .unary("Sinh", UnaryMap(floats: { sinh($0) })),
    .unary("Cosh", UnaryMap(floats: { cosh($0) })),
    .unary("Erf", UnaryMap(floats: { erf($0) })),
    GraphOperator("Clip", versions: 7...10, attributes: ["min", "max"]) { context in
      let x = try context.input(0)
      let low = Double(try context.float("min", or: -.greatestFiniteMagnitude))
      let high = Double(try context.float("max", or: .greatestFiniteMagnitude))
      return [
        GraphValue(
          doubles: x.doubles.map { Swift.min(Swift.max($0, low), high) }, shape: x.shape,
          elementType: x.elementType)
      ]
    },
    GraphOperator("Clip", versions: 11...28) { context in
      var x = try context.input(0)
      if let low = context.optional(1) { x = try context.map(maximum, x, low) }
      if let high = context.optional(2) { x = try context.map(minimum, x, high) }
      return [x]
    },
  ]

  private static func power(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (base, exponent) = (try context.input(0), try context.input(1))
    let shape = try context.broadcastShape([base.shape, exponent.shape])
    let (left, right) = (base.broadcast(to: shape), exponent.broadcast(to: shape))
    if base.elementType.isFloat || exponent.elementType.isFloat {
      let values = zip(left.doubles, right.doubles).map { pow($0, $1) }
      if base.elementType.isFloat {
        return GraphValue(doubles: values, shape: shape, elementType: base.elementType)
      }
      return GraphValue(
        integers: values.map { Int64(clampingTowardZero: $0).wrapped(to: base.elementType) }, shape: shape,
        elementType: base.elementType)
    }
    let values = zip(left.integers, right.integers).map { base, exponent -> Int64 in
      guard exponent >= 0 else { return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
      var (result, factor, rest) = (Int64(1), base, exponent)
      while rest > 0 {
        if rest & 1 == 1 { result = result &* factor }
        factor = factor &* factor
        rest >>= 1
      }
      return result
    }
    return GraphValue(
      integers: values.map { $0.wrapped(to: base.elementType) }, shape: shape, elementType: base.elementType)
  }

  private static func remainder(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let isC = try context.flag("fmod")
    let (a, b) = (try context.input(0), try context.input(1))
    let map = BinaryMap(
      floats: { a, b in
        let rest = fmod(a, b)
        if isC || rest.isNaN { return rest }
        // the sign is that of the divisor, also of zero
        if rest == 0 { return b.sign == .minus ? -0.0 : 0 }
        return (rest < 0) != (b < 0) ? rest + b : rest
      },
      integers: { a, b in
        guard b != 0 else { return 0 }
        let rest = a.remainderReportingOverflow(dividingBy: b).partialValue
        return !isC && rest != 0 && (rest < 0) != (b < 0) ? rest &+ b : rest
      },
      unsigned: { $1 == 0 ? 0 : $0 % $1 })
    return try context.map(map, a, b)
  }
}
