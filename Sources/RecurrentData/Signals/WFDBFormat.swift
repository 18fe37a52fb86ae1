/// How the samples of a file of WFDB are written, by the numbers of its heads.
enum WFDBFormat: Int, Sendable {
  /// A signal that is not there.
  case none = 0
  /// Differences from the sample before, 8 bits.
  case differences = 8
  /// Whole numbers of 16, 24 and 32 bits, the lowest byte first.
  case bits16 = 16, bits24 = 24, bits32 = 32
  /// Whole numbers of 16 bits, the highest byte first.
  case big16 = 61
  /// Whole numbers of 8 and 16 bits around the middle of their range.
  case offset8 = 80, offset16 = 160
  /// Two numbers of 12 bits in three bytes.
  case bits12 = 212
  /// Three numbers of 10 bits in four bytes: the third in the highest bits of both halves, or side by side.
  case bits10 = 310, bits10Side = 311

  /// All, for messages.
  static let list = "8, 16, 24, 32, 61, 80, 160, 212, 310 or 311"

  /// The digital value that stands for a missing sample; nil where there is none.
  var missing: Int? {
    switch self {
    case .none, .differences: nil
    case .bits16, .big16, .offset16: -(1 << 15)
    case .bits24: -(1 << 23)
    case .bits32: -(1 << 31)
    case .offset8: -(1 << 7)
    case .bits12: -(1 << 11)
    case .bits10, .bits10Side: -(1 << 9)
    }
  }

  /// Bytes of so many samples.
  func byteCount(_ samples: Int) -> Int {
    switch self {
    case .none: 0
    case .differences, .offset8: samples
    case .bits16, .big16, .offset16: 2 * samples
    case .bits24: 3 * samples
    case .bits32: 4 * samples
    case .bits12: samples / 2 * 3 + samples % 2 * 2
    case .bits10: samples / 3 * 4 + samples % 3 * 2
    case .bits10Side: samples / 3 * 4 + [0, 2, 3][samples % 3]
    }
  }

  /// Samples in so many bytes.
  func sampleCount(_ bytes: Int) -> Int {
    switch self {
    case .none: 0
    case .differences, .offset8: bytes
    case .bits16, .big16, .offset16: bytes / 2
    case .bits24: bytes / 3
    case .bits32: bytes / 4
    case .bits12: bytes / 3 * 2 + (bytes % 3 == 2 ? 1 : 0)
    case .bits10: bytes / 4 * 3 + bytes % 4 / 2
    case .bits10Side: bytes / 4 * 3 + [0, 0, 1, 2][bytes % 4]
    }
  }

  /// The digital value of a sample by its number among all of the file; of differences the difference. The bytes must have room
  /// for it by ``byteCount(_:)``.
  func value(_ bytes: UnsafeRawBufferPointer, _ number: Int) -> Int {
    func byte(_ place: Int) -> Int { place < bytes.count ? Int(bytes[place]) : 0 }
    func signed(_ value: Int, _ bits: Int) -> Int {
      let kept = value & (1 << bits - 1)
      return kept >= 1 << (bits - 1) ? kept - 1 << bits : kept
    }
    switch self {
    case .none: return 0
    case .differences: return signed(byte(number), 8)
    case .bits16: return signed(byte(2 * number) | byte(2 * number + 1) << 8, 16)
    case .big16: return signed(byte(2 * number) << 8 | byte(2 * number + 1), 16)
    case .bits24:
      return signed(byte(3 * number) | byte(3 * number + 1) << 8 | byte(3 * number + 2) << 16, 24)
    case .bits32:
      let place = 4 * number
      return signed(byte(place) | byte(place + 1) << 8 | byte(place + 2) << 16 | byte(place + 3) << 24, 32)
    case .offset8: return byte(number) - 128
    case .offset16: return (byte(2 * number) | byte(2 * number + 1) << 8) - 32_768
    case .bits12:
      let place = number / 2 * 3
      return number % 2 == 0
        ? signed(byte(place) | (byte(place + 1) & 0x0F) << 8, 12)
        : signed(byte(place + 2) | (byte(place + 1) & 0xF0) << 4, 12)
    case .bits10:
      let place = number / 3 * 4
      let (low, high) = (byte(place) | byte(place + 1) << 8, byte(place + 2) | byte(place + 3) << 8)
      switch number % 3 {
      case 0: return signed(low >> 1, 10)
      case 1: return signed(high >> 1, 10)
      default: return signed(low >> 11 & 0x1F | (high >> 11 & 0x1F) << 5, 10)
      }
    case .bits10Side:
      let place = number / 3 * 4
      let word = byte(place) | byte(place + 1) << 8 | byte(place + 2) << 16 | byte(place + 3) << 24
      return signed(word >> (10 * (number % 3)), 10)
    }
  }
}
