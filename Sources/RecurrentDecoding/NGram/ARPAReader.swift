import RecurrentData

/// Reads back-off models in the ARPA format: a head of counts, the n-grams of each order with their logarithms to the base 10,
/// `\end\`.
struct ARPAReader {
  private var lines: ARPALines
  private var counts: [Int] = []
  private var vocabulary = NGramVocabulary()
  private var notes: [DataNote] = []
  /// Words of the n-gram before the one at hand and the number of its context.
  private var lastContext: [UInt32] = []
  private var lastNumber = 0

  /// The logarithm of the probability of unknown words where a file has none, which is what KenLM takes.
  static let unknownScore: Float = -100
  /// The logarithm of a probability that is written as minus infinity.
  private static let floor: Float = -99

  init(_ bytes: UnsafeRawBufferPointer, path: String) { lines = ARPALines(bytes, path: path) }

  /// The model.
  ///
  /// - Throws: ``DataError/malformed(path:place:expected:found:)`` with a line.
  mutating func model() throws(DataError) -> NGramModel {
    try readBeginning()
    try readCounts()
    var builder = try readUnigrams()
    for order in 2..<max(counts.count + 1, 2) { try readGrams(order, into: &builder) }
    guard lines.equals("\\end\\") else { throw lines.malformed("\\end\\") }
    if lines.nextWithContent() { throw lines.malformed("nothing after \\end\\") }
    noteSentenceMarks()
    return NGramModel(builder.finish(), vocabulary, notes: notes)
  }

  /// Passes over a text before the counts.
  private mutating func readBeginning() throws(DataError) {
    var first: String?
    while lines.next() {
      guard !lines.line.isEmpty else { continue }
      if lines.equals("\\data\\") { return }
      if first == nil {
        first = lines.text(lines.line)
        let isBinary = lines.bytes[lines.line].starts(with: "blmt".utf8)
        if isBinary || lines.equals("iARPA") || lines.equals("qARPA") {
          throw lines.malformed(
            "an ARPA file",
            "a file of IRSTLM (\(isBinary ? "blmt" : lines.text(lines.line))), which its program compile-lm "
              + "turns into text")
        }
      }
    }
    throw DataError.malformed(
      path: lines.path, place: .line(1),
      expected: "an n-gram model: an ARPA file with a line \\data\\, or a probing file of KenLM",
      found: first ?? "blank lines")
  }

  /// Reads `ngram 1=5` and so on, and goes to the head of the first part.
  private mutating func readCounts() throws(DataError) {
    while true {
      guard lines.nextWithContent() else { throw lines.ended("the numbers of n-grams, such as ngram 1=100") }
      if lines.isHead { break }
      guard lines.bytes[lines.line].starts(with: "ngram".utf8) else {
        throw lines.malformed("a number of n-grams, such as ngram \(counts.count + 1)=100")
      }
      let text = lines.bytes[lines.line].dropFirst(5).filter {
        $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t")
      }
      let parts = text.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let numbers = parts.map { part in part.withUnsafeBytes { DecimalNumber.count($0) } }
      guard numbers.count == 2, let order = numbers[0], let count = numbers[1], order == counts.count + 1
      else {
        throw lines.malformed(
          "the number of \(counts.count + 1)-grams, such as ngram \(counts.count + 1)=100")
      }
      guard order <= NGramModel.maximumOrder else {
        throw lines.malformed("an order up to \(NGramModel.maximumOrder)")
      }
      counts.append(count)
    }
    guard !counts.isEmpty else { throw lines.malformed("the numbers of n-grams, such as ngram 1=100") }
    guard counts.reduce(0, { min($0 + $1, .max / 2) }) <= NGramTrieBuilder.largestCount else {
      throw lines.malformed(
        "at most \(NGramTrieBuilder.largestCount) n-grams",
        "\(counts.map(String.init).joined(separator: " + "))")
    }
  }

  /// Sees to it that the head of the n-grams of an order stands here.
  private func requireHead(_ order: Int) throws(DataError) {
    guard lines.equals("\\\(order)-grams:") else { throw lines.malformed("\\\(order)-grams:") }
  }

  /// Goes to the next n-gram; false at the head of the next part.
  private mutating func nextGram(_ order: Int, read: Int) throws(DataError) -> Bool {
    guard lines.nextWithContent() else {
      throw lines.ended(
        read < counts[order - 1]
          ? "\(counts[order - 1]) \(order)-grams, as its head says, of which \(read) are there"
          : order < counts.count ? "\\\(order + 1)-grams:" : "\\end\\")
    }
    if lines.isHead {
      guard read == counts[order - 1] else {
        throw lines.malformed("\(counts[order - 1]) \(order)-grams, as the head of the file says", "\(read)")
      }
      return false
    }
    guard read < counts[order - 1] else {
      throw lines.malformed("\(read) \(order)-grams, as the head of the file says", "more")
    }
    lines.split()
    guard lines.fields.count == order + 1 || lines.fields.count == order + 2 else {
      throw lines.malformed(
        "a logarithm, \(order) word\(order == 1 ? "" : "s"), and a back-off weight or none")
    }
    return true
  }

