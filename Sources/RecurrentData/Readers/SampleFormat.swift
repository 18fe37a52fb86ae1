/// How samples stand in a file that does not compress them: those of all channels of a moment side by side, moment after moment.
struct SampleFormat {
  /// How a sample is written.
  enum Coding {
    /// Whole numbers around the middle of their range.
    case unsigned
    /// Whole numbers around 0.
    case signed
    /// Floats, the loudest ones at 1.
    case float
    /// One byte a sample, finer near 0 (G.711): mu-law, of North America and Japan.
    case muLaw
    /// One byte a sample, finer near 0 (G.711): A-law, of the rest of the world.
    case aLaw
  }

  let coding: Coding
  /// Bytes of a sample.
  let width: Int
  /// Whether the highest byte comes first.
  let isBigEndian: Bool
  let channelCount: Int
  /// Samples a second.
  let rate: Double

  /// A format.
  ///
  /// - Throws: ``DataError`` at the place of `cursor` for sizes of samples, channels or rates that are not read.
  init(
    _ coding: Coding, bits: Int, isBigEndian: Bool, channelCount: Int, rate: Double, _ cursor: ByteCursor
  ) throws(DataError) {
    let known =
      switch coding {
      case .unsigned: [8]
      case .signed: [8, 16, 24, 32]
      case .float: [32, 64]
      case .muLaw, .aLaw: [8]
      }
    guard known.contains(bits) else {
      throw cursor.malformed(
        "samples of 8, 16, 24 or 32 bits, floats of 32 or 64, or mu-law or A-law of 8", "\(bits) bits")
    }
    let rates = SoundFile.rates
    guard channelCount >= 1, rate >= Double(rates.lowerBound), rate <= Double(rates.upperBound) else {
      throw cursor.malformed(
        "a channel or more at \(rates.lowerBound) to \(rates.upperBound) Hz",
        "\(channelCount) channels at \(StepClock.text(rate, .seconds)) Hz")
    }
    (self.coding, width, self.isBigEndian) = (coding, bits / 8, isBigEndian)
    (self.channelCount, self.rate) = (channelCount, rate)
  }

  /// The bytes of a moment.
  var frameSize: Int { width * channelCount }

  /// A sample in -1 ... 1 at a byte.
  func value(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Float {
    var number: UInt64 = 0
    for index in 0..<width {
      let byte = UInt64(bytes[place + index])
      number |= byte << UInt64(8 * (isBigEndian ? width - 1 - index : index))
    }
    switch coding {
    case .muLaw: return Companding.muLaw(UInt8(number))
    case .aLaw: return Companding.aLaw(UInt8(number))
    case .unsigned: return (Float(number) - 128) / 128
    case .float where width == 4: return Float(bitPattern: UInt32(number))
    case .float: return Float(Double(bitPattern: number))
    case .signed:
      let unused = UInt64(64 - 8 * width)
      // exact in a double, and rounded to a float once
      return Float(
        Double(Int64(bitPattern: number << unused) >> Int64(unused)) / Double(1 << (8 * width - 1)))
    }
  }
}

/// The curves of G.711, by which a byte stands for 13 or 14 bits.
enum Companding {
  /// The sample of a byte of mu-law.
  static func muLaw(_ byte: UInt8) -> Float {
    let bits = ~byte
    let size = ((Int(bits & 0x0F) << 3) + 0x84) << Int(bits >> 4 & 7) - 0x84
    return Float(bits & 0x80 == 0 ? size : -size) / 32_768
  }

  /// The sample of a byte of A-law.
  static func aLaw(_ byte: UInt8) -> Float {
    let bits = byte ^ 0x55
    let (segment, part) = (Int(bits >> 4 & 7), Int(bits & 0x0F) << 4 + 8)
    let size = segment == 0 ? part : (part + 0x100) << (segment - 1)
    return Float(bits & 0x80 == 0 ? -size : size) / 32_768
  }
}
