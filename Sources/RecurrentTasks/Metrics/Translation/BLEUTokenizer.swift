import RecurrentData

/// How texts are cut into the words that BLEU counts, as sacrebleu does it. Scores of different tokenizers are not comparable.
public enum BLEUTokenizer: String, Sendable, Codable, CaseIterable {
  /// Words and punctuation of western languages, as `mteval-v13a.pl` of NIST cuts them: of WMT.
  case western = "13a"
  /// Words between blanks as they stand, for text that was cut by somebody else.
  case none
  /// Each Unicode scalar but blanks, for languages that have no blanks between words.
  case character = "char"
  /// Chinese characters one by one, the rest as ``western`` cuts it.
  case chinese = "zh"

  /// The tokenizer for a language that some texts are written in: ``character`` where most letters are of a script without blanks
  /// between words, else ``western``.
  public static func suitable(for texts: some Sequence<String>) -> BLEUTokenizer {
    var (letters, unspaced) = (0, 0)
    for text in texts.lazy.prefix(1000) {
      for scalar in text.unicodeScalars {
        let value = scalar.value
        guard value >= 0x41 else { continue }
        let isUnspaced =
          // Thai, Lao; Myanmar; Khmer; kana; ideographs
          (0x0E00...0x0EFF).contains(value) || (0x1000...0x109F).contains(value)
          || (0x1780...0x17FF).contains(value) || (0x3040...0x30FF).contains(value)
          || (0x3400...0x9FFF).contains(value) || (0xF900...0xFAFF).contains(value)
          || (0x20000...0x3FFFF).contains(value)
        if isUnspaced { unspaced += 1 } else if scalar.properties.isAlphabetic { letters += 1 }
      }
    }
    return unspaced > letters ? .character : .western
  }

  /// The tokens of a text, as they are compared.
  public func tokens(_ text: String) -> [String] {
    var cutter = BLEUTokenCutter(self)
    var tokens: [String] = []
    cutter.forEachToken(text) { tokens.append(String(decoding: $0, as: UTF8.self)) }
    return tokens
  }
}

/// Cuts texts, one after the other, in memory that is used again.
struct BLEUTokenCutter {
  private let tokenizer: BLEUTokenizer
  private var text: [UInt8] = []
  private var result: [UInt8] = []

  init(_ tokenizer: BLEUTokenizer) { self.tokenizer = tokenizer }

  /// Calls `body` with each token of a text; the pointer is valid until `body` returns.
  mutating func forEachToken(_ string: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var string = string
    string.withUTF8 { bytes in
      let bytes = UnsafeBufferPointer(rebasing: bytes[..<BlankBytes.end(bytes)])
      switch tokenizer {
      case .none: BlankBytes.forEachWord(bytes, body)
      case .character:
        BlankBytes.forEachWord(bytes) { word in
          var start = 0
          for index in 1...word.count where index == word.count || word[index] & 0xC0 != 0x80 {
            body(UnsafeBufferPointer(rebasing: word[start..<index]))
            start = index
          }
        }
      case .western:
        text.removeAll(keepingCapacity: true)
        text.append(0x20)
        text.append(contentsOf: bytes)
        replaceMarks()
        text.append(0x20)
        cut(body)
      case .chinese:
        text.removeAll(keepingCapacity: true)
        appendChinese(bytes)
        cut(body)
      }
    }
  }

  /// Appends the numbers of the tokens of a text, new ones for words that have none.
  mutating func number(_ text: String, words: inout ByteStringTable, symbols: inout [Int32]) {
    forEachToken(text) { symbols.append(Int32(words.insert($0))) }
  }

  /// Removes what stands for nothing, joins lines, and replaces entities.
  private mutating func replaceMarks() {
    if text.contains(UInt8(ascii: "<")) { replace("<skipped>", by: "") }
    if text.contains(0x0A) {
      replace("-\n", by: "")
      replace("\n", by: " ")
    }
    guard text.contains(UInt8(ascii: "&")) else { return }
    replace("&quot;", by: "\"")
    replace("&amp;", by: "&")
    replace("&lt;", by: "<")
    replace("&gt;", by: ">")
  }

