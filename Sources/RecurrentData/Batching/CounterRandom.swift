/// Spreads every bit of `value` over all bits (the finaliser of SplitMix64, Steele et al. 2014).
func mixed(_ value: UInt64) -> UInt64 {
  var bits = value &+ 0x9E37_79B9_7F4A_7C15
  bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
  bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
  return bits ^ (bits >> 31)
}

/// A number in `0..<1` that depends on its arguments alone, so that any draw can be repeated without the ones
/// before it.
func uniform(seed: UInt64, epoch: Int, index: Int, draw: Int) -> Double {
  var bits = mixed(seed)
  for counter in [epoch, index, draw] { bits = mixed(bits ^ UInt64(truncatingIfNeeded: counter)) }
  return Double(bits >> 11) * 0x1p-53
}
