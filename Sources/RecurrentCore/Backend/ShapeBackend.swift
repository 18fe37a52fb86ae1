/// A backend whose tensors have shapes and no numbers: for what follows from shapes alone, as how many parameters a module
/// has.
///
/// It takes no memory, so extents may be of any size. Asking for numbers traps.
package struct ShapeBackend: Backend {
  /// The backend; it has no state.
  package init() {}

  package var name: String { "shapes" }

  /// An address that nobody reads or writes at.
  package func allocate(bytes: Int) -> UnsafeMutableRawPointer { ShapeBackend.nowhere }
  package func deallocate(_ memory: UnsafeMutableRawPointer, bytes: Int) {}

  private nonisolated(unsafe) static let nowhere = UnsafeMutableRawPointer.allocate(
    byteCount: 1, alignment: 64)

  private func shaped(_ shape: [Int]) -> Tensor {
    Tensor(storage: TensorStorage(backend: self, bytes: 0), shape: shape)
  }

  private func noNumbers(_ function: StaticString = #function) -> Never {
    fatalError("\(function): a tensor that has a shape alone was asked for its numbers")
  }

  package func tensor(_ scalars: [Float], shape: [Int]) -> Tensor { shaped(shape) }
  package func tensor(shape: [Int], _ scalars: () -> [Float]) -> Tensor { shaped(shape) }
  package func filled(_ value: Float, shape: [Int]) -> Tensor { shaped(shape) }
  package func scalars(of x: Tensor) -> [Float] { noNumbers() }
  package func sumOfSquares(_ x: Tensor) -> Double { noNumbers() }
  package func uniform(_ key: RandomKey, from start: Int, shape: [Int]) -> Tensor { shaped(shape) }

  package func unary(_ operation: UnaryOperation, _ x: Tensor) -> Tensor { shaped(x.shape) }

  package func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor) -> Tensor {
    let rank = max(a.rank, b.rank)
    func padded(_ x: Tensor) -> [Int] { Array(repeating: 1, count: rank - x.rank) + x.shape }
    return shaped(
      zip(padded(a), padded(b)).map { x, y in
        trapUnless(x == y || x == 1 || y == 1, "shapes \(a.shape) and \(b.shape) do not fit")
        return x == 1 ? y : x
      })
  }

  package func hostMapped(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, _ function: (Double, Double, Double) -> Double
  ) -> Tensor { shaped(a.shape) }

  package func sum(_ x: Tensor, axis: Int) -> Tensor { dropping(axis, of: x) }
  package func maximum(_ x: Tensor, axis: Int) -> Tensor { dropping(axis, of: x) }

  private func dropping(_ axis: Int, of x: Tensor) -> Tensor {
    var shape = x.shape
    shape.remove(at: axis)
    return shaped(shape)
  }

  package func matmul(_ a: Tensor, _ b: Tensor, transposeA: Bool, transposeB: Bool, bias: Tensor?) -> Tensor {
    shaped([a.shape[transposeA ? 1 : 0], b.shape[transposeB ? 0 : 1]])
  }

  package func slice(_ x: Tensor, axis: Int, start: Int, length: Int) -> Tensor {
    var shape = x.shape
    shape[axis] = length
    return shaped(shape)
  }

  package func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
    var shape = parts[0].shape
    shape[axis] = parts.reduce(0) { sum, part in
      let (next, overflows) = sum.addingReportingOverflow(part.shape[axis])
      return overflows ? .max : next
    }
    return shaped(shape)
  }

  package func permute(_ x: Tensor, order: [Int]) -> Tensor { shaped(order.map { x.shape[$0] }) }
  package func gatherRows(_ table: Tensor, _ rows: Indices) -> Tensor {
    shaped([rows.count, table.shape[1]])
  }
  package func scatterAddRows(_ rows: Tensor, _ numbers: Indices, rowCount: Int) -> Tensor {
    shaped([rowCount, rows.shape[1]])
  }
  package func add(_ x: Tensor, to sum: inout Tensor) {}
  package func add(_ x: Tensor, to sum: inout Tensor, axis: Int, start: Int) {}
  package func optimize(
    _ step: OptimizerStep, parameter: inout Tensor, gradient: Tensor, statistics: inout [Tensor]
  ) {}
}

/// The number of trainable numbers of the module that `make` makes.
///
/// The module is made without numbers, so it takes no memory however large it would be; time is what its number of
/// parameters takes, not their sizes. `make` may draw its parameters as it likes with ``Tensor/init(shape:_:)``,
/// ``Tensor/init(uniformIn:shape:key:)``, ``Initializer`` and what is built on them, but not look at their numbers.
///
///     countParameters { Linear(inputSize: 1 << 30, outputSize: 1 << 30, key: RandomKey(seed: 0)) }
///
/// - Returns: at most 2^56, more than any machine holds and little enough to be multiplied by bytes and copies.
public func countParameters<M: Module>(of make: () throws -> M) rethrows -> Int {
  let most = 1 << 56
  return try Backends.$current.withValue(ShapeBackend()) { try make() }
    .parameters.reduce(0) { min(most, $0 + min(most, $1.value.count)) }
}

/// The product of two sizes; `Int.max` where it is larger than that, so that what cannot be made can still be counted.
package func clampedProduct(_ a: Int, _ b: Int) -> Int {
  let (product, overflows) = a.multipliedReportingOverflow(by: b)
  return overflows ? .max : product
}
