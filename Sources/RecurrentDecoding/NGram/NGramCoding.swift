import RecurrentFormats

/// The compact form in which a model is stored as a resource of a bundle.
///
/// | bytes | content |
/// |---|---|
/// | 8 | `ngrams` 0 1 |
/// | | order, number of n-grams of each order |
/// | | of each word: number of bytes, the bytes |
/// | 4 each | scores of all n-grams, then back-off weights of all below the highest order: logarithms to the base 10 |
/// | | how many n-grams continue each context |
/// | | last word of each n-gram above the unigrams, less that of its neighbour before it in the same context |
/// | 8 | XXH64 of all before |
///
/// Numbers are varints (7 bits a byte, the lowest first) and little-endian floats. The sequence is that of ``NGramTrie``. It
/// takes about a third of an ARPA file and is read without parsing or sorting, which a compressed ARPA file would need.
enum NGramCoding {
  static let mark: [UInt8] = Array("ngrams".utf8) + [0, 1]

  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: mark) }

  static func encode(_ trie: NGramTrie, _ vocabulary: NGramVocabulary) -> [UInt8] {
    var bytes = mark
    bytes.reserveCapacity(vocabulary.byteCount + trie.grams.count * 7 + trie.contexts.count * 5 + 1024)
    append(trie.order, to: &bytes)
    for count in trie.counts { append(count, to: &bytes) }
    for word in 0..<vocabulary.count {
      vocabulary.withBytes(of: word) { text in
        append(text.count, to: &bytes)
        bytes += text
      }
    }
    for gram in trie.grams { append(gram.score, to: &bytes) }
    for context in trie.contexts.dropLast() { append(context.backoff, to: &bytes) }
    for context in 0..<trie.contextCount { append(trie.children(of: context).count, to: &bytes) }
    for context in 0..<trie.contextCount {
      var last: UInt32 = 0
      for gram in trie.grams[trie.children(of: context)] {
        append(Int(gram.word - last), to: &bytes)
        last = gram.word
      }
    }
    var hash = XXHash64()
    hash.update(bytes)
    withUnsafeBytes(of: hash.value.littleEndian) { bytes.append(contentsOf: $0) }
    return bytes
  }

  private static func append(_ number: Float, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    var rest = UInt(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// - Throws: ``FormatError`` where the bytes are cut or damaged.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(FormatError) -> (NGramTrie, NGramVocabulary) {
    guard bytes.count >= mark.count + 8 else {
      throw .truncated(path: path, offset: 0, needed: UInt64(mark.count + 8), found: bytes.count)
    }
    let end = bytes.count - 8
    var hash = XXHash64()
    hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
    guard UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self)) == hash.value else {
      throw .damaged(path: path)
    }
    var decoder = NGramDecoder(UnsafeRawBufferPointer(rebasing: bytes[..<end]), path: path, index: mark.count)
    return try decoder.decode()
  }
}

extension NGramModel {
  /// The model as bytes, for a resource of a bundle; ``init(bytes:path:)`` reads them. A model of a file of KenLM gives the
  /// bytes of that file.
  public func encoded() -> [UInt8] {
    switch storage {
    case .trie(let trie, let vocabulary): NGramCoding.encode(trie, vocabulary)
    case .hashed(let tables): tables.bytes.withBytes { Array($0) }
    }
  }
}
