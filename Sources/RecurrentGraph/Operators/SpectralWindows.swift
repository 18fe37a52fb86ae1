#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension GraphOperator {
  /// A window of the length that the input names: `function` of the phase, which goes from 0 to 2 pi.
  fileprivate static func window(
    _ name: String, _ function: @escaping @Sendable (Double) -> Double
  ) -> GraphOperator {
    GraphOperator(name, versions: 17...28, attributes: ["output_datatype", "periodic"]) { context in
      let count = try OperatorCatalog.single(0, context)
      _ = try context.checkedCount([count])
      // a period ends before its first number comes again
      let period = try context.flag("periodic", or: true) ? count : count - 1
      let values =
        count == 1 && period == 0
        ? [1] : (0..<count).map { function(2 * Double.pi * Double($0) / Double(period)) }
      return [try OperatorCatalog.output(values, shape: [count], context)]
    }
  }
}

extension OperatorCatalog {
  static let spectralWindows: [GraphOperator] = [
    .window("HannWindow") { 0.5 - 0.5 * cos($0) },
    .window("HammingWindow") { 25.0 / 46 - 21.0 / 46 * cos($0) },
    .window("BlackmanWindow") { 0.42 - 0.5 * cos($0) + 0.08 * cos(2 * $0) },
    GraphOperator("MelWeightMatrix", versions: 17...28, attributes: ["output_datatype"]) {
      [try melWeights($0)]
    },
  ]

  /// Numbers in the type that the attribute `output_datatype` names.
  fileprivate static func output(
    _ values: [Double], shape: [Int], _ context: NodeContext
  ) throws(GraphError) -> GraphValue {
    let number = try context.integer("output_datatype", or: 1)
    guard let type = ElementType(onnxNumber: Int64(number)), GraphValue.elementTypes.contains(type) else {
      throw context.unsupported("output_datatype = \(number)")
    }
    return GraphValue(doubles: values, shape: shape, elementType: .f64).cast(to: type)
  }

  /// Triangles over the frequencies of a transform whose corners are equally far apart on the scale of mels, `[frequencies,
  /// bands]`.
  private static func melWeights(_ context: NodeContext) throws(GraphError) -> GraphValue {
    let (bands, length, rate) = (try single(0, context), try single(1, context), try single(2, context))
    var edges: [Double] = []
    for index in 3...4 {
      let value = try context.tensor(index)
      guard value.count == 1 else {
        throw context.invalid("input \(index) has \(value.count) numbers, expected one")
      }
      edges.append(2595 * log10(1 + Double(value.scalars[0]) / 700))
    }
    guard bands >= 0, length >= 0, rate > 0 else {
      throw context.invalid("\(bands) bands of a transform of \(length) numbers at \(rate) a second")
    }
    let frequencies = length / 2 + 1
    var weights = [Double](repeating: 0, count: try context.checkedCount([frequencies, bands]))
    _ = try context.checkedCount([bands + 2])
    let corners = (0..<bands + 2).map { corner in
      let mel = edges[0] + Double(corner) * (edges[1] - edges[0]) / Double(bands + 2)
      return (Double(length + 1) * 700 * (pow(10, mel / 2595) - 1) / Double(rate)).rounded(.down)
    }
    guard corners.allSatisfy({ $0 >= 0 && $0 < Double(frequencies) }), corners == corners.sorted() else {
      throw context.invalid(
        "the edges of the bands are no frequencies from 0 to half of \(rate) a second, in order")
    }
    for band in 0..<bands {
      let (low, middle, high) = (Int(corners[band]), Int(corners[band + 1]), Int(corners[band + 2]))
      for place in low..<middle { weights[place * bands + band] = Double(place - low) / Double(middle - low) }
      weights[middle * bands + band] = 1
      for place in middle..<high {
        weights[place * bands + band] = Double(high - place) / Double(high - middle)
      }
    }
    return try output(weights, shape: [frequencies, bands], context)
  }
}
