/// A list of words by their prefixes, so that a prefix of none of them is noticed at once.
public struct WordTrie: Sendable, Equatable {
  /// The words, each once, in the order in which they came.
  public let words: [String]
  let trie: ByteTrie
  /// For each node the number of the word that ends there; -1 for none.
  let wordOfNode: [Int32]

  /// The words of a list; empty ones and repetitions are left out.
  public init(_ words: some Sequence<String>) {
    var (trie, kept, nodes) = (ByteTrie(), [String](), [Int32]())
    var taken: Set<Int32> = [0]
    for word in words {
      let node = trie.insert(word.utf8)
      guard taken.insert(node).inserted else { continue }
      kept.append(word)
      nodes.append(node)
    }
    var wordOfNode = [Int32](repeating: -1, count: trie.count)
    for (word, node) in nodes.enumerated() { wordOfNode[Int(node)] = Int32(word) }
    (self.words, self.trie, self.wordOfNode) = (kept, trie, wordOfNode)
  }

  /// The number of a word, its place in ``words``; nil where it is not in the list.
  public func number(of word: String) -> Int32? {
    guard let node = trie.descendant(0, word.utf8), wordOfNode[Int(node)] >= 0 else { return nil }
    return wordOfNode[Int(node)]
  }

  /// Whether a word of the list has a prefix.
  public func hasWord(withPrefix prefix: String) -> Bool { trie.descendant(0, prefix.utf8) != nil }
}
