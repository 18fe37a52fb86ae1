#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The sums of Fourier over rows of one length, y[k] = sum over n of x[n] exp(-2 pi i k n / N): by the factors of the length
/// (Stockham), and where it has large ones as a convolution (Bluestein) by the sums of a power of 2.
struct FourierSums: Sendable {
  let count: Int
  /// The prime factors of ``count``, from the smallest.
  private let factors: [Int]
  /// cos and sin of 2 pi k / N.
  private let cosines, sines: [Double]
  /// nil where the factors are small.
  private let convolution: Convolution?

  /// What a length with large factors is convolved with.
  fileprivate struct Convolution: Sendable {
    /// The sums of a power of 2 that holds both sides; one element.
    let sums: [FourierSums]
    /// exp(-pi i n^2 / N), and the sums of what undoes it.
    let chirp, kernel: (real: [Double], imaginary: [Double])
  }

  /// Tables for rows of `count` numbers, at least one.
  init(count: Int) {
    self.count = count
    var (factors, rest, divisor) = ([Int](), count, 2)
    while rest > 1 {
      if divisor * divisor > rest { divisor = rest }
      while rest % divisor == 0 {
        factors.append(divisor)
        rest /= divisor
      }
      divisor += 1
    }
    self.factors = factors
    guard let largest = factors.last, largest > 64 else {
      let angles = (0..<count).map { 2 * Double.pi * Double($0) / Double(count) }
      (cosines, sines) = (angles.map { cos($0) }, angles.map { sin($0) })
      convolution = nil
      return
    }
    (cosines, sines) = ([], [])
    convolution = Convolution(count: count)
  }

  /// Products of pairs of numbers for one row.
  var work: Int {
    guard let convolution else { return count * Swift.max(factors.reduce(0, +), 1) }
    return 2 * convolution.sums[0].work + 4 * convolution.sums[0].count
  }

  /// Transforms a row, whose parts each have ``count`` numbers; the inverse has the other sign and is divided by N.
  func transform(_ real: inout [Double], _ imaginary: inout [Double], isInverse: Bool) {
    guard isInverse else { return forward(&real, &imaginary) }
    // parts exchanged before and after turn the sign
    forward(&imaginary, &real)
    for place in 0..<count {
      real[place] /= Double(count)
      imaginary[place] /= Double(count)
    }
  }

  private func forward(_ real: inout [Double], _ imaginary: inout [Double]) {
    if let convolution { return convolution.transform(&real, &imaginary) }
    var (nextReal, nextImaginary) = (real, imaginary)
    // rows of `length` sums, `stride` of them, become rows that are longer by a factor
    var (length, stride) = (1, count)
    for factor in factors {
      stride /= factor
      let longer = length * factor
      for start in 0..<stride {
        for k in 0..<longer {
          var (sumReal, sumImaginary) = (0.0, 0.0)
          var (from, angle) = (start * length + k % length, 0)
          for _ in 0..<factor {
            let (c, s) = (cosines[angle], sines[angle])
            sumReal += real[from] * c + imaginary[from] * s
            sumImaginary += imaginary[from] * c - real[from] * s
            from += stride * length
            angle += k * stride
            if angle >= count { angle %= count }
          }
          nextReal[start * longer + k] = sumReal
          nextImaginary[start * longer + k] = sumImaginary
        }
      }
      swap(&real, &nextReal)
      swap(&imaginary, &nextImaginary)
      length = longer
    }
  }
}

extension FourierSums.Convolution {
  init(count: Int) {
    var size = 1
    while size < 2 * count - 1 { size *= 2 }
    let sums = FourierSums(count: size)
    // squares modulo 2 N, so that the angles stay small
    let angles = (0..<count).map { Double.pi * Double($0 * $0 % (2 * count)) / Double(count) }
    chirp = (angles.map { cos($0) }, angles.map { -sin($0) })
    var kernel = (real: [Double](repeating: 0, count: size), imaginary: [Double](repeating: 0, count: size))
    for place in 0..<count {
      for to in [place, (size - place) % size] {
        (kernel.real[to], kernel.imaginary[to]) = (chirp.real[place], -chirp.imaginary[place])
      }
    }
    sums.transform(&kernel.real, &kernel.imaginary, isInverse: false)
    self.kernel = kernel
    self.sums = [sums]
  }

  func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
    let size = kernel.real.count
    var (a, b) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size))
    for place in chirp.real.indices {
      let (c, s) = (chirp.real[place], chirp.imaginary[place])
      a[place] = real[place] * c - imaginary[place] * s
      b[place] = real[place] * s + imaginary[place] * c
    }
    sums[0].transform(&a, &b, isInverse: false)
    for place in 0..<size {
      let (c, s) = (kernel.real[place], kernel.imaginary[place])
      (a[place], b[place]) = (a[place] * c - b[place] * s, a[place] * s + b[place] * c)
    }
    sums[0].transform(&a, &b, isInverse: true)
    for place in chirp.real.indices {
      let (c, s) = (chirp.real[place], chirp.imaginary[place])
      real[place] = a[place] * c - b[place] * s
      imaginary[place] = a[place] * s + b[place] * c
    }
  }
}
