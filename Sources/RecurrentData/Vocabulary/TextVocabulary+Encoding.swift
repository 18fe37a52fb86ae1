extension TextVocabulary {
  /// The tokens of `text`.
  public func encode(_ text: String) -> EncodedText {
    var run = EncodingRun(self)
    var text = text
    text.withUTF8 { run.feed($0) }
    return run.finish()
  }

  /// The tokens of sources, read part by part as one text.
  ///
  /// - Throws: ``DataError`` about reading.
  public func encode(sources: [DataSource]) throws(DataError) -> EncodedText {
    try encode(UTF8TextReader(sources))
  }

  /// The tokens of the text of `reader`.
  ///
  /// - Throws: ``DataError`` about reading.
  public func encode(_ reader: UTF8TextReader) throws(DataError) -> EncodedText {
    var run = EncodingRun(self)
    try reader.forEachChunk { run.feed($0) }
    return run.finish()
  }
}

extension TextVocabulary {
  /// The words of a text as a vocabulary of words cuts it: one for each token of ``encode(_:)-(String)``, unknown ones as they are written.
  public func words(in text: String) -> [String] {
    var stream = PieceStream(WordSplitter(splitsPunctuation: splitsPunctuation))
    var words: [String] = []
    func add(_ piece: UnsafeBufferPointer<UInt8>) {
      if !piece.isSeparator { words.append(String(decoding: piece, as: UTF8.self)) }
    }
    var text = text
    text.withUTF8 { stream.feed($0, add) }
    stream.finish(add)
    return words
  }
}

/// One pass of a text through a vocabulary.
private struct EncodingRun {
  private let table: TextVocabulary.Table
  private var result: EncodedText
  private var words: PieceStream<WordSplitter>
  private var pieces = PieceStream(BytePairSplitter())
  /// Nil for all units but byte pairs.
  private var bytePairs: BytePairEncoder?
  private var pieceTokens: [Int32] = []
  /// Nil for all units but bases.
  private var bases: BaseEncoder?

  init(_ vocabulary: TextVocabulary) {
    table = vocabulary.table
    result = EncodedText(vocabularySize: vocabulary.count)
    words = PieceStream(WordSplitter(splitsPunctuation: vocabulary.splitsPunctuation))
    if case .bpe(let table) = table { bytePairs = BytePairEncoder(table) }
    if case .bases(let table) = table { bases = BaseEncoder(table) }
  }

  /// Takes a part of the text: valid UTF-8 that ends between two scalars.
  mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    result.bytes += bytes.count
    result.characters += scalarCount(bytes)
    switch table {
    case .character(let table): result.append(bytes, table)
    case .byte: result.ids.append(contentsOf: bytes.map { Int32($0) })
    case .word(let table): words.feed(bytes) { result.append(word: $0, table) }
    case .bpe: pieces.feed(bytes) { bytePairs?.encode($0, into: &pieceTokens) }
    case .bases: bases?.feed(bytes, into: &result)
    }
    takePieceTokens()
  }

  mutating func finish() -> EncodedText {
    switch table {
    case .character, .byte: break
    case .word(let table): words.finish { result.append(word: $0, table) }
    case .bpe: pieces.finish { bytePairs?.encode($0, into: &pieceTokens) }
    case .bases: bases?.finish(into: &result)
    }
    takePieceTokens()
    return result
  }

  private mutating func takePieceTokens() {
    result.ids.append(contentsOf: pieceTokens)
    pieceTokens.removeAll(keepingCapacity: true)
  }
}

extension EncodedText {
  fileprivate mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ table: CharacterTable) {
    let numbers = [Int32](unsafeUninitializedCapacity: bytes.count) { buffer, count in
      var index = 0
      while index < bytes.count {
        let (value, length) = scalar(in: bytes, at: index)
        let number = table.number(of: value)
        if number == 0 { noteUnknown(UnsafeBufferPointer(rebasing: bytes[index..<index + length])) }
        buffer.initializeElement(at: count, to: number)
        count += 1
        index += length
      }
    }
    ids.append(contentsOf: numbers)
  }

  fileprivate mutating func append(word: UnsafeBufferPointer<UInt8>, _ table: WordTable) {
    if word.isSeparator { return }
    let number = table.number(of: word)
    if number == 0 { noteUnknown(word) }
    ids.append(number)
  }
}
