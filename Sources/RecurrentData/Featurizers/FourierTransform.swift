#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The discrete Fourier transform of real numbers, of a length that is a power of two (Cooley and Tukey 1965).
struct FourierTransform: Sendable {
  let count: Int
  private let cosines, sines: [Double]
  private let reversed: [Int]

  /// Traps unless `count` is a power of two.
  init(count: Int) {
    trapUnless(
      count > 0 && count & (count - 1) == 0, "FourierTransform: expected a power of two, received \(count)")
    self.count = count
    cosines = (0..<count / 2).map { cos(2 * Double.pi * Double($0) / Double(count)) }
    sines = (0..<count / 2).map { -sin(2 * Double.pi * Double($0) / Double(count)) }
    let bits = count.trailingZeroBitCount
    reversed = (0..<count).map { index in
      (0..<bits).reduce(0) { $0 | (index >> $1 & 1) << (bits - 1 - $1) }
    }
  }

  /// |X_k|^2 for k = 0 ... count / 2.
  func power(_ x: [Double]) -> [Double] {
    var real = reversed.map { x[$0] }
    var imaginary = [Double](repeating: 0, count: count)
    var half = 1
    while half < count {
      let step = count / (2 * half)
      for start in stride(from: 0, to: count, by: 2 * half) {
        for k in 0..<half {
          let (c, s) = (cosines[k * step], sines[k * step])
          let (a, b) = (start + k, start + k + half)
          let r = real[b] * c - imaginary[b] * s
          let i = real[b] * s + imaginary[b] * c
          (real[b], imaginary[b]) = (real[a] - r, imaginary[a] - i)
          (real[a], imaginary[a]) = (real[a] + r, imaginary[a] + i)
        }
      }
      half *= 2
    }
    return (0...count / 2).map { real[$0] * real[$0] + imaginary[$0] * imaginary[$0] }
  }
}
