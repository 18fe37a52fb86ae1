#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension GraphOperator {
  /// A function of single floats with up to three parameters, named in `parameters` with what they are by default.
  fileprivate static func activation(
    _ name: String, versions: ClosedRange<Int> = OperatorCatalog.versions, parameters: [(String, Float)] = [],
    _ function: @escaping @Sendable (Double, [Double]) -> Double
  ) -> GraphOperator {
    GraphOperator(name, versions: versions, attributes: Set(parameters.map(\.0))) { context in
      let x = try context.input(0)
      guard x.elementType.isFloat else {
        throw context.unsupported("elements of the type \(x.elementType.rawValue)")
      }
      let values = try parameters.map { Double(try context.float($0.0, or: $0.1)) }
      return [
        GraphValue(
          doubles: x.doubles.map { function($0, values) }, shape: x.shape, elementType: x.elementType)
      ]
    }
  }
}

extension OperatorCatalog {
  static let activations: [GraphOperator] = [
    .unary("Sigmoid", UnaryMap(tensor: { sigmoid($0) }, floats: { 1 / (1 + Double.exp(-$0)) })),
    .unary("Tanh", UnaryMap(tensor: { tanh($0) }, floats: { Double.tanh($0) })),
    .unary(
      "Relu", UnaryMap(tensor: { relu($0) }, floats: { Swift.max($0, 0) }, integers: { Swift.max($0, 0) })),
    .activation("LeakyRelu", parameters: [("alpha", 0.01)]) { $0 < 0 ? $1[0] * $0 : $0 },
    .activation("ThresholdedRelu", parameters: [("alpha", 1)]) { $0 > $1[0] ? $0 : 0 },
    .activation("Elu", parameters: [("alpha", 1)]) { $0 < 0 ? $1[0] * expm1($0) : $0 },
    .activation("Celu", parameters: [("alpha", 1)]) {
      Swift.max(0, $0) + Swift.min(0, $1[0] * expm1($0 / $1[0]))
    },
    .activation("Selu", parameters: [("alpha", 1.67326319), ("gamma", 1.05070102)]) {
      $1[1] * ($0 > 0 ? $0 : $1[0] * expm1($0))
    },
    .activation("Softplus") { x, _ in Swift.max(x, 0) + log1p(Double.exp(-Swift.abs(x))) },
    .activation("Softsign") { x, _ in x / (1 + Swift.abs(x)) },
    .activation("HardSigmoid", parameters: [("alpha", 0.2), ("beta", 0.5)]) {
      Swift.min(1, Swift.max(0, $1[0] * $0 + $1[1]))
    },
    .activation("HardSwish", versions: 14...28) { x, _ in x * Swift.min(1, Swift.max(0, x / 6 + 0.5)) },
    .activation("Mish", versions: 18...28) { x, _ in
      x * Double.tanh(Swift.max(x, 0) + log1p(Double.exp(-Swift.abs(x))))
    },
    GraphOperator("Gelu", versions: 20...28, attributes: ["approximate"]) { context in
      let x = try context.input(0)
      let kind = try context.text("approximate") ?? "none"
      guard kind == "none" || kind == "tanh" else { throw context.unsupported("approximate = \(kind)") }
      let values = x.doubles.map { x in
        kind == "none"
          ? 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
          : 0.5 * x * (1 + Double.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
      }
      return [GraphValue(doubles: values, shape: x.shape, elementType: x.elementType)]
    },
    GraphOperator("PRelu") { context in
      let (x, slope) = (try context.input(0), try context.input(1))
      let map = BinaryMap(floats: { $0 < 0 ? $0 * $1 : $0 }, integers: { $0 < 0 ? $0 &* $1 : $0 })
      return [try context.map(map, x, slope)]
    },
  ]
}
