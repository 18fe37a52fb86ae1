#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One event a line, for programs.
enum JSONLine {
  /// Prints a value as one line of JSON.
  static func output(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    Terminal.output(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
