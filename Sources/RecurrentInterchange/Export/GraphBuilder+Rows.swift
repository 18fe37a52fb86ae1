import RecurrentFormats
import RecurrentGraph

extension GraphBuilder {
  /// Appends a function of `module`, recorded by running it, on values whose first axis is open.
  ///
  /// - Parameters:
  ///   - module: whose parameters the function uses.
  ///   - inputs: the values.
  ///   - prefix: stands before all names that are made; no two functions of a graph have the same.
  ///   - what: names the function in errors.
  ///   - body: the function.
  /// - Returns: the names of the outputs.
  /// - Throws: ``InterchangeError`` where the function does something that is no operator.
  public mutating func record<M: Module>(
    _ module: M, _ inputs: [RecordedFunction.Input], prefix: String, what: String,
    _ body: (M, [Tensor]) -> [Tensor]
  ) throws(InterchangeError) -> [String] {
    try recorded(module, inputs, prefix: prefix, what: what, body).outputs
  }

  private mutating func recorded<M: Module>(
    _ module: M, _ inputs: [RecordedFunction.Input], prefix: String, what: String,
    _ body: (M, [Tensor]) -> [Tensor]
  ) throws(InterchangeError) -> RecordedFunction {
    do throws(RecordedFunction.Unrecordable) {
      let function = try RecordedFunction(module, inputs: inputs, prefix: prefix, body: body)
      append(function)
      return function
    } catch {
      throw .notExpressible(what: what, reason: "\(error)")
    }
  }

  /// Appends a function of each vector of a value `[..., F]`, recorded by running it on rows.
  ///
  /// - Returns: the name of `[..., O]`.
  /// - Throws: ``InterchangeError`` where the function does something that is no operator.
  public mutating func mapRows<M: Module>(
    of value: String, width: Int, _ module: M, prefix: String, what: String, _ body: (M, Tensor) -> Tensor
  ) throws(InterchangeError) -> String {
    let rows = node("Reshape", [value, integers([-1, Int64(width)])])
    let function = try recorded(
      module, [RecordedFunction.Input(rows, extents: [width])], prefix: prefix, what: what
    ) { [body($0, $1[0])] }
    let shape = shape(of: value)
    let outer = node("Slice", [shape, integers([0]), integers([-1])])
    let inner = integers(function.extents[0].map { Int64($0) })
    return node(
      "Reshape", [function.outputs[0], node("Concat", [outer, inner], ["axis": .integer(0)])])
  }

  // MARK: Lengths

  /// 1 at the real steps of each row of `value` and 0 beyond them, `[T, B, 1]`.
  public mutating func mask(_ lengths: String, stepsOf value: String) -> String {
    mask(lengths, stepsOf: value, "Less", shift: 0)
  }

  /// 1 at the last step of each row of `value` and 0 elsewhere, `[T, B, 1]`.
  mutating func lastMask(_ lengths: String, stepsOf value: String) -> String {
    mask(lengths, stepsOf: value, "Equal", shift: 1)
  }

  private mutating func mask(
    _ lengths: String, stepsOf value: String, _ relation: String, shift: Int64
  ) -> String {
    let steps = node("Add", [steps(of: value), integer(shift)])
    let beside = node(relation, [node("Unsqueeze", [steps, integers([1])]), cast(lengths, to: .i64)])
    return node("Unsqueeze", [cast(beside, to: .f32), integers([2])])
  }

  /// A value `[T, B, F]` with zeros beyond the lengths; itself where all rows are full.
  public mutating func masked(_ value: String, _ lengths: String?) -> String {
    guard let lengths else { return value }
    return node("Mul", [value, mask(lengths, stepsOf: value)])
  }

  /// A sum over one axis, which goes.
  public mutating func sum(_ value: String, axis: Int64) -> String {
    node("ReduceSum", [value, integers([axis])], ["keepdims": .integer(0)])
  }

  /// The lengths as floats `[B, 1]`, at least 0 or 1.
  mutating func counts(_ lengths: String) -> String {
    node("Unsqueeze", [cast(lengths, to: .f32), integers([1])])
  }
}
