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
  /// Multiply-adds in registers, GFLOP/s on all threads of the comparison: the best of several tries at the beginning.
  let limit: Double

  /// This machine, its limit measured on `threads` threads.
  init(threads: Int) {
    let information = FileManager.default.contents(atPath: "/proc/cpuinfo") ?? Data()
    let model = String(decoding: information, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
    processor = model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    processors = ProcessInfo.processInfo.activeProcessorCount
    system = ProcessInfo.processInfo.operatingSystemVersionString
    instructionSet = CPUBackend.shared.instructionSet
    limit = multiplyAddRates(threads: threads, seconds: 0.3).max() ?? .nan
  }
}

/// How many multiply-adds in registers `threads` threads do at once, in GFLOP/s: of each try in a turn of `seconds`.
func multiplyAddRates(threads: Int, seconds: Double) -> [Double] {
  let rounds: Int64 = 4_000_000
  let operations = machine_limit_run(rounds) * Double(threads)
  var rates: [Double] = []
  var spent = 0.0
  while rates.count < 3 || spent < seconds * 1000 {
    let time = milliseconds {
      DispatchQueue.concurrentPerform(iterations: threads) { _ in _ = machine_limit_run(rounds) }
    }
    spent += time
    rates.append(operations / time * 1e-6)
  }
  return rates
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
