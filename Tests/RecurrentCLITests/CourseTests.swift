import Foundation
import RecurrentTestSupport
import Testing

/// The commands of the course in the documentation, pasted into a shell: what the articles say they print is printed.
@Suite struct CourseTests {
  /// Commands, and the lines that stand below them.
  struct Block: Sendable, CustomTestStringConvertible {
    let article: String
    let commands, lines: [String]
    var testDescription: String { "\(article): \(commands.joined(separator: "; "))" }
  }

  private static let folder = URL(filePath: repositoryRoot + "/Sources/Recurrent/Recurrent.docc")

  private static func text(_ article: String) throws -> String {
    try String(contentsOf: folder.appending(path: article + ".md"), encoding: .utf8)
  }

  /// The articles that the page of the course lists.
  private static var articles: [String] {
    get throws {
      try text("HowRecurrentNetworksWork").matches(of: #/- <doc:(\w+)>/#).map { String($0.output.1) }
    }
  }

  private static var blocks: [Block] {
    get throws {
      try articles.flatMap { article in
        try text(article).components(separatedBy: "```sh\n").dropFirst().map { rest in
          // the commands, a blank line, the lines that are printed
          let parts = rest.components(separatedBy: "```")
          try require(
            parts.count > 2 && parts[1] == "\n\n" && parts[2].hasPrefix("text\n"),
            "\(article): what its commands print does not stand below them")
          func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
          return Block(article: article, commands: lines(parts[0]), lines: Array(lines(parts[2]).dropFirst()))
        }
      }
    }
  }

  /// The lines come in their order; `...` stands for any that are left out.
  @Test(arguments: try blocks) func commandsPrintWhatIsShown(_ block: Block) throws {
    let run = try CommandLineRun()
    try FileManager.default.createSymbolicLink(
      at: URL(filePath: run.folder.path + "/Examples"), withDestinationURL: ExamplesTests.folder)
    var printed: [Substring] = []
    for command in block.commands {
      let result = try run.shell("recurrent() { \"$R\" \"$@\"; }; \(command) --threads 1")
      #expect(result.code == 0, "\(command): \(result.errors)")
      printed += result.output.split(separator: "\n")
    }
    var rest = printed[...]
    for line in block.lines where line != "..." {
      let place = rest.firstIndex { $0 == line }
      #expect(place != nil, "\(block): \"\(line)\" is not printed: \(printed.joined(separator: "\n"))")
      rest = rest[(place.map { $0 + 1 } ?? rest.startIndex)...]
    }
  }

  @Test func sevenArticlesLeadOn() throws {
    let articles = try Self.articles
    #expect(articles.count == 7)
    for (article, next) in zip(articles, articles.dropFirst()) {
      #expect(try Self.text(article).contains("<doc:\(next)>"), "\(article) does not lead on to \(next)")
    }
    #expect(try !Self.blocks.isEmpty)
  }
}
