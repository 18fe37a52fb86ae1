/// The bits of the half-precision number nearest to `value`; ties go to the even one, what is too large to
/// infinity.
///
/// Written out because `Float16` does not exist on every platform that Swift supports.
package func halfBits(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
  let magnitude = bits & 0x7FFF_FFFF
  if magnitude > 0x7F80_0000 { return sign | 0x7E00 | UInt16(truncatingIfNeeded: (magnitude >> 13) & 0x1FF) }
  // 65,520 is halfway between the largest half and the next power of two, and rounds up.
  if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
  if magnitude >= 0x3880_0000 {
    let rebased = magnitude - 0x3800_0000
    let rounded = rebased + 0xFFF + ((rebased >> 13) & 1)
    return sign | UInt16(truncatingIfNeeded: rounded >> 13)
  }
  // A subnormal half counts units of 2^-24; the product is exact, so it is rounded once.
  let units = Float(bitPattern: magnitude) * 0x1p24
  return sign | UInt16(units.rounded(.toNearestOrEven))
}

/// The value of the half-precision number with these bits.
package func float(halfBits bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10) & 0x1F
  let fraction = UInt32(bits & 0x3FF)
  switch exponent {
  case 0: return Float(bitPattern: (Float(fraction) * 0x1p-24).bitPattern | sign)
  case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}

/// The bits of the bfloat16 number nearest to `value`; ties go to the even one.
package func brainFloatBits(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  // Rounding could carry a NaN into infinity, so it is kept and made quiet.
  if bits & 0x7FFF_FFFF > 0x7F80_0000 { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
  return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
}

/// The value of the bfloat16 number with these bits.
package func float(brainFloatBits bits: UInt16) -> Float {
  Float(bitPattern: UInt32(bits) << 16)
}

/// The value of the 8-bit float with these bits: 4 of exponent, 3 of fraction, no infinities (Micikevicius et al. 2022,
/// arXiv:2209.05433).
package func float(f8E4M3Bits bits: UInt8) -> Float {
  let sign: Float = bits & 0x80 == 0 ? 1 : -1
  let (exponent, fraction) = (Int(bits >> 3) & 0xF, Float(bits & 7))
  if bits & 0x7F == 0x7F { return .nan }
  if exponent == 0 { return sign * fraction * 0x1p-9 }
  return sign * (1 + fraction / 8) * Float(sign: .plus, exponent: exponent - 7, significand: 1)
}
