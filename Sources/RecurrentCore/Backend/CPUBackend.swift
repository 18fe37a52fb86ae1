import CRecurrentKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The CPU: 32-bit floats in memory, the kernels of the best instruction set it runs, a gang of threads.
///
/// Results do not depend on the number of threads nor on the instruction set.
public final class CPUBackend: Backend {
  /// All processors that the process may use.
  public static let shared = CPUBackend()

  /// The most threads that work on one operation.
  public var threadCount: Int { pool.threadCount }

  /// A constant table in the program's own memory.
  package nonisolated(unsafe) let kernels: UnsafePointer<rk_kernels>
  package let pool: ThreadPool

  /// A backend with `threadCount` threads, or one for each processor that the process may use: those of its affinity mask, at
  /// most as many as its quota pays for. It never has more threads than these, since a team whose members take turns on
  /// a processor is slower than one thread; the environment variable `RECURRENT_EXACT_THREADS=1` lifts that, for tests.
  ///
  /// While other processes use the processors, operations take fewer threads.
  ///
  /// The instruction set is the best that the CPU runs, or at most what the environment variable `RECURRENT_MAX_ISA`
  /// (`scalar`, `avx2`, `avx512`, or `avx512dot` for AVX-512 with dot products of bfloat16 and bytes; on arm64 `scalar`,
  /// which has four lanes there, or `neondot` with dot products of bytes) allows.
  public init(threadCount: Int? = nil) {
    let most = Processors.count
    let count = threadCount ?? most
    pool = ThreadPool(threadCount: Processors.isExceeded ? count : min(count, most))
    kernels = CPUBackend.chooseKernels()
  }

  /// A backend whose work is done in the threads of the OpenMP runtime that the process has loaded; nil where there is none.
  package init?(lentThreads count: Int) {
    guard let lent = LentThreads.loaded() else { return nil }
    pool = ThreadPool(threadCount: count, lent: lent)
    kernels = CPUBackend.chooseKernels()
  }

  /// A backend with as many threads as it says, however few processors there are.
  package init(exactThreadCount: Int) {
    pool = ThreadPool(exactThreadCount: exactThreadCount)
    kernels = CPUBackend.chooseKernels()
  }

  /// A backend with the kernels of one instruction set: 0 scalar, 1 AVX2, 2 AVX-512, 3 AVX-512 with dot products; nil
  /// when the CPU does not run it.
  package init?(threadCount: Int, instructionSet: Int) {
    guard let table = rk_kernels_for(Int32(instructionSet)) else { return nil }
    pool = ThreadPool(exactThreadCount: threadCount)
    kernels = table
  }

  /// As many pieces for each thread; those that are left are shared out among all.
  public func concurrently(_ count: Int, _ body: (Int) -> Void) {
    let members = pool.teamSize
    let together = members > 1 ? count / members * members : 0
    func each(_ indices: some Sequence<Int>) {
      Backends.$current.withValue(self) { for index in indices { body(index) } }
    }
    if together > 0 {
      pool.run(members: members) { each(stride(from: Int($0.index), to: together, by: Int($0.count))) }
    }
    each(together..<count)
  }

  /// The instruction set and the number of threads.
  public var name: String { "cpu (\(instructionSet), \(threadCount) thread\(threadCount == 1 ? "" : "s"))" }

  /// The instruction set in use: `scalar`, `avx2`, `avx512`, `avx512dot` or `neondot`.
  public var instructionSet: String { String(cString: kernels.pointee.name) }

  /// Why this program cannot compute here; nil when it can. Ask before the first tensor is made.
  public static var issue: String? {
    if case .failure(let issue) = findKernels() { return issue.description }
    return nil
  }

  private struct Obstacle: Error {
    let description: String
  }

  private static func findKernels() -> Result<UnsafePointer<rk_kernels>, Obstacle> {
    let best = rk_best_isa()
    guard best >= 0 else {
      return .failure(
        Obstacle(
          description:
            "this CPU lacks fused multiply-add; x86-64-v3 (Haswell, Zen or later) or arm64 is needed"))
    }
    let names: [String: Int32] = ["scalar": 0, "avx2": 1, "avx512": 2, "avx512dot": 3, "neondot": 4]
    var limit = best
    if let cap = getenv("RECURRENT_MAX_ISA").map({ String(cString: $0) }), !cap.isEmpty {
      guard let number = names[cap] else {
        return .failure(
          Obstacle(
            description:
              "the environment variable RECURRENT_MAX_ISA is \"\(cap)\", expected scalar, avx2, avx512, avx512dot or neondot"
          ))
      }
      limit = min(limit, number)
    }
    guard let table = rk_kernels_for(limit) else {
      return .failure(Obstacle(description: "there are no kernels for this CPU"))
    }
    return .success(table)
  }

  private static func chooseKernels() -> UnsafePointer<rk_kernels> {
    switch findKernels() {
    case .success(let table): table
    case .failure(let issue): fatalError("Recurrent: \(issue.description)")
    }
  }

  // MARK: Memory

  package func empty(_ shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor(storage: TensorStorage(backend: self, bytes: count * 4), shape: shape)
  }

  /// Memory for kernels, 64-byte aligned.
  func scratch(bytes: Int) -> TensorStorage { TensorStorage(backend: self, bytes: bytes) }

  /// Memory for kernels that need more the more threads there are; it counts as that for one thread, which does the
  /// work where the others are busy.
  func scratch(members: Int, bytes: (Int32) -> Int) -> TensorStorage {
    let alone = bytes(1)
    return TensorStorage(backend: self, bytes: max(alone, bytes(Int32(members))), counted: alone)
  }

  /// A tensor of `shape` that holds `scalars`.
  public func tensor(_ scalars: [Float], shape: [Int]) -> Tensor {
    let result = empty(shape)
    scalars.withUnsafeBufferPointer {
      if let base = $0.baseAddress { result.floats.update(from: base, count: $0.count) }
    }
    return result
  }

  /// A tensor of `shape` with `value` everywhere.
  public func filled(_ value: Float, shape: [Int]) -> Tensor {
    let result = empty(shape)
    result.floats.update(repeating: value, count: result.count)
    return result
  }

  /// The elements, row-major.
  public func scalars(of x: Tensor) -> [Float] {
    [Float](UnsafeBufferPointer(start: x.floats, count: x.count))
  }
}

extension Tensor {
  /// The elements of a tensor on the CPU.
  package var floats: UnsafeMutablePointer<Float> {
    storage.pointer.assumingMemoryBound(to: Float.self) + offset
  }

  /// Makes sure that nobody else sees writes to this tensor on the CPU.
  package mutating func makeUnique() {
    if storage.rows == nil, isKnownUniquelyReferenced(&storage) { return }
    let copy = TensorStorage(backend: storage.backend, bytes: count * 4)
    copy.pointer.assumingMemoryBound(to: Float.self).update(from: floats, count: count)
    self = Tensor(storage: copy, shape: shape, node: node)
  }
}
