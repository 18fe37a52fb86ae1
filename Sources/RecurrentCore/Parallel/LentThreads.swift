import CRecurrentKernels
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The threads of an OpenMP runtime that the process has loaded, as PyTorch has one.
///
/// They wait awake behind each of their regions: threads of our own would share the processors with them, and a program that computes
/// with both in turns would have half of each. One region at a time.
package final class LentThreads: Sendable {
  /// What calls a function with its argument in so many threads at once and returns when all have ended: `GOMP_parallel`, by which
  /// GCC begins a parallel region. The runtimes of LLVM and Intel have it, too.
  package typealias Parallel =
    @convention(c) (
      @convention(c) (UnsafeMutableRawPointer?) -> Void, UnsafeMutableRawPointer?, UInt32, UInt32
    ) -> Void
  /// Whether the caller is within a region already, 0 for no: `omp_in_parallel`.
  package typealias IsParallel = @convention(c) () -> Int32

  private let parallel: Parallel
  private let isParallel: IsParallel
  private let next = Atomic<Int>(0)
  /// What a region is: written by its caller before the threads are called.
  nonisolated(unsafe) private var body: ((rk_team) -> Void)?
  nonisolated(unsafe) private var memberCount = 0
  nonisolated(unsafe) private let barrier: UnsafeMutablePointer<rk_barrier>

  /// The threads that two functions lend.
  package init(_ parallel: @escaping Parallel, _ isParallel: @escaping IsParallel) {
    (self.parallel, self.isParallel) = (parallel, isParallel)
    barrier = .allocate(capacity: 1)
    barrier.initialize(to: rk_barrier())
  }

  deinit { barrier.deallocate() }

  /// Runs `body` once for each of so many members; false, and nothing is done, within a region of that runtime, where a further one
  /// may get a single thread.
  package func run(members count: Int, _ body: (rk_team) -> Void) -> Bool {
    guard isParallel() == 0 else { return false }
    withoutActuallyEscaping(body) { escaping in
      (self.body, memberCount) = (escaping, count)
      next.store(0, ordering: .relaxed)
      rk_barrier_start(barrier)
      parallel(
        { Unmanaged<LentThreads>.fromOpaque($0!).takeUnretainedValue().work() },
        Unmanaged.passUnretained(self).toOpaque(), UInt32(count), 0)
      self.body = nil
    }
    return true
  }

  private func work() {
    let index = next.add(1, ordering: .relaxed).oldValue
    if index < memberCount {
      body?(rk_team(index: Int32(index), count: Int32(memberCount), barrier: barrier))
    }
  }

  /// Those of the runtime that the process has loaded; nil where there is none.
  package static func loaded() -> LentThreads? {
    #if os(Linux)
    guard let file = fopen("/proc/self/maps", "r") else { return nil }
    defer { fclose(file) }
    var (line, size): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
    defer { free(line) }
    while getline(&line, &size, file) > 0 {
      guard let line, let start = strchr(line, 0x2F), let name = strrchr(start, 0x2F),
        strstr(name, "omp") != nil, let end = strchr(start, 0x0A)
      else { continue }
      end.pointee = 0
      guard let library = dlopen(start, RTLD_LAZY | RTLD_NOLOAD),
        let parallel = dlsym(library, "GOMP_parallel"),
        let isParallel = dlsym(library, "omp_in_parallel")
      else { continue }
      return LentThreads(
        unsafeBitCast(parallel, to: Parallel.self), unsafeBitCast(isParallel, to: IsParallel.self))
    }
    #endif
    return nil
  }
}
