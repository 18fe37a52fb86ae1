/// Double arithmetic in plain loops: what every other backend is compared with.
///
/// Nothing is fused, so every operation on it is composed of primitives. It shares no code with the CPU's kernels but
/// the random numbers, which are the same on every backend.
///
///     Backends.$current.withValue(ReferenceBackend()) { Tensor([1, 2]).doubles }
public struct ReferenceBackend: Backend {
  private let memory: StoragePool

  /// The backend, with memory from the pool of the process.
  public init() { memory = .shared }

  /// The backend with memory of its own: a device of another kind.
  package init(memory: StoragePool) { self.memory = memory }

  /// Memory from the backend's pool.
  public func allocate(bytes: Int) -> UnsafeMutableRawPointer { memory.take(bytes: bytes) }
  /// Back to the backend's pool.
  public func deallocate(_ memory: UnsafeMutableRawPointer, bytes: Int) {
    self.memory.give(memory, bytes: bytes)
  }

  /// A short name for reports.
  public var name: String { "reference (double)" }

  /// A tensor of `shape` that holds `scalars`, which a double represents exactly.
  public func tensor(_ scalars: [Float], shape: [Int]) -> Tensor {
    tensor(scalars.map { Double($0) }, shape: shape)
  }

  /// A tensor of `shape` that holds `numbers`.
  package func tensor(_ numbers: [Double], shape: [Int]) -> Tensor {
    let result = Tensor(storage: TensorStorage(backend: self, bytes: numbers.count * 8), shape: shape)
    precondition(
      result.count == numbers.count, "ReferenceBackend: \(numbers.count) numbers do not fit shape \(shape)")
    let pointer = result.storage.pointer.assumingMemoryBound(to: Double.self)
    for (index, number) in numbers.enumerated() { pointer[index] = number }
    return result
  }

  /// A tensor of `shape` with `value` everywhere.
  public func filled(_ value: Float, shape: [Int]) -> Tensor {
    tensor([Double](repeating: Double(value), count: shape.reduce(1, *)), shape: shape)
  }

  /// The elements, row-major, each rounded to the nearest float.
  public func scalars(of x: Tensor) -> [Float] { numbers(of: x).map { Float($0) } }

  /// The elements, row-major.
  package func numbers(of x: Tensor) -> [Double] {
    precondition(x.backend is ReferenceBackend, "ReferenceBackend: a tensor of \(x.backend.name) was given")
    let start = x.storage.pointer.assumingMemoryBound(to: Double.self) + x.offset
    return [Double](UnsafeBufferPointer(start: start, count: x.count))
  }

  /// Numbers uniform in [0, 1): those of every backend.
  public func uniform(_ key: RandomKey, from start: Int, shape: [Int]) -> Tensor {
    tensor(key.uniforms(shape.reduce(1, *), from: start), shape: shape)
  }
}

extension Tensor {
  /// All elements, row-major, without loss.
  public var doubles: [Double] {
    if let reference = backend as? ReferenceBackend { return reference.numbers(of: self) }
    return scalars.map { Double($0) }
  }

  /// The same numbers on another backend, off the tape. Doubles are kept between reference backends and rounded to
  /// float otherwise.
  public func moved(to backend: any Backend) -> Tensor {
    if let reference = backend as? ReferenceBackend { return reference.tensor(doubles, shape: shape) }
    return backend.tensor(scalars, shape: shape)
  }
}

extension Module {
  /// The same module with every parameter on another backend.
  public func moved(to backend: any Backend) -> Self { mappingParameters { $1.moved(to: backend) } }
}
