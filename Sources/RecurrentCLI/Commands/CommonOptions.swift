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

  /// The same for one of several ranks: where nothing is said, with its share of the processors of this machine.
  func run<R>(sharedBy ranks: Ranks, _ body: () throws -> R) throws -> R {
    let share = try ranks.threads()
    guard threads == nil, let share else { return try run(body) }
    return try Backends.$current.withValue(CPUBackend(threadCount: share), operation: body)
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

/// Files of the state of a sequence that is gone on with.
struct StateOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Keep the state at the end.", valueName: "file"))
  var saveState: String?

  @Option(help: ArgumentHelp("Go on from a state that was kept.", valueName: "file"))
  var loadState: String?

  /// Whether there are none.
  var areNone: Bool { saveState == nil && loadState == nil }

  /// Verifies that the state to keep is none of the files that are read.
  func check(apartFrom inputs: [String]) throws {
    try OutputFile.check(saveState, flag: "--save-state", apartFrom: inputs)
  }

  /// The files, with the hash of the model that they belong to.
  func files(_ model: String) throws -> StateFiles {
    StateFiles(
      load: loadState, save: saveState,
      model: areNone ? "" : try SHA256.hash(file: AnyModel.file(of: model)))
  }
}

extension Precision: ExpressibleByArgument {}
