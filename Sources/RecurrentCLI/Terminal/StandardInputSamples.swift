import Recurrent

/// Samples without a head on the standard input as they come: whole numbers of 16 bits or floats of 32, little-endian, one
/// channel. Ends at the end of the input, and where somebody asks to stop.
struct StandardInputSamples {
  /// The bytes of a sample: 2, or 4 for a float.
  let width: Int
  private var rest: [UInt8] = []

  init(width: Int) { self.width = width }

  /// The samples that have come, at least one, in -1 to 1; nil behind the last.
  mutating func next() -> JSONValue? {
    while let part = StandardInput.bytes(atMost: 1 << 14) {
      rest += part
      let whole = rest.count / width
      guard whole > 0 else { continue }
      let samples = (0..<whole).map { JSONValue.number(value(width * $0)) }
      rest.removeFirst(width * whole)
      return .list(samples)
    }
    return nil
  }

  private func value(_ place: Int) -> Double {
    let bits = (0..<width).reduce(UInt32(0)) { $0 | UInt32(rest[place + $1]) << UInt32(8 * $1) }
    return width == 2 ? Double(Int16(truncatingIfNeeded: bits)) / 32_768 : Double(Float(bitPattern: bits))
  }
}
