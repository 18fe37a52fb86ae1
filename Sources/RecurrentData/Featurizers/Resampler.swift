#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Sound at another rate, by a windowed sinc (Smith, "Digital Audio Resampling"): what lies above half of the lower rate is
/// taken away.
enum Resampler {
  /// Zero crossings of the sinc on each side.
  private static let crossings = 16.0

  /// How many samples so many become.
  static func count(of samples: Int, from rate: Double, to target: Double) -> Int {
    rate == target || samples == 0 ? samples : max(1, Int((Double(samples) * (target / rate)).rounded()))
  }

  static func resampled(_ samples: [Float], from rate: Double, to target: Double) -> [Float] {
    guard rate != target, !samples.isEmpty else { return samples }
    let ratio = target / rate
    let cutoff = min(1, ratio)
    let reach = crossings / cutoff
    return (0..<count(of: samples.count, from: rate, to: target)).map { index in
      let middle = Double(index) / ratio
      let first = max(0, Int((middle - reach).rounded(.up)))
      let last = min(samples.count - 1, Int((middle + reach).rounded(.down)))
      guard first <= last else { return 0 }
      var sum = 0.0
      for place in first...last {
        let distance = Double(place) - middle
        let x = Double.pi * distance * cutoff
        let sinc = abs(x) < 1e-9 ? 1 : sin(x) / x
        let window = 0.5 + 0.5 * cos(Double.pi * distance / reach)
        sum += Double(samples[place]) * sinc * window * cutoff
      }
      return Float(sum)
    }
  }
}
