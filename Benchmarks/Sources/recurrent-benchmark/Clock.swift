import CMachineLimit
import Dispatch
import Recurrent

/// Milliseconds that some work takes.
func milliseconds(_ work: () throws -> Void) rethrows -> Double {
  let begin = DispatchTime.now().uptimeNanoseconds
  try work()
  return Double(DispatchTime.now().uptimeNanoseconds - begin) * 1e-6
}

/// The middle of some measurements.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard let last = sorted.last else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1
    ? sorted[middle] : (sorted[middle - 1] + (middle < sorted.count ? sorted[middle] : last)) / 2
}

/// Multiply-adds without memory on `threads` threads at once, in GFLOP/s, the best of several tries: the limit.
func machineLimit(threads: Int) -> Double {
  let rounds: Int64 = 8_000_000
  let operations = machine_limit_run(rounds) * Double(threads)
  let rates = (0..<9).map { _ in
    operations
      / milliseconds {
        DispatchQueue.concurrentPerform(iterations: threads) { _ in _ = machine_limit_run(rounds) }
      }
      * 1e-6
  }
  return rates.max() ?? .nan
}

/// A text of at least `width` characters, filled up with spaces.
func column(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}
