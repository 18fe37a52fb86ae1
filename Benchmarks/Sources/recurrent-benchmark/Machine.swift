import CMachine
import Dispatch
import Foundation
import Recurrent

/// What the figures were measured on.
struct Machine: Codable {
  let processor: String
  let processors: Int
  let system: String
  let instructionSet: String
  /// Multiply-adds without memory, GFLOP/s on all threads of the comparison: the best of all tries.
  private(set) var limit: Double

  /// This machine, its limit measured on `threads` threads.
  init(threads: Int) {
    let information = FileManager.default.contents(atPath: "/proc/cpuinfo") ?? Data()
    let model = String(decoding: information, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
    processor = model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    processors = ProcessInfo.processInfo.activeProcessorCount
    system = ProcessInfo.processInfo.operatingSystemVersionString
    instructionSet = CPUBackend.shared.instructionSet
    limit = machineLimit(threads: threads, tries: 9)
  }

  /// Tries again: the clock of a machine changes, and a neighbour may have disturbed the tries before.
  mutating func measureAgain(threads: Int) {
    limit = max(limit, machineLimit(threads: threads, tries: 3))
  }
}

/// Multiply-adds without memory on `threads` threads at once, in GFLOP/s, the best of several tries: the limit.
private func machineLimit(threads: Int, tries: Int) -> Double {
  let rounds: Int64 = 8_000_000
  let operations = machine_limit_run(rounds) * Double(threads)
  let rates = (0..<tries).map { _ in
    operations
      / milliseconds {
        DispatchQueue.concurrentPerform(iterations: threads) { _ in _ = machine_limit_run(rounds) }
      }
      * 1e-6
  }
  return rates.max() ?? .nan
}

/// Milliseconds that some work takes.
func milliseconds(_ work: () throws -> Void) rethrows -> Double {
  let begin = DispatchTime.now().uptimeNanoseconds
  try work()
  return Double(DispatchTime.now().uptimeNanoseconds - begin) * 1e-6
}

/// The most memory that this process ever had, in bytes.
func peakMemory() -> Int {
  if let status = FileManager.default.contents(atPath: "/proc/self/status") {
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    if let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) {
      return kilobytes * 1024
    }
  }
  var usage = rusage()
  #if canImport(Darwin)
  getrusage(RUSAGE_SELF, &usage)
  #else
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #endif
  return usage.ru_maxrss
}

/// The middle of some measurements.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The geometric mean.
func geometricMean(_ values: [Double]) -> Double {
  exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}
