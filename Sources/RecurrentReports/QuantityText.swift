/// A whole number with commas.
public func grouped(_ value: Int) -> String {
  var digits = String(abs(value))
  var parts: [String] = []
  while digits.count > 3 {
    parts.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  return (value < 0 ? "-" : "") + ([digits] + parts).joined(separator: ",")
}

/// A count and what is counted.
public func counted(_ count: Int, _ name: String) -> String {
  "\(grouped(count)) \(name)\(count == 1 ? "" : "s")"
}

/// Bytes in units of 10^9, as people buy memory.
public func gigabytes(_ bytes: Int) -> String { "\(rounded(Double(bytes) / 1e9, 1)) GB" }

/// Seconds as people read them: `42 s`, `3:07`, `1:02:45`.
public func duration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e8 else { return "?" }
  if seconds < 60 { return "\(Int(seconds.rounded())) s" }
  let whole = Int(seconds.rounded())
  func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
  return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
}