  private mutating func replace(_ mark: StaticString, by other: StaticString) {
    mark.withUTF8Buffer { mark in
      result.removeAll(keepingCapacity: true)
      var index = 0
      while index < text.count {
        if text[index] == mark[0], text[index...].starts(with: mark) {
          other.withUTF8Buffer { result.append(contentsOf: $0) }
          index += mark.count
        } else {
          result.append(text[index])
          index += 1
        }
      }
    }
    swap(&text, &result)
  }

  /// The characters that stand alone: `{|}~ [\]^_` and a grave accent, blank to `&`, `(` to `+`, `:` to `@`, `/`.
  private static let separate: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for range: ClosedRange<Int> in [
      0x7B...0x7E, 0x5B...0x60, 0x20...0x26, 0x28...0x2B, 0x3A...0x40, 0x2F...0x2F,
    ] {
      for byte in range { table[byte] = true }
    }
    return table
  }()

  @inline(__always) private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  @inline(__always) private static func isPoint(_ byte: UInt8) -> Bool { byte == 0x2C || byte == 0x2E }

  /// Sets punctuation apart in four passes, each from left to right over pairs that do not overlap, and cuts at blanks. Works on
  /// bytes: those of a character beyond ASCII are no digits and no punctuation.
  private mutating func cut(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    result.removeAll(keepingCapacity: true)
    for byte in text {
      if BLEUTokenCutter.separate[Int(byte)] {
        result.append(0x20)
        result.append(byte)
        result.append(0x20)
      } else {
        result.append(byte)
      }
    }
    swap(&text, &result)
    // a point or comma behind what is no digit
    pairs {
      !BLEUTokenCutter.isDigit($0) && BLEUTokenCutter.isPoint($1)
    } replacement: {
      ($0, 0x20, $1, 0x20)
    }
    // and before what is none
    pairs {
      BLEUTokenCutter.isPoint($0) && !BLEUTokenCutter.isDigit($1)
    } replacement: {
      (0x20, $0, 0x20, $1)
    }
    // a dash behind a digit
    pairs {
      BLEUTokenCutter.isDigit($0) && $1 == 0x2D
    } replacement: {
      ($0, 0x20, $1, 0x20)
    }
    text.withUnsafeBufferPointer { BlankBytes.forEachWord($0, body) }
  }

  @inline(__always)
  private mutating func pairs(
    _ isPair: (UInt8, UInt8) -> Bool, replacement: (UInt8, UInt8) -> (UInt8, UInt8, UInt8, UInt8)
  ) {
    result.removeAll(keepingCapacity: true)
    var index = 0
    while index < text.count {
      if index + 1 < text.count, isPair(text[index], text[index + 1]) {
        let own = replacement(text[index], text[index + 1])
        result.append(own.0)
        result.append(own.1)
        result.append(own.2)
        result.append(own.3)
        index += 2
      } else {
        result.append(text[index])
        index += 1
      }
    }
    swap(&text, &result)
  }

  /// Appends a text with blanks around each character that counts as Chinese, without white space at its beginning.
  private mutating func appendChinese(_ bytes: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < bytes.count {
      let length = BlankBytes.length(bytes, at: index)
      if length == 0 { break }
      index += length
    }
    while index < bytes.count {
      let (value, length) = scalar(in: bytes, at: index)
      let isChinese = value >= 0x2001 && BLEUTokenCutter.chinese.contains { $0.contains(value) }
      if isChinese { text.append(0x20) }
      text.append(contentsOf: bytes[index..<index + length])
      if isChinese { text.append(0x20) }
      index += length
    }
  }

  /// What sacrebleu takes for Chinese: its ranges of supplementary ideographs are read as U+2001 to U+2A6D and U+2F81 to U+2FA1.
  private static let chinese: [ClosedRange<UInt32>] = [
    0x2001...0x2A6D, 0x2E80...0x2EFF, 0x2F00...0x2FDF, 0x2FF0...0x2FFF, 0x3000...0x303F, 0x3100...0x312F,
    0x31A0...0x31BF, 0x31C0...0x31EF, 0x3200...0x32FF, 0x3300...0x33FF, 0x3400...0x4DB5, 0x4E00...0x9FBB,
    0xF900...0xFA2D, 0xFA30...0xFA6A, 0xFA70...0xFAD9, 0xFE10...0xFE1F, 0xFE30...0xFE4F, 0xFF00...0xFFEF,
  ]
}
