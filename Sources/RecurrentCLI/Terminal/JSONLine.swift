#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One event a line, for programs.
enum JSONLine {
  /// Prints a value as one line of JSON.
  static func output(_ value: some Encodable) throws { Terminal.output(try text(value)) }

  /// A value as one line of JSON, without its end.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return escaped(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// The same JSON, with escapes for what a terminal would obey: the encoder leaves those beyond ASCII as they are.
  private static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.isObeyed) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      guard scalar.isObeyed else {
        result.unicodeScalars.append(scalar)
        return
      }
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}
