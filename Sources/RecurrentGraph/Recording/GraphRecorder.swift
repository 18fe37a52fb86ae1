import RecurrentCore
import Synchronization

/// A backend that computes and writes down what it is asked to compute, so that a function on tensors becomes a graph.
///
/// It does nothing in one piece: whatever runs on it is composed of primitives, each of which is an operator elsewhere.
/// A tensor is known by its memory; the same memory in another shape is a ``RecordedOperation/reshape(_:)`` where it is used.
package final class GraphRecorder: Backend {
  /// What was written down.
  struct Record {
    var values: [RecordedValue] = []
    var steps: [RecordedStep] = []
    /// Why the function is none of operators alone; the first reason.
    var issue: String?
    fileprivate var numbers: [ObjectIdentifier: Int] = [:]
    /// Keeps memory from being used for something else while its address stands for a value.
    fileprivate var storages: [TensorStorage] = []
  }

  private let cpu = CPUBackend.shared
  private let kept = Mutex(Record())

  /// A recorder that has seen nothing.
  package init() {}

  package var name: String { "recorder" }

  var record: Record { kept.withLock { $0 } }

  /// A value that the function is given.
  func input(_ x: Tensor, named name: String) -> Tensor { value(x, .input(name)) }

  /// A value that is the same in every run and has a name of its own.
  func parameter(_ x: Tensor, named name: String) -> Tensor { value(x, .parameter(name, x)) }

  /// The number of a value in the shape in which it is used.
  func number(of x: Tensor) -> Int {
    let known = kept.withLock { record in record.numbers[ObjectIdentifier(x.storage)] }
    guard let known else { return number(of: value(x.detached, .constant(x))) }
    let own = kept.withLock { $0.values[known].shape }
    if x.offset != 0 || x.count != own.reduce(1, *) {
      object("it takes a part of a tensor in a way that is no operator")
      return known
    }
    guard own != x.shape else { return known }
    return append(.reshape(x.shape), inputs: [known], shape: x.shape)
  }

  // MARK: Writing down

  private func value(_ x: Tensor, _ kind: RecordedValue.Kind) -> Tensor {
    let own = copy(x)
    kept.withLock { record in
      record.numbers[ObjectIdentifier(own.storage)] = record.values.count
      record.values.append(RecordedValue(kind: kind, shape: own.shape))
      record.storages.append(own.storage)
    }
    return own
  }

  /// The numbers of a tensor in memory of this backend.
  private func copy(_ x: Tensor) -> Tensor {
    let own = Tensor(storage: TensorStorage(backend: self, bytes: x.count * 4), shape: x.shape)
    let to = own.storage.pointer.assumingMemoryBound(to: Float.self)
    for (index, number) in x.scalars.enumerated() { to[index] = number }
    return own
  }

  private func append(_ operation: RecordedOperation, inputs: [Int], shape: [Int]) -> Int {
    kept.withLock { record in
      let output = record.values.count
      record.values.append(RecordedValue(kind: .computed, shape: shape))
      record.steps.append(RecordedStep(operation: operation, inputs: inputs, output: output))
      return output
    }
  }

  private func recorded(_ operation: RecordedOperation, _ inputs: [Tensor], _ result: Tensor) -> Tensor {
    let numbers = inputs.map(number)
    let own = copy(result)
    let output = append(operation, inputs: numbers, shape: own.shape)
    kept.withLock { record in
      record.numbers[ObjectIdentifier(own.storage)] = output
      record.storages.append(own.storage)
    }
    return own
  }

  private func object(_ reason: String) {
    kept.withLock { record in if record.issue == nil { record.issue = reason } }
  }

  // MARK: Memory

  package func tensor(_ scalars: [Float], shape: [Int]) -> Tensor {
    let x = cpu.tensor(scalars, shape: shape)
    return value(x, .constant(x))
  }

  package func filled(_ value: Float, shape: [Int]) -> Tensor {
    tensor([Float](repeating: value, count: shape.reduce(1, *)), shape: shape)
  }

  package func scalars(of x: Tensor) -> [Float] { cpu.scalars(of: x) }

  // MARK: Primitives

  package func unary(_ operation: UnaryOperation, _ x: Tensor) -> Tensor {
    recorded(.unary(operation), [x], cpu.unary(operation, x))
  }

  package func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor) -> Tensor {
    recorded(.binary(operation), [a, b], cpu.binary(operation, a, b))
  }

  package func sum(_ x: Tensor, axis: Int) -> Tensor {
    recorded(.sum(axis: axis), [x], cpu.sum(x, axis: axis))
  }

  package func maximum(_ x: Tensor, axis: Int) -> Tensor {
    recorded(.maximum(axis: axis), [x], cpu.maximum(x, axis: axis))
  }

  package func matmul(_ a: Tensor, _ b: Tensor, transposeA: Bool, transposeB: Bool, bias: Tensor?) -> Tensor {
    recorded(
      .matmul(transposeA: transposeA, transposeB: transposeB), [a, b] + (bias.map { [$0] } ?? []),
      cpu.matmul(a, b, transposeA: transposeA, transposeB: transposeB, bias: bias))
  }

  package func slice(_ x: Tensor, axis: Int, start: Int, length: Int) -> Tensor {
    // all of an axis, whose extent may be another one elsewhere
    if start == 0, length == x.shape[axis] { return x }
    return recorded(
      .slice(axis: axis, start: start, length: length), [x],
      cpu.slice(x, axis: axis, start: start, length: length))
  }

  package func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
    recorded(.concatenate(axis: axis), parts, cpu.concatenate(parts, axis: axis))
  }

  package func permute(_ x: Tensor, order: [Int]) -> Tensor {
    recorded(.permute(order), [x], cpu.permute(x, order: order))
  }

  package func gatherRows(_ table: Tensor, _ rows: Indices) -> Tensor {
    recorded(.gather(rows.values), [table], cpu.gatherRows(table, rows))
  }

  // MARK: What no function of inference needs

  package func scatterAddRows(_ rows: Tensor, _ numbers: Indices, rowCount: Int) -> Tensor {
    object("it adds rows by number")
    return copy(cpu.scatterAddRows(rows, numbers, rowCount: rowCount))
  }

  package func add(_ x: Tensor, to sum: inout Tensor) { sum = binary(.add, sum, x) }

  package func add(_ x: Tensor, to sum: inout Tensor, axis: Int, start: Int) {
    object("it adds to a part of a tensor")
    var result = cpu.tensor(sum.scalars, shape: sum.shape)
    cpu.add(x, to: &result, axis: axis, start: start)
    sum = copy(result)
  }

  package func sumOfSquares(_ x: Tensor) -> Double {
    object("it computes with a sum of squares outside of tensors")
    return cpu.sumOfSquares(x)
  }

  package func uniform(_ key: RandomKey, from start: Int, shape: [Int]) -> Tensor {
    object("it draws random numbers")
    return copy(cpu.uniform(key, from: start, shape: shape))
  }

  package func optimize(
    _ step: OptimizerStep, parameter: inout Tensor, gradient: Tensor, statistics: inout [Tensor]
  ) {
    object("it trains")
  }
}

/// A value of a recorded function.
struct RecordedValue {
  enum Kind {
    case input(String)
    case parameter(String, Tensor)
    case constant(Tensor)
    case computed
  }

  var kind: Kind
  var shape: [Int]
}

/// One operation of a recorded function: numbers of the values that go in and of the one that comes out.
struct RecordedStep {
  var operation: RecordedOperation
  var inputs: [Int]
  var output: Int
}

/// What a primitive did.
enum RecordedOperation: Equatable {
  case unary(UnaryOperation)
  case binary(BinaryOperation)
  case sum(axis: Int)
  case maximum(axis: Int)
  case matmul(transposeA: Bool, transposeB: Bool)
  case slice(axis: Int, start: Int, length: Int)
  case concatenate(axis: Int)
  case permute([Int])
  case gather([Int32])
  case reshape([Int])
}
