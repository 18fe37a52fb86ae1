import ArgumentParser
import Recurrent

/// Options of every command that computes.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads that work on one operation, at most one for each processor that the process may use, which is the default; results do not depend on it.",
      valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected a whole number from 1 to 1024")
    }
  }

  /// Runs work with that many threads; says so where there are not as many processors.
  func run<R>(_ body: () throws -> R) rethrows -> R {
    guard let threads else { return try body() }
    let backend = CPUBackend(threadCount: threads)
    if backend.threadCount < threads {
      Terminal.error(
        "note: --threads is \(threads), and this process may use \(counted(backend.threadCount, "processor")): "
          + "\(counted(backend.threadCount, "thread")) (RECURRENT_EXACT_THREADS=1 starts \(threads))")
    }
    return try Backends.$current.withValue(backend, operation: body)
  }
}

extension Precision: ExpressibleByArgument {}
