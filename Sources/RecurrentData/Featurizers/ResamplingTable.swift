import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The weights of a windowed sinc between the samples of a sound (Smith, "Digital Audio Resampling"), for each phase between
/// two of them. A Kaiser window over 44 zero crossings on each side (Kaiser 1974) passes what lies below 0.9 of half of the lower
/// rate and takes away, by 70 decibels, what lies above all of it.
struct ResamplingTable: Sendable {
  /// Zero crossings of the sinc on each side at the lower rate.
  private static let crossings = 44.0
  /// Where the pass band has ended half, as a share of half of the lower rate.
  private static let cutoff = 0.95
  private static let beta = 6.755
  /// Phases between two samples; between them weights are interpolated, with an error below that of a float.
  private static let density = 1024.0

  /// Samples of the source on each side of a place.
  let half: Int
  /// Phases between two samples.
  let phaseCount: Int
  /// Weights of a phase, in units of eight.
  private let blockCount: Int
  /// For each phase, and the first one of the next sample, the weights from the earliest sample on.
  private let weights: [SIMD8<Float>]

  /// The table by which a sample of the result comes every `step / parts` samples of the source, made once.
  static func table(step: Int, parts: Int) -> ResamplingTable {
    known.withLock { known in
      if let table = known[[step, parts]] { return table }
      if known.count >= 16 { known = [:] }
      let table = ResamplingTable(step: step, parts: parts)
      known[[step, parts]] = table
      return table
    }
  }

  private static let known = Mutex<[[Int]: ResamplingTable]>([:])

  private init(step: Int, parts: Int) {
    let spread = max(1, Double(step) / Double(parts))
    let reach = ResamplingTable.crossings * spread
    half = (Int(reach.rounded(.up)) + 4) / 4 * 4
    blockCount = half / 4
    // a wider kernel changes less from phase to phase
    let enough = Int((ResamplingTable.density / spread).rounded(.up))
    phaseCount = parts <= enough ? parts : enough
    let slope = ResamplingTable.cutoff / spread
    let top = ResamplingTable.bessel(ResamplingTable.beta)
    var weights: [SIMD8<Float>] = []
    weights.reserveCapacity((phaseCount + 1) * blockCount)
    for phase in 0...phaseCount {
      let place = Double(half - 1) + Double(phase) / Double(phaseCount)
      let own = (0..<2 * half).map { index -> Double in
        let distance = Double(index) - place
        let share = distance / reach
        guard abs(share) < 1 else { return 0 }
        let x = Double.pi * distance * slope
        let sinc = abs(x) < 1e-9 ? 1 : sin(x) / x
        return sinc * ResamplingTable.bessel(ResamplingTable.beta * (1 - share * share).squareRoot()) / top
      }
      // what is constant stays what it is at every phase
      let sum = own.reduce(0, +)
      for block in 0..<blockCount {
        weights.append(SIMD8(own[8 * block..<8 * block + 8].map { Float($0 / sum) }))
      }
    }
    self.weights = weights
  }

  /// The modified Bessel function of the first kind of order 0.
  private static func bessel(_ x: Double) -> Double {
    var (sum, term, index) = (1.0, 1.0, 1.0)
    while term > sum * 1e-17 {
      term *= x * x / (4 * index * index)
      sum += term
      index += 1
    }
    return sum
  }

  /// The value between two samples, of which the first is the one at `half - 1` of `2 * half`, at a share of the way to the next.
  ///
  /// - Parameters:
  ///   - samples: `2 * half` samples of the source.
  ///   - part: of `parts` equal ones the number of those that lie between the first sample and the value.
  func value(_ samples: UnsafePointer<Float>, part: Int, of parts: Int) -> Float {
    if parts == phaseCount { return product(samples, part) }
    let place = Double(part) * Double(phaseCount) / Double(parts)
    let phase = min(Int(place), phaseCount - 1)
    let (low, high) = (product(samples, phase), product(samples, phase + 1))
    return low + (high - low) * Float(place - Double(phase))
  }

  private func product(_ samples: UnsafePointer<Float>, _ phase: Int) -> Float {
    var sum = SIMD8<Float>.zero
    weights.withUnsafeBufferPointer { weights in
      let own = UnsafeRawPointer(samples)
      for block in 0..<blockCount {
        let part = own.loadUnaligned(fromByteOffset: 32 * block, as: SIMD8<Float>.self)
        sum += part * weights[phase * blockCount + block]
      }
    }
    let four = sum.lowHalf + sum.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }
}
