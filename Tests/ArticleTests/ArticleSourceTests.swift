import Foundation
import RecurrentTestSupport
import Testing

/// The code of an article is that of the file of the same name beside this one, which is compiled and run as a test.
@Suite struct ArticleSourceTests {
  private static let folder = repositoryRoot + "/Tests/ArticleTests"

  private static var articles: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
        .map { String($0.dropLast(6)) }.filter { $0 != "ArticleSourceTests" }.sorted()
    }
  }

  /// The pieces of a file that an article shows, without their indentation, the blank lines around them and imports, which
  /// a file has once.
  private static func pieces(_ path: String) throws -> [[String]] {
    let (begin, end) = ("// article: begin", "// article: end")
    var (pieces, current): ([[String]], [String]?) = ([], nil)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.drop { $0 == " " }
      if current == nil, words == begin {
        current = []
      } else if let lines = current, words == end {
        pieces.append(unindented(lines))
        current = nil
      } else if !words.hasPrefix("import ") {
        current?.append(String(line))
      }
    }
    try require(current == nil, "\(path): no \"\(end)\" behind the last \"\(begin)\"")
    return pieces
  }

  private static func unindented(_ lines: [String]) -> [String] {
    let depth = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    let text = lines.map { String($0.dropFirst(depth)) }
    let first = text.firstIndex { !$0.isEmpty } ?? text.endIndex
    let last = text.lastIndex { !$0.isEmpty } ?? first
    return first < text.endIndex ? Array(text[first...last]) : []
  }

  @Test(arguments: try articles) func theArticleShowsWhatIsRun(_ name: String) throws {
    let shown = try Article(name).blocks.filter { $0.language == "swift" }.map {
      Self.unindented($0.lines.filter { !$0.hasPrefix("import ") })
    }
    let run = try Self.pieces("\(Self.folder)/\(name).swift")
    #expect(!shown.isEmpty && shown.count == run.count)
    for (shown, run) in zip(shown, run) {
      let difference = zip(shown, run).first { $0 != $1 }
      #expect(shown == run, "the first lines that differ: \(difference.map { "\($0)" } ?? "at the end")")
    }
  }

  @Test func articlesAreFound() throws {
    #expect(try Set(["BundleLayout", "BackpropagationThroughTime"]).isSubset(of: Self.articles))
  }
}
