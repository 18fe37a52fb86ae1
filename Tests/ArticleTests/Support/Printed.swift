import Foundation
import Recurrent
import RecurrentTestSupport
import Synchronization
import Testing

/// What the code of an article prints.
final class Printed: Sendable {
  @TaskLocal static var current: Printed?

  private let text = Mutex("")

  /// The lines so far.
  var lines: [String] {
    text.withLock { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }.dropLast()
  }

  func add(_ more: String) { text.withLock { $0 += more } }

  /// Runs the code of an article and compares what it prints with what the article says it prints, line by line.
  static func compare(with article: String, _ code: () throws -> Void) throws {
    let printed = Printed()
    try $current.withValue(printed) { try code() }
    let shown = try Article(article).results(behind: "swift")
    let difference = zip(shown, printed.lines).first { $0 != $1 }
    #expect(
      shown == printed.lines,
      "\(article): \(difference.map { "shown \"\($0)\", printed \"\($1)\"" } ?? "another number of lines"); all that is printed:\n\(printed.lines.joined(separator: "\n"))"
    )
  }

  /// Compares a drawing with the file of the catalogue that an article shows. `RECURRENT_WRITE_PICTURES=1` writes the file.
  static func compare(_ chart: any Chart, withPicture name: String, of article: String) throws {
    // a browser gives pictures that do not say how wide they are 300 pixels
    let svg = chart.svg.replacing(
      "<svg ", with: "<svg width=\"\(rounded(chart.width, 0))\" ", maxReplacements: 1)
    let path = "\(Article.folder)/Resources/\(name).svg"
    if ProcessInfo.processInfo.environment["RECURRENT_WRITE_PICTURES"] == "1" {
      try svg.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(try Article(article).text.contains("](\(name))"), "\(article) does not show \(name)")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == svg, "\(name).svg is another drawing")
  }
}

/// In place of the function of the standard library, so that articles can be read as they print.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  let text = items.map { "\($0)" }.joined(separator: separator) + terminator
  if let printed = Printed.current { printed.add(text) } else { Swift.print(text, terminator: "") }
}
