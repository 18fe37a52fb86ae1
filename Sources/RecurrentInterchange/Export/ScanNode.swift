import RecurrentFormats
import RecurrentGraph

/// A cell that no operator expresses as a Scan over its equations.
///
/// Rows that have ended keep their state and give zeros, as ONNX's own recurrent operators do.
struct ScanNode {
  /// `[T, B, I]`.
  let input: String
  /// The parts of the state, `[B, ...]`.
  let states: [String]
  /// int32 `[B]`; nil where all rows are full.
  let lengths: String?
  let isReverse: Bool
  /// Of the names inside.
  let prefix: String

  /// - Parameters:
  ///   - cell: whose step is recorded.
  ///   - stateShapes: the extents of each part of the state behind the rows.
  ///   - builder: of the graph.
  /// - Returns: the names of the output `[T, B, O]` and of the final state.
  /// - Throws: ``InterchangeError``.
  func append<C: Cell>(
    _ cell: C, stateShapes: [[Int]], to builder: inout GraphBuilder
  ) throws -> (output: String, states: [String]) {
    let names = states.indices.map { "\(prefix)state_\($0)" }
    let function: RecordedFunction
    do {
      function = try RecordedFunction(
        cell,
        inputs: [.init(prefix + "x", extents: [cell.inputSize])]
          + zip(names, stateShapes).map { .init($0, extents: $1) },
        prefix: prefix
      ) { cell, values in
        let (output, next) = cell.step(values[0], C.State(tensors: Array(values[1...])))
        return [output] + next.tensors
      }
    } catch {
      let kind: Any = (cell as? AnyCell)?.base ?? cell
      throw InterchangeError.notExpressible(what: "the cell \(type(of: kind))", reason: "\(error)")
    }
    for tensor in function.constants { builder.add(tensor) }
    var body = ONNXGraph()
    body.name = prefix + "step"
    body.nodes = function.nodes
    body.inputs = (names + [prefix + "x"]).map { ONNXValueInfo(name: $0, elementType: .f32) }
    var results = function.outputs
    var sequences = [input]
    if let lengths {
      sequences.append(builder.steps(of: input))
      results = masked(
        results, names, ranks: [2] + stateShapes.map { $0.count + 1 }, until: lengths, prefix, &body, &builder
      )
    }
    body.outputs = (results[1...] + [results[0]]).map { ONNXValueInfo(name: $0, elementType: .f32) }
    let name = builder.name("scan")
    let outputs = (0...states.count).map { "\(name)_\($0)" }
    let direction: [Int64] = [isReverse ? 1 : 0]
    builder.append(
      ONNXNode(
        "Scan", name: name, inputs: states + sequences, outputs: outputs,
        attributes: [
          "body": .graph(body), "num_scan_inputs": .integer(Int64(sequences.count)),
          "scan_input_directions": .integers(sequences.flatMap { _ in direction }),
          "scan_output_directions": .integers(direction),
        ]))
    return (outputs[states.count], Array(outputs[..<states.count]))
  }

  /// The output, or zero, and the next states, or those before, by whether the row has ended.
  private func masked(
    _ results: [String], _ states: [String], ranks: [Int], until lengths: String, _ prefix: String,
    _ body: inout ONNXGraph, _ builder: inout GraphBuilder
  ) -> [String] {
    body.inputs.append(ONNXValueInfo(name: prefix + "t", elementType: .i64))
    let wide = builder.cast(lengths, to: .i64)
    body.nodes.append(ONNXNode("Less", inputs: [prefix + "t", wide], outputs: [prefix + "goes_on"]))
    let zero = builder.constant("zero", Tensor(0))
    return zip(results, ranks).enumerated().map { index, result in
      let (value, rank) = result
      let mask = "\(prefix)mask_\(index)"
      let axes = builder.integers((1..<rank).map { Int64($0) })
      body.nodes.append(ONNXNode("Unsqueeze", inputs: [prefix + "goes_on", axes], outputs: [mask]))
      let other = index == 0 ? zero : states[index - 1]
      body.nodes.append(ONNXNode("Where", inputs: [mask, value, other], outputs: ["\(prefix)kept_\(index)"]))
      return "\(prefix)kept_\(index)"
    }
  }
}
