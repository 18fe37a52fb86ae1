/// Logarithms and exponentials of additions and multiplications alone: a C library picks other instructions on other
/// processors, and with them other last bits.
enum LogDomain {
  private static let inverseOfLog2 = 1.442_695_040_888_963_4
  // log 2 in two parts, the first with zeros at its end, so that a small multiple of it is exact
  private static let log2Upper = 0.693_147_180_369_123_8
  private static let log2Lower = 1.908_214_929_270_587_7e-10
  /// Added and taken away again it rounds to the nearest integer, which the last bits show in between.
  private static let rounder = 6_755_399_441_055_744.0

  /// e to the power of `x`, within 1e-14 of it, for x below 700; 0 below -700.
  static func exp(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    let shifted = x * inverseOfLog2 + rounder
    let power = shifted - rounder
    let r = (x - power * log2Upper) - power * log2Lower
    var sum = 1.0 / 39_916_800
    sum = sum * r + 1.0 / 3_628_800
    sum = sum * r + 1.0 / 362_880
    sum = sum * r + 1.0 / 40_320
    sum = sum * r + 1.0 / 5_040
    sum = sum * r + 1.0 / 720
    sum = sum * r + 1.0 / 120
    sum = sum * r + 1.0 / 24
    sum = sum * r + 1.0 / 6
    sum = sum * r + 0.5
    sum = sum * r + 1
    sum = sum * r + 1
    return Double(bitPattern: sum.bitPattern &+ shifted.bitPattern &<< 52)
  }

  /// The natural logarithm of a positive normal number, within 1e-14 absolutely or relatively.
  static func log(_ x: Double) -> Double {
    var exponent = Int64(x.bitPattern >> 52) - 1023
    var fraction = Double(bitPattern: x.bitPattern & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    if fraction > 1.414_213_562_373_095_1 {
      fraction *= 0.5
      exponent += 1
    }
    // log m = 2 artanh s with s = (m - 1) / (m + 1), at most 0.172
    let s = (fraction - 1) / (fraction + 1)
    let square = s * s
    var sum = 1.0 / 17
    sum = sum * square + 1.0 / 15
    sum = sum * square + 1.0 / 13
    sum = sum * square + 1.0 / 11
    sum = sum * square + 1.0 / 9
    sum = sum * square + 1.0 / 7
    sum = sum * square + 1.0 / 5
    sum = sum * square + 1.0 / 3
    sum = sum * square + 1
    return Double(exponent) * log2Upper + (2 * s * sum + Double(exponent) * log2Lower)
  }

  /// log(e^a + e^b); minus infinity stands for no probability.
  static func add(_ a: Double, _ b: Double) -> Double {
    let (larger, smaller) = a > b ? (a, b) : (b, a)
    // below, the smaller one does not reach the last bit
    guard smaller > larger - 40 else { return larger }
    return larger + log(1 + exp(smaller - larger))
  }

  /// The largest of `count` numbers; NaN where one is NaN or plus infinity.
  static func largest(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
    let raw = UnsafeRawPointer(x)
    var lanes = SIMD8<Float>(repeating: -.infinity)
    var areNumbers = SIMDMask<SIMD8<Int32>>(repeating: true)
    var index = 0
    while index + 8 <= count {
      let part = raw.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self)
      areNumbers = areNumbers .& (part .<= Float.greatestFiniteMagnitude)
      lanes.replace(with: part, where: part .> lanes)
      index += 8
    }
    var largest = lanes[0]
    for lane in 1..<8 where lanes[lane] > largest { largest = lanes[lane] }
    var isNumber = areNumbers == SIMDMask(repeating: true)
    while index < count {
      isNumber = isNumber && x[index] <= .greatestFiniteMagnitude
      if x[index] > largest { largest = x[index] }
      index += 1
    }
    return isNumber ? largest : .nan
  }

  /// log of the sum of e^x over `count` numbers, of which `largest` is the largest: within 1e-6.
  static func sum(_ x: UnsafePointer<Float>, _ count: Int, largest: Float) -> Double {
    let raw = UnsafeRawPointer(x)
    let offset = SIMD8<Float>(repeating: largest)
    var (total, index) = (0.0, 0)
    while index < count {
      // short sums in single precision, so that their last bits do not add up
      var lanes = SIMD8<Float>()
      let end = min(index + 128, count)
      while index + 8 <= end {
        lanes += exp(raw.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self) - offset)
        index += 8
      }
      if index < end {
        var part = SIMD8<Float>(repeating: -.infinity)
        for lane in 0..<end - index { part[lane] = x[index + lane] }
        lanes += exp(part - offset)
        index = end
      }
      let wide = SIMD8<Double>(lanes)
      total += ((wide[0] + wide[1]) + (wide[2] + wide[3])) + ((wide[4] + wide[5]) + (wide[6] + wide[7]))
    }
    return Double(largest) + log(total)
  }

  /// e to the power of numbers that are 0 or less, within a part of 1e-6; about 1e-38 below -87.
  @inline(__always)
  private static func exp(_ x: SIMD8<Float>) -> SIMD8<Float> {
    let x = x.replacing(with: -87, where: x .< -87)
    // as in double precision
    let shifted = x * Float(inverseOfLog2) + 12_582_912
    let power = shifted - 12_582_912
    let r = (x - power * 0.693_359_4) + power * 2.121_944_4e-4
    var sum = r * (1.0 / 720) + 1.0 / 120
    sum = sum * r + 1.0 / 24
    sum = sum * r + 1.0 / 6
    sum = sum * r + 0.5
    sum = sum * r + 1
    sum = sum * r + 1
    let bits = unsafeBitCast(sum, to: SIMD8<UInt32>.self)
    return unsafeBitCast(
      bits &+ unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23, to: SIMD8<Float>.self)
  }
}
