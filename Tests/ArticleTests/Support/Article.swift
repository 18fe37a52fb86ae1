import Foundation
import RecurrentTestSupport

/// An article of the documentation, block by block.
struct Article {
  /// A block between fences.
  struct Block {
    /// What stands behind the fence, such as `swift`.
    let language: String
    /// Without the fences.
    let lines: [String]
  }

  static let folder = repositoryRoot + "/Sources/Recurrent/Recurrent.docc"

  /// The whole text.
  let text: String
  /// The blocks in their order.
  let blocks: [Block]

  init(_ name: String) throws {
    text = try String(contentsOfFile: "\(Article.folder)/\(name).md", encoding: .utf8)
    var (blocks, open): ([Block], (language: String, lines: [String])?) = ([], nil)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if !line.hasPrefix("```") {
        open?.lines.append(line)
      } else if let block = open {
        blocks.append(Block(language: block.language, lines: block.lines))
        open = nil
      } else {
        open = (String(line.dropFirst(3)), [])
      }
    }
    try require(open == nil, "\(name): a block is not closed")
    self.blocks = blocks
  }

  /// The lines that the article says its code prints: the blocks `text` that stand right behind a block of `language`.
  func results(behind language: String) -> [String] {
    zip(blocks, blocks.dropFirst()).filter { $0.language == language && $1.language == "text" }
      .flatMap { $1.lines }
  }
}