  private func readScore() throws(DataError) -> Float {
    guard let score = DecimalNumber.float(lines.field(0)), !score.isNaN else {
      throw lines.malformed("the logarithm of a probability", lines.text(lines.fields[0]))
    }
    guard score <= 0 else {
      throw lines.malformed(
        "the logarithm of a probability, at most 0",
        "\(lines.text(lines.fields[0])): the program that wrote it is in error")
    }
    return score.isFinite ? score : ARPAReader.floor
  }

  private func readBackoff(_ order: Int) throws(DataError) -> Float {
    guard lines.fields.count == order + 2 else { return 0 }
    guard let backoff = DecimalNumber.float(lines.field(order + 1)), backoff.isFinite else {
      throw lines.malformed("the logarithm of a back-off weight", lines.text(lines.fields[order + 1]))
    }
    guard order < counts.count || backoff == 0 else {
      throw lines.malformed("no back-off weight, as these are the longest n-grams", "\(backoff)")
    }
    return backoff
  }

  private mutating func readUnigrams() throws(DataError) -> NGramTrieBuilder {
    try requireHead(1)
    var (scores, backoffs): ([Float], [Float]) = ([ARPAReader.unknownScore], [0])
    var (read, hasUnknown) = (0, false)
    while try nextGram(1, read: read) {
      let (score, backoff) = (try readScore(), try readBackoff(1))
      let bytes = lines.field(1)
      guard String(validating: bytes, as: UTF8.self) != nil else {
        throw lines.malformed("words in UTF-8", lines.text(lines.fields[1]))
      }
      let isUnknown =
        bytes.elementsEqual(NGramVocabulary.unknownWord.utf8) || bytes.elementsEqual("<UNK>".utf8)
      let number = isUnknown ? 0 : vocabulary.insert(bytes.bindMemory(to: UInt8.self))
      guard isUnknown ? !hasUnknown : number == scores.count else {
        throw lines.malformed("each word once", "\(lines.text(lines.fields[1])) a second time")
      }
      if isUnknown {
        (scores[0], backoffs[0], hasUnknown) = (score, backoff, true)
      } else {
        scores.append(score)
        backoffs.append(backoff)
      }
      read += 1
    }
    if !hasUnknown {
      notes.append(
        DataNote(
          .warning,
          "\(lines.path): it has no <unk>; a word that it does not have gets the probability 1e\(Int(ARPAReader.unknownScore))"
        ))
    }
    return NGramTrieBuilder(scores: scores, backoffs: backoffs)
  }

  private mutating func readGrams(_ order: Int, into builder: inout NGramTrieBuilder) throws(DataError) {
    try requireHead(order)
    let head = lines.number
    var columns = NGramColumns()
    var text = [UInt32](repeating: 0, count: order)
    lastContext = []
    while try nextGram(order, read: columns.count) {
      columns.scores.append(try readScore())
      columns.backoffs.append(try readBackoff(order))
      for place in 0..<order { text[place] = try readWord(place + 1) }
      columns.contexts.append(UInt32(try context(text, order, builder)))
      columns.words.append(text[order - 1])
    }
    do {
      try builder.append(columns)
    } catch {
      throw DataError.malformed(
        path: lines.path, place: .line(head), expected: "each \(order)-gram once",
        found:
          "number \(error.gram + 1) of them, which ends in \"\(vocabulary.word(Int(columns.words[error.gram])))\", a second time"
      )
    }
  }

  private func readWord(_ field: Int) throws(DataError) -> UInt32 {
    let bytes = lines.field(field)
    if let number = vocabulary.number(of: bytes.bindMemory(to: UInt8.self)) { return UInt32(number) }
    guard bytes.elementsEqual("<UNK>".utf8) else {
      throw lines.malformed("words that are among the 1-grams", lines.text(lines.fields[field]))
    }
    return 0
  }

  /// The number of the context of an n-gram among the n-grams of the order below.
  private mutating func context(
    _ text: [UInt32], _ order: Int, _ builder: NGramTrieBuilder
  ) throws(DataError) -> Int {
    // neighbours mostly share it
    if lastContext.elementsEqual(text.dropLast()) { return lastNumber }
    guard let number = builder.number(of: text.dropLast()) else {
      let words = lines.fields[1..<order]
      throw lines.malformed(
        "the context of every \(order)-gram among the \(order - 1)-grams",
        "none \(lines.text((words.first?.lowerBound ?? 0)..<(words.last?.upperBound ?? 0)))")
    }
    lastContext.removeAll(keepingCapacity: true)
    lastContext.append(contentsOf: text.dropLast())
    lastNumber = number
    return number
  }

  private mutating func noteSentenceMarks() {
    if vocabulary.begin == nil {
      notes.append(
        DataNote(
          .warning, "\(lines.path): it has no <s>; the first word of a sentence is scored without a context"))
    }
    if vocabulary.end == nil {
      notes.append(
        DataNote(
          .warning, "\(lines.path): it has no </s>; the end of a sentence is scored as an unknown word"))
    }
  }
}
