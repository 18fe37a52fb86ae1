import Foundation
import RecurrentTestSupport
import Testing

/// What a command prints, compared with what a release printed. Forms may have changed, values not: this file alone knows
/// how both are written.
enum ReleasedOutput {
  /// Compares by what the file with the expected output is called: predictions a line, an evaluation, or a text.
  static func compare(_ found: String, with expected: String, named name: String) throws {
    if name.hasSuffix(".jsonl") {
      let (lines, known) = (found.split(separator: "\n"), expected.split(separator: "\n"))
      #expect(lines.count == known.count && !known.isEmpty, "\(found)")
      for (line, known) in zip(lines, known) {
        let values = try object(line)
        for (key, value) in try object(known) {
          #expect(isSame(values[key], value), "\(key): \(line), expected \(known)")
        }
      }
    } else if name.hasSuffix(".json") {
      let (values, known) = (try object(found), try object(expected))
      #expect(!known.isEmpty)
      for (key, value) in known { #expect(isSame(metric(key, in: values), value), "\(key): \(found)") }
    } else {
      #expect(found == expected && !expected.isEmpty)
    }
  }

  /// A metric of an evaluation: a number of its name, or that of an interval; of forecasts, of the model among baselines.
  private static func metric(_ name: String, in evaluation: [String: Any]) -> Any? {
    if let entries = evaluation["entries"] as? [[String: Any]] {
      let forecasts = entries.compactMap { $0["forecast"] as? [String: Any] }
      let own = forecasts.first { $0["name"] as? String == "model" }
      return (own?["metrics"] as? [String: Any])?[name]
    }
    return (evaluation[name] as? [String: Any])?["value"] ?? evaluation[name]
  }

  private static func object(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
  }

  /// Equal texts, or numbers that agree to a millionth.
  private static func isSame(_ found: Any?, _ expected: Any) -> Bool {
    if let expected = expected as? String { return found as? String == expected }
    guard let expected = expected as? Double, let found = found as? Double else { return false }
    return abs(found - expected) <= 1e-6 * max(1, abs(expected))
  }
}
