import CRecurrent
import Recurrent
import RecurrentCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Threads that compute, and the process that they belong to.
final class Engine: Sendable {
  /// Where tensors live and kernels run.
  let backend: CPUBackend
  private let process = getpid()

  init(_ backend: CPUBackend) { self.backend = backend }

  /// That of all processors.
  private static let shared: Engine? = CPUBackend.issue == nil ? Engine(.shared) : nil

  /// The engine of a pointer, null for that of all processors, ready to compute in this process.
  ///
  /// - Throws: ``CallError`` where the processor lacks what kernels need.
  static func at(_ pointer: OpaquePointer?) throws -> Engine {
    let engine = try pointer.map { try Handle.object($0, Engine.self, "engine") } ?? shared
    guard let engine else {
      throw CallError(
        code: Int32(REC_PROCESSOR), description: CPUBackend.issue ?? "the processor cannot compute")
    }
    engine.settle()
    return engine
  }

  /// Takes one thread in a child of fork: the others stayed with its parent.
  func settle() {
    if backend.threadCount > 1, getpid() != process {
      backend.pool.fixedTeamSize.store(1, ordering: .relaxed)
    }
  }

  /// Runs `body`, whose tensors live on this engine.
  func run<R>(_ body: () throws -> R) rethrows -> R {
    settle()
    return try Backends.$current.withValue(backend, operation: body)
  }
}

/// An engine of so many threads: `rec_engine_new` of the header.
@_cdecl("rec_engine_new")
public func recEngineNew(_ threads: Int32, _ error: UnsafeMutablePointer<rec_error>?) -> OpaquePointer? {
  attempt(error) {
    let threads = try count(Int64(threads), "threads", in: 0...1024)
    _ = try Engine.at(nil)
    return Handle.retained(Engine(CPUBackend(threadCount: threads == 0 ? nil : threads)))
  }
}

/// An engine in threads of OpenMP: `rec_engine_new_openmp` of the header.
@_cdecl("rec_engine_new_openmp")
public func recEngineNewOpenMP(
  _ threads: Int32, _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) {
    let threads = try count(Int64(threads), "threads", in: 1...1024)
    _ = try Engine.at(nil)
    return Handle.retained(
      Engine(CPUBackend(lentThreads: threads) ?? CPUBackend(threadCount: threads)))
  }
}

/// Frees an engine: `rec_engine_free` of the header.
@_cdecl("rec_engine_free")
public func recEngineFree(_ engine: OpaquePointer?) { Handle.release(engine, Engine.self) }

/// What computes: `rec_engine_name` of the header.
@_cdecl("rec_engine_name")
public func recEngineName(
  _ engine: OpaquePointer?, _ error: UnsafeMutablePointer<rec_error>?
) -> UnsafeMutablePointer<CChar>? {
  attempt(error) { try copied(Engine.at(engine).backend.name) }
}
