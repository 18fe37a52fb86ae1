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
    var usage = rusage()
    // RUSAGE_SELF, whose type is another one on every system
    if getrusage(0, &usage) == 0 {
      let seconds =
        Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
      metrics.set(.processor, seconds)
    }
    // the second number is pages in memory
    if let data = FileManager.default.contents(atPath: "/proc/self/statm") {
      let numbers = String(decoding: data, as: UTF8.self).split(separator: " ").compactMap { Double($0) }
      if numbers.count > 1 { metrics.set(.memory, numbers[1] * Double(getpagesize())) }
    }
  }
}
