import ArgumentParser
import Recurrent

/// Options of every command that computes.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads that work on one operation; results do not depend on it (default: one for each processor).",
      valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected a whole number from 1 to 1024")
    }
  }

  /// Runs work with that many threads.
  func run<R>(_ body: () throws -> R) rethrows -> R {
    guard let threads else { return try body() }
    return try Backends.$current.withValue(CPUBackend(threadCount: threads), operation: body)
  }
}

extension TextUnit: ExpressibleByArgument {}
extension CellCatalog: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension OptimizerCatalog: ExpressibleByArgument {}
extension LanguageModelConfiguration.Initialization: ExpressibleByArgument {}
extension LanguageModelSettings.ScheduleName: ExpressibleByArgument {}
extension LanguageModelSettings.SoftmaxName: ExpressibleByArgument {}
