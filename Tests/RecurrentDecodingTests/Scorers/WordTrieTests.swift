import Testing

@testable import RecurrentDecoding

@Suite struct WordTrieTests {
  @Test func knowsWordsAndTheirPrefixes() {
    let trie = WordTrie(["the", "then", "", "a", "the", "été"])
    #expect(trie.words == ["the", "then", "a", "été"])
    #expect(trie.number(of: "then") == 1 && trie.number(of: "été") == 3)
    for other in ["", "th", "thens", "b", "et"] { #expect(trie.number(of: other) == nil) }
    #expect(trie.hasWord(withPrefix: "th") && trie.hasWord(withPrefix: "") && !trie.hasWord(withPrefix: "tn"))
    #expect(trie.trie.depths[Int(trie.trie.descendant(0, "été".utf8) ?? 0)] == 3)
  }

  @Test func growsWithItsWords() {
    let words = (0..<20_000).map { String($0, radix: 7) }
    let trie = WordTrie(words)
    #expect(words.indices.allSatisfy { trie.number(of: words[$0]) == Int32($0) })
    #expect(trie.number(of: "66666666") == nil)
  }
}
