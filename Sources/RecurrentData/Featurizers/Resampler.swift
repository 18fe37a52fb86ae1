#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// By which weights sound is brought to another rate.
public enum ResamplingKernel: String, Sendable, Codable, CaseIterable {
  /// A sinc of 16 zero crossings on each side under a Hann window, which folds what lies little above half of the lower rate.
  case hann
  /// A sinc of 44 zero crossings on each side under a Kaiser window: flat to 0.9 of half of the lower rate, -70 dB above it.
  case kaiser
}

/// Sound at another rate. A sample of the result depends on its number and on the samples around it, so that sound in pieces
/// becomes what the whole does, bit for bit.
struct Resampler: Sendable {
  /// Zero crossings of the sinc on each side under a Hann window.
  private static let crossings = 16.0

  /// Samples a second before and after.
  let source: Double, target: Double
  /// Samples of the source from one of the result to the next, as a fraction in lowest terms.
  private let step: Int, parts: Int
  /// Nil under a Hann window.
  private let table: ResamplingTable?
  /// Samples of the source that may be needed on each side.
  let reach: Int

  /// From rates to others, in samples a second, both above 0.
  init(from source: Double, to target: Double, kernel: ResamplingKernel = .kaiser) {
    (self.source, self.target) = (source, target)
    let isWhole = source == source.rounded() && target == target.rounded()
    let scale: Double = isWhole ? 1 : 65_536
    let (first, second) = (max(1, Int((source * scale).rounded())), max(1, Int((target * scale).rounded())))
    var (a, b) = (first, second)
    while b != 0 { (a, b) = (b, a % b) }
    (step, parts) = (first / a, second / a)
    switch kernel {
    case .kaiser:
      let own = ResamplingTable.table(step: step, parts: parts)
      (table, reach) = (own, own.half)
    case .hann:
      table = nil
      reach = Int((Resampler.crossings / min(1, target / source)).rounded(.up)) + 1
    }
  }

  /// How many samples so many become.
  static func count(of samples: Int, from rate: Double, to target: Double) -> Int {
    rate == target || samples == 0 ? samples : max(1, Int((Double(samples) * (target / rate)).rounded()))
  }

  /// The sample of the source at or before one of the result, and how many of the parts of a sample lie between them.
  func place(of index: Int) -> (sample: Int, part: Int) {
    let (product, overflows) = index.multipliedReportingOverflow(by: step)
    if !overflows { return (product / parts, product % parts) }
    let (sample, part) = parts.dividingFullWidth(index.multipliedFullWidth(by: step))
    return (sample, part)
  }

  /// Sound as a whole.
  func callAsFunction(_ samples: [Float]) -> [Float] {
    guard source != target, !samples.isEmpty else { return samples }
    return values(0..<Resampler.count(of: samples.count, from: source, to: target), samples, from: 0)
  }

  /// Some samples of the result.
  ///
  /// - Parameters:
  ///   - range: their numbers.
  ///   - samples: some of the source, with all that lie within ``reach`` of them; before and behind is silence.
  ///   - first: the number of the first of these.
  func values(_ range: Range<Int>, _ samples: [Float], from first: Int) -> [Float] {
    guard let table else { return range.map { hann($0, samples, from: first) } }
    // at the ends, with the silence
    var window = [Float](repeating: 0, count: 2 * table.half)
    return samples.withUnsafeBufferPointer { own in
      range.map { index in
        let (sample, part) = place(of: index)
        let start = sample - table.half + 1 - first
        if start >= 0, start + 2 * table.half <= own.count, let base = own.baseAddress {
          return table.value(base + start, part: part, of: parts)
        }
        for place in window.indices {
          window[place] = own.indices.contains(start + place) ? own[start + place] : 0
        }
        return window.withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map { table.value($0, part: part, of: parts) } ?? 0
        }
      }
    }
  }

  private func hann(_ index: Int, _ samples: [Float], from start: Int) -> Float {
    let ratio = target / source
    let cutoff = min(1, ratio)
    let reach = Resampler.crossings / cutoff
    let middle = Double(index) / ratio
    let first = max(start, Int((middle - reach).rounded(.up)))
    let last = min(start + samples.count - 1, Int((middle + reach).rounded(.down)))
    guard first <= last else { return 0 }
    var sum = 0.0
    for place in first...last {
      let distance = Double(place) - middle
      let x = Double.pi * distance * cutoff
      let sinc = abs(x) < 1e-9 ? 1 : sin(x) / x
      let window = 0.5 + 0.5 * cos(Double.pi * distance / reach)
      sum += Double(samples[place - start]) * sinc * window * cutoff
    }
    return Float(sum)
  }
}
