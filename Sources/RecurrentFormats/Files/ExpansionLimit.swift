#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How much a file may become in memory: small files that decompress, repeat or compute without end are refused before
/// they take the machine.
///
/// The limits are relative to the size of the file, with a floor for small ones, and have a total. The environment
/// variable `RECURRENT_LIMIT_FACTOR` multiplies all of them; `Documentation/limits.md` lists them.
public enum ExpansionLimit {
  /// The environment variable that multiplies the limits.
  public static let variable = "RECURRENT_LIMIT_FACTOR"

  /// Bytes that a small file may always become.
  public static let floor = 1 << 26
  /// Bytes that a file may become for each of its own, by decompression.
  public static let ratio = 100
  /// Bytes that no file may exceed.
  public static let total = 1 << 33

  private static let text = getenv(variable).map { String(cString: $0) }

  private static let factor: Double =
    text.flatMap { Double($0) }.flatMap { $0 > 0 && $0.isFinite ? $0 : nil } ?? 1

  /// What is wrong with the environment variable; nil where it is not set or a positive number.
  public static var issue: String? {
    guard let text, !text.isEmpty, Double(text).map({ $0 > 0 && $0.isFinite }) != true else { return nil }
    return "\(variable) is \"\(text)\", expected a positive number that multiplies the limits of files"
  }

  /// What to do about a file beyond a limit.
  package static var remedy: String {
    "set the environment variable \(variable) to a number that multiplies the limits if the file is as it should be"
  }

  /// A limit after the environment variable.
  package static func scaled(_ limit: Int) -> Int {
    let product = Double(limit) * factor
    return product < 0x1p62 ? Swift.max(Int(product), 1) : 1 << 62
  }

  /// The bytes that a file of `count` may become.
  package static func bytes(of count: Int, ratio: Int = ExpansionLimit.ratio) -> Int {
    let (product, overflows) = count.multipliedReportingOverflow(by: ratio)
    return scaled(Swift.min(Swift.max(overflows ? .max : product, floor), total))
  }
}
