#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the level of sound is relative to.
public enum SoundLevel: String, Sendable, Codable, CaseIterable {
  /// Its loudest moment: as loud far from a microphone as near it. Nobody knows it before the end.
  case loudest
  /// That of a tone at full scale: what comes step by step has the level that the whole has.
  case fixed
}

/// Windows of samples as levels of mel bands, in decibels, and as cepstral coefficients of these.
struct SpectralBands: Sendable {
  private let transform: FourierTransform
  private let window: [Double]
  /// Triangles over the lines of the spectrum: where each begins, and its weights.
  private let filters: [(first: Int, weights: [Double])]
  /// The cosine transform of the bands, `[coefficient][band]`; nil for the bands themselves.
  private let cosines: [[Double]]?

  init(_ spectrum: SpectralFeaturizer) {
    let size = spectrum.windowSize
    transform = FourierTransform(count: size)
    window = (0..<size).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size)) }
    let (low, high) = (
      SpectralBands.mel(spectrum.lowest), SpectralBands.mel(spectrum.highest ?? spectrum.rate / 2)
    )
    let edges = (0..<spectrum.bandCount + 2).map { index in
      SpectralBands.hertz(low + (high - low) * Double(index) / Double(spectrum.bandCount + 1))
    }
    let lines = (0...size / 2).map { Double($0) * spectrum.rate / Double(size) }
    filters = (0..<spectrum.bandCount).map { band in
      let (a, b, c) = (edges[band], edges[band + 1], edges[band + 2])
      let weights = lines.map { max(0, min(($0 - a) / (b - a), (c - $0) / (c - b))) * 2 / (c - a) }
      guard let first = weights.firstIndex(where: { $0 > 0 }), let last = weights.lastIndex(where: { $0 > 0 })
      else {
        return (0, [])
      }
      return (first, Array(weights[first...last]))
    }
    cosines = spectrum.coefficientCount.map { count -> [[Double]] in
      let bands = Double(spectrum.bandCount)
      return (0..<count).map { k -> [Double] in
        let scale = (k == 0 ? 1 / bands : 2 / bands).squareRoot()
        return (0..<spectrum.bandCount).map { band -> Double in
          scale * cos(Double.pi * Double(k) * (2 * Double(band) + 1) / (2 * bands))
        }
      }
    }
  }

  /// The levels of the bands in the window that begins at a sample; beyond the ends are zeros.
  func levels(_ samples: [Float], from start: Int) -> [Double] {
    let part = window.indices.map { index -> Double in
      let place = start + index
      return samples.indices.contains(place) ? Double(samples[place]) * window[index] : 0
    }
    let power = transform.power(part)
    return filters.map { filter in
      let energy = zip(filter.weights, power[filter.first...]).reduce(0) { $0 + $1.0 * $1.1 }
      return 10 * log10(max(energy, 1e-10))
    }
  }

  /// The levels of a window as they are, or their cosine transform.
  func coefficients(_ levels: [Double]) -> [Double] {
    guard let cosines else { return levels }
    return cosines.map { row in zip(row, levels).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// The level of a tone of amplitude 1 in the middle of the narrowest band.
  var fullScale: Double {
    // a Hann window takes half of the amplitude, of which one half stands on each side of the spectrum
    let power = Double(window.count * window.count) / 16
    let weight = filters.reduce(0) { $1.weights.reduce($0) { max($0, $1) } }
    return 10 * log10(max(power * weight, 1e-10))
  }

  /// Slaney's scale: linear below 1000 Hz, logarithmic above.
  private static func mel(_ hertz: Double) -> Double {
    hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) * 27 / log(6.4)
  }

  private static func hertz(_ mel: Double) -> Double {
    mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
  }
}
