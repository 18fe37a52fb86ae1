#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory and processor time of this process.
enum ProcessFigures {
  /// Sets what can be found out.
  static func note(in metrics: ServingMetrics) {
    var time = timespec()
    if clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
      metrics.set(.processor, Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }
    // the second number is pages in memory
    if let data = FileManager.default.contents(atPath: "/proc/self/statm") {
      let numbers = String(decoding: data, as: UTF8.self).split(separator: " ").compactMap { Double($0) }
      if numbers.count > 1 { metrics.set(.memory, numbers[1] * Double(getpagesize())) }
    }
  }
}
