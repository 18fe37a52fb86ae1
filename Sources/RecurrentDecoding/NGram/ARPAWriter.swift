import RecurrentFormats

extension NGramModel {
  /// Writes the model as an ARPA file, atomically; the same model always gives the same bytes.
  ///
  /// - Throws: ``FormatError/cannotWrite(path:cause:)``; ``FormatError/unsupported(path:what:remedy:)`` for a model of a file
  ///   of KenLM, which holds checksums of n-grams in place of words, and for one with a word that has white space in it.
  public func writeARPA(to path: String) throws(FormatError) {
    guard case .trie(let trie, let vocabulary) = storage else {
      throw .unsupported(
        path: path,
        what:
          "the model comes from a file of KenLM, which holds checksums of its n-grams and not their words",
        remedy: "take the ARPA file that it was made from")
    }
    try ARPAWriter(trie, vocabulary, path: path).write()
  }
}

/// Writes a tree of n-grams in the ARPA format.
private struct ARPAWriter {
  let trie: NGramTrie
  let vocabulary: NGramVocabulary
  let path: String

  private static let pieceSize = 1 << 16

  init(_ trie: NGramTrie, _ vocabulary: NGramVocabulary, path: String) {
    (self.trie, self.vocabulary, self.path) = (trie, vocabulary, path)
  }

  func write() throws(FormatError) {
    try checkWords()
    try AtomicFile.write(to: path) { (writer) throws(FormatError) in
      var piece = Array("\\data\\\n".utf8)
      for (order, count) in trie.counts.enumerated() { piece += "ngram \(order + 1)=\(count)\n".utf8 }
      for order in 1...trie.order {
        piece += "\n\\\(order)-grams:\n".utf8
        try trie.forEachGram(ofOrder: order) { (words, gram) throws(FormatError) in
          append(words, gram, to: &piece)
          if piece.count >= ARPAWriter.pieceSize {
            try writer.write(piece)
            piece.removeAll(keepingCapacity: true)
          }
        }
      }
      piece += "\n\\end\\\n".utf8
      try writer.write(piece)
    }
  }

  private func append(_ words: [UInt32], _ gram: Int, to piece: inout [UInt8]) {
    append(trie.grams[gram].score, to: &piece)
    for (place, word) in words.enumerated() {
      piece.append(place == 0 ? UInt8(ascii: "\t") : UInt8(ascii: " "))
      vocabulary.withBytes(of: Int(word)) { piece += $0 }
    }
    if gram < trie.contextCount, trie.contexts[gram].backoff != 0 {
      piece.append(UInt8(ascii: "\t"))
      append(trie.contexts[gram].backoff, to: &piece)
    }
    piece.append(UInt8(ascii: "\n"))
  }

  /// The shortest digits that give the number again.
  private func append(_ number: Float, to piece: inout [UInt8]) {
    var text = number == 0 ? "0" : number.description
    if text.hasSuffix(".0") { text.removeLast(2) }
    piece += text.utf8
  }

  private func checkWords() throws(FormatError) {
    for word in 0..<vocabulary.count {
      var isPlain = true
      vocabulary.withBytes(of: word) { bytes in
        isPlain = !bytes.isEmpty && !bytes.contains { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
      }
      guard isPlain else {
        throw .unsupported(
          path: path,
          what:
            "the token \"\(vocabulary.word(word))\" has white space in it, which separates the words of an ARPA file",
          remedy: "write white space in tokens as another character, such as \(CharacterTokens.wordMark)")
      }
    }
  }
}
