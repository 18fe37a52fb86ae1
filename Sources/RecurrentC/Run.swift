import CRecurrent
import Recurrent

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a graph gave out, in memory that programs in C read.
final class OutputArrays: Sendable {
  /// The arrays; their memory lives as long as this object, and nobody writes to it.
  nonisolated(unsafe) private let arrays: UnsafeMutableBufferPointer<rec_array>

  init(_ outputs: [(name: String, value: GraphValue)]) {
    arrays = .allocate(capacity: outputs.count)
    for (index, output) in outputs.enumerated() {
      let shape = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, output.value.shape.count))
      for (axis, extent) in output.value.shape.enumerated() { shape[axis] = Int64(extent) }
      let (type, values) = OutputArrays.copy(output.value)
      arrays.initializeElement(
        at: index,
        to: rec_array(
          name: strdup(output.name), type: strdup(type), rank: Int64(output.value.shape.count), shape: shape,
          values: values))
    }
  }

  deinit {
    for array in arrays {
      free(UnsafeMutableRawPointer(mutating: array.name))
      free(UnsafeMutableRawPointer(mutating: array.type))
      UnsafeMutablePointer(mutating: array.shape)?.deallocate()
      UnsafeMutableRawPointer(mutating: array.values)?.deallocate()
    }
    arrays.deallocate()
  }

  var count: Int { arrays.count }

  subscript(index: Int) -> rec_array { arrays[index] }

  private static func copy(_ value: GraphValue) -> (type: String, values: UnsafeRawPointer) {
    func memory<Element>(_ elements: [Element]) -> UnsafeRawPointer {
      let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
      memory.initialize(from: elements, count: elements.count)
      return UnsafeRawPointer(memory)
    }
    switch value.elementType {
    case .f64: return ("f8", memory(value.doubles))
    case .f32, .f16, .bf16: return ("f4", memory(value.tensor.scalars))
    default: return ("i8", memory(value.integers))
    }
  }
}

extension GraphValue {
  /// The numbers of an array of a program in C.
  ///
  /// - Throws: ``CallError`` where it is none.
  init(_ array: rec_array) throws {
    let name = try text(array.name, "the name of an array")
    let rank = try RecurrentC.count(array.rank, "the rank of \"\(name)\"", in: 0...64)
    let extents = try rank == 0 ? nil : required(array.shape, "the shape of \"\(name)\"")
    let shape = try (0..<rank).map {
      try RecurrentC.count(extents?[$0] ?? 0, "an extent of \"\(name)\"", in: 0...1 << 40)
    }
    let size = shape.reduce(1, clampedProduct)
    guard size <= 1 << 40 else { throw CallError.argument("the shape \(shape) of \"\(name)\" is too large") }
    let values = size == 0 ? array.values : try required(array.values, "the values of \"\(name)\"")
    func elements<Element>(_ type: Element.Type) -> [Element] {
      [Element](UnsafeBufferPointer(start: values?.assumingMemoryBound(to: type), count: size))
    }
    switch try text(array.type, "the type of \"\(name)\"") {
    case "f4": self.init(Tensor(elements(Float.self), shape: shape))
    case "f8": self.init(doubles: elements(Double.self), shape: shape, elementType: .f64)
    case "i8": self.init(integers: elements(Int64.self), shape: shape)
    case "i4": self.init(integers: elements(Int32.self).map { Int64($0) }, shape: shape, elementType: .i32)
    case "b1":
      self.init(integers: elements(UInt8.self).map { $0 == 0 ? 0 : 1 }, shape: shape, elementType: .bool)
    case let other:
      throw CallError.argument("the type of \"\(name)\" is \"\(other)\", expected f4, f8, i8, i4 or b1")
    }
  }
}

/// Runs a graph: `rec_run` of the header.
@_cdecl("rec_run")
public func recRun(
  _ model: OpaquePointer?, _ inputs: UnsafePointer<rec_array>?, _ count: Int64,
  _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) {
    let model = try Handle.object(model, Model.self, "model")
    let count = try RecurrentC.count(count, "count", in: 0...1 << 16)
    let inputs = count == 0 ? inputs : try required(inputs, "inputs")
    return try model.engine.run {
      let program = try model.program()
      var values: [String: GraphValue] = [:]
      for array in UnsafeBufferPointer(start: inputs, count: count) {
        values[try text(array.name, "the name of an array")] = try GraphValue(array)
      }
      let results = try program.run(values)
      return Handle.retained(
        OutputArrays(program.outputs.compactMap { info in results[info.name].map { (info.name, $0) } }))
    }
  }
}

/// How many arrays there are: `rec_arrays_count` of the header.
@_cdecl("rec_arrays_count")
public func recArraysCount(_ arrays: OpaquePointer?) -> Int64 {
  Int64((try? Handle.object(arrays, OutputArrays.self, "arrays").count) ?? 0)
}

/// One of the arrays: `rec_arrays_get` of the header.
@_cdecl("rec_arrays_get")
public func recArraysGet(
  _ arrays: OpaquePointer?, _ index: Int64, _ array: UnsafeMutablePointer<rec_array>?,
  _ error: UnsafeMutablePointer<rec_error>?
) -> Int32 {
  status(error) {
    let arrays = try Handle.object(arrays, OutputArrays.self, "arrays")
    guard (0..<Int64(arrays.count)).contains(index) else {
      throw CallError.argument("index is \(index), there are \(arrays.count) arrays")
    }
    try required(array, "array").pointee = arrays[Int(index)]
  }
}

/// Frees arrays: `rec_arrays_free` of the header.
@_cdecl("rec_arrays_free")
public func recArraysFree(_ arrays: OpaquePointer?) { Handle.release(arrays, OutputArrays.self) }
