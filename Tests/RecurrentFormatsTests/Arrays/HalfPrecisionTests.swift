import Testing

@testable import RecurrentFormats

@Suite struct HalfPrecisionTests {
  @Test func everyHalfSurvivesTheRoundTrip() {
    for bits in UInt16.min...UInt16.max {
      let value = float(halfBits: bits)
      if value.isNaN {
        #expect(float(halfBits: halfBits(value)).isNaN)
      } else {
        #expect(halfBits(value) == bits)
      }
    }
  }

  @Test func everyBrainFloatSurvivesTheRoundTrip() {
    for bits in UInt16.min...UInt16.max {
      let value = float(brainFloatBits: bits)
      if value.isNaN {
        #expect(float(brainFloatBits: brainFloatBits(value)).isNaN)
      } else {
        #expect(brainFloatBits(value) == bits)
      }
    }
  }

  /// Values, neighbours and midpoints: the expected bits follow from the definition of the format.
  static let halves: [(Float, UInt16)] = [
    (1, 0x3C00), (-2, 0xC000), (65504, 0x7BFF), (65519.996, 0x7BFF), (65520, 0x7C00),
    (0x1p-24, 0x0001), (0x1p-25, 0x0000), (0x1.000002p-25, 0x0001), (0x1.8p-24, 0x0002),
    (0x1.FF8p-15, 0x03FF), (0x1.FFEp-15, 0x0400), (0x1.002p0, 0x3C00), (0x1.006p0, 0x3C02),
    (0x1.00202p0, 0x3C01), (-.infinity, 0xFC00), (-0.0, 0x8000), (.greatestFiniteMagnitude, 0x7C00),
  ]

  @Test(arguments: halves)
  func roundsToNearestHalf(_ value: Float, _ bits: UInt16) { #expect(halfBits(value) == bits) }

  static let brainFloats: [(Float, UInt16)] = [
    (1, 0x3F80), (0x1.01p0, 0x3F80), (0x1.03p0, 0x3F82), (0x1.0101p0, 0x3F81),
    (.greatestFiniteMagnitude, 0x7F80), (-.infinity, 0xFF80), (-0.0, 0x8000),
  ]

  @Test(arguments: brainFloats)
  func roundsToNearestBrainFloat(_ value: Float, _ bits: UInt16) { #expect(brainFloatBits(value) == bits) }

  @Test func signallingNaNStaysNaN() {
    let value = Float(bitPattern: 0x7F80_0001)
    #expect(float(halfBits: halfBits(value)).isNaN)
    #expect(float(brainFloatBits: brainFloatBits(value)).isNaN)
  }
}
