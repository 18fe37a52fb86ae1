/// Sentences with their translations in TMX (LISA 2005): units with a variant for each language.
///
/// Units are read one after the other, nothing but the texts is kept. Codes of the format of a document (`bpt`, `ept`, `ph`, `it`,
/// `ut`, `sub`) are left out; what is highlighted (`hi`) is part of the sentence. Line breaks become blanks. Of several
/// variants of the source language the first counts, those of the target language are several references.
struct TranslationMemoryFile {
  /// Whether bytes begin as such a file does.
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let head = bytes.prefix(4096).filter { $0 != 0 }.drop { $0 <= 0x20 || $0 >= 0x80 }
    guard head.first == UInt8(ascii: "<") else { return false }
    return String(decoding: head, as: UTF8.self).contains("<tmx")
  }

  /// A text in a language.
  private struct Variant {
    var language, text: String
    var line: Int
  }

  private static let codes: Set = ["bpt", "ept", "ph", "it", "ut", "sub"]

  private let file: DataBytes
  private let sides: ParallelSides
  private var source, target: String?
  /// The language of the head.
  private var declared: String?
  private var units = 0
  private var leftOut = 0
  private var languages: [String] = []

  /// - Throws: ``DataError`` for a text that is not Unicode.
  init(_ file: DataBytes, sides: ParallelSides) throws(DataError) {
    self.file = try TranslationMemoryFile.inUTF8(file)
    self.sides = sides
    (source, target) = (sides.sourceLanguage, sides.targetLanguage)
    try self.file.requireLines()
  }

  /// A file in UTF-16, as some programs write them, in UTF-8; others as they are.
  private static func inUTF8(_ file: DataBytes) throws(DataError) -> DataBytes {
    try file.withBytes { (bytes) throws(DataError) in
      let isLittle = bytes.starts(with: [0xFF, 0xFE])
      guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else { return file }
      let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place -> UInt16 in
        let (a, b) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
        return isLittle ? b << 8 | a : a << 8 | b
      }
      guard bytes.count % 2 == 0, let text = String(validating: units, as: UTF16.self) else {
        throw .malformed(
          path: file.path, place: .byte(0), expected: "text in UTF-8 or UTF-16",
          found: "UTF-16 that is damaged")
      }
      return DataBytes(Array(text.utf8), path: file.path)
    }
  }

  /// Reads all units.
  mutating func read(into corpus: inout ParallelCorpus) throws(DataError) {
    let file = file
    try file.withBytes { (bytes) throws(DataError) in
      var reader = MarkupReader(bytes, from: file.textStart(bytes), path: file.path)
      try read(&reader, into: &corpus)
    }
  }

  private mutating func read(_ reader: inout MarkupReader, into corpus: inout ParallelCorpus)
    throws(DataError)
  {
    var parents: [String] = []
    var variants: [Variant] = []
    var (language, text, line) = ("", "", 0)
    // within a sentence, and within codes of it
    var (isText, codes) = (false, 0)
    while let event = try reader.next() {
      switch event {
      case .open(let name, let attributes):
        if parents.isEmpty, name != "tmx" { throw reader.malformed("an element \"tmx\"", "\"\(name)\"") }
        switch name {
        case "header": readHeader(attributes)
        case "tu": (variants, line) = ([], reader.line)
        case "tuv":
          guard let own = attributes["xml:lang"] ?? attributes["lang"], !own.isEmpty else {
            throw reader.malformed("a language \"xml:lang\" of each \"tuv\"", "none")
          }
          language = own
        case "seg" where parents.last == "tuv": (isText, codes, text) = (true, 0, "")
        case _ where isText && TranslationMemoryFile.codes.contains(name): codes += 1
        default: break
        }
        parents.append(name)
      case .text(let part): if isText, codes == 0 { text += part }
      case .close(let name):
        parents.removeLast()
        switch name {
        case "seg" where parents.last == "tuv":
          isText = false
          variants.append(
            Variant(
              language: language, text: ParallelCorpus.line(text.replacing("\t", with: " ")).trimmingBlanks,
              line: line))
        case "tu": add(variants, line, to: &corpus)
        case _ where isText && TranslationMemoryFile.codes.contains(name): codes -= 1
        default: break
        }
      }
    }
    try finish(reader, &corpus)
  }

  private mutating func readHeader(_ attributes: [String: String]) {
    guard let own = attributes["srclang"], own != "*all*", !own.isEmpty else { return }
    declared = own
  }

  /// Takes the language of the head as the source, else that of the first variant, and another one as the target.
  private mutating func chooseLanguages(_ variants: [Variant]) {
    func first(_ excluded: String?) -> String? {
      variants.first { own in !(excluded.map { ParallelSides.isLanguage(own.language, $0) } ?? false) }?
        .language
    }
    if let declared, variants.contains(where: { ParallelSides.isLanguage($0.language, declared) }) {
      source = source ?? declared
    }
    source = source ?? first(target)
    target = target ?? first(source)
  }

  private mutating func add(_ variants: [Variant], _ line: Int, to corpus: inout ParallelCorpus) {
    units += 1
    for variant in variants where languages.count < 20 && !languages.contains(variant.language) {
      languages.append(variant.language)
    }
    if source == nil || target == nil, variants.count > 1 { chooseLanguages(variants) }
    guard let source, let target,
      let own = variants.first(where: { ParallelSides.isLanguage($0.language, source) })
    else {
      leftOut += 1
      return
    }
    let others = variants.filter { ParallelSides.isLanguage($0.language, target) }
    guard !others.isEmpty else {
      leftOut += 1
      return
    }
    corpus.appendSource(own.text.utf8, line: own.line)
    for other in others { corpus.appendTarget(other.text.utf8, line: other.line) }
    corpus.endPair()
  }

  private func finish(_ reader: MarkupReader, _ corpus: inout ParallelCorpus) throws(DataError) {
    let names = languages.map { "\"\($0)\"" }.joined(separator: ", ")
    guard units > leftOut, let source, let target else {
      throw reader.malformed(
        "units with texts in \(sides.sourceLanguage.map { "\"\($0)\"" } ?? "one language") and "
          + (sides.targetLanguage.map { "\"\($0)\"" } ?? "another one"),
        units == 0
          ? "no unit" : names.isEmpty ? "units without texts" : "the languages \(names) in \(units) units")
    }
    (corpus.sourceLanguage, corpus.targetLanguage) = (source, target)
    if sides.sourceLanguage == nil || sides.targetLanguage == nil {
      corpus.notes.append(
        DataNote(
          .assumed, "\(file.path) is read from \"\(source)\" to \"\(target)\" of \(names)",
          setting: "source-language"))
    }
    if leftOut > 0 {
      corpus.notes.append(
        DataNote(
          .warning,
          "\(leftOut) of \(units) units of \(file.path) have no text in \"\(source)\" or \"\(target)\" and are left out"
        ))
    }
  }
}
