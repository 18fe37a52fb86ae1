extension TextVocabulary: Codable {
  private enum CodingKeys: CodingKey {
    case unit, tokens, splitsPunctuation, merges, length, keepsCase
  }

  /// Writes the unit and what it needs: the characters or words in the order of their numbers from 1 on, or
  /// the merges as pairs of token numbers; of bases how many a token has.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(unit, forKey: .unit)
    switch table {
    case .character(let table):
      try container.encode(table.characters.map { String($0) }, forKey: .tokens)
    case .byte: break
    case .word(let table):
      try container.encode(table.words, forKey: .tokens)
      try container.encode(table.splitsPunctuation, forKey: .splitsPunctuation)
    case .bpe(let table):
      try container.encode(table.merges.map { [$0.left, $0.right] }, forKey: .merges)
    case .bases(let table):
      try container.encode(table.length, forKey: .length)
      try container.encode(table.keepsCase, forKey: .keepsCase)
    }
  }

  /// Reads a vocabulary and checks it.
  ///
  /// - Throws: `DecodingError` where a token is repeated or no single character, or a merge is impossible.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func fail(_ key: CodingKeys, _ text: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: text)
    }
    let unit = try container.decode(TextUnit.self, forKey: .unit)
    switch unit {
    case .byte: self.init(.byte)
    case .base, .kmer:
      let length = try container.decode(Int.self, forKey: .length)
      let keepsCase = try container.decode(Bool.self, forKey: .keepsCase)
      guard let table = BaseTable(length: length, keepsCase: keepsCase), (length == 1) == (unit == .base)
      else {
        throw fail(.length, "a \(unit.rawValue) of \(length) bases is impossible")
      }
      self.init(.bases(table))
    case .character:
      let tokens = try container.decode([String].self, forKey: .tokens)
      var met: Set<UInt32> = []
      let characters = try tokens.enumerated().map { index, token in
        guard let scalar = token.unicodeScalars.first, token.unicodeScalars.count == 1 else {
          throw fail(.tokens, "token \(index) must be one Unicode scalar, found \"\(token.prefix(20))\"")
        }
        guard met.insert(scalar.value).inserted else {
          throw fail(.tokens, "token \(index), \"\(token)\", occurs a second time")
        }
        return scalar
      }
      self.init(.character(CharacterTable(characters)))
    case .word:
      let tokens = try container.decode([String].self, forKey: .tokens)
      let splitsPunctuation = try container.decode(Bool.self, forKey: .splitsPunctuation)
      if let index = tokens.firstIndex(where: { $0.isEmpty || $0 == WordTable.unknown }) {
        throw fail(.tokens, "token \(index) is empty or the reserved \(WordTable.unknown)")
      }
      guard let table = WordTable(tokens, splitsPunctuation: splitsPunctuation) else {
        throw fail(.tokens, "a token occurs a second time")
      }
      self.init(.word(table))
    case .bpe:
      let merges = try container.decode([[Int32]].self, forKey: .merges)
      if let index = merges.firstIndex(where: { $0.count != 2 }) {
        throw fail(.merges, "merge \(index) must be two token numbers, found \(merges[index].count)")
      }
      do throws(BytePairTable.Problem) {
        self.init(.bpe(try BytePairTable(merges.map { BytePairTable.Pair(left: $0[0], right: $0[1]) })))
      } catch {
        switch error {
        case .unknownToken(let merge): throw fail(.merges, "merge \(merge) uses a token that comes after it")
        case .repeated(let merge): throw fail(.merges, "merge \(merge) occurs a second time")
        case .tooLong(let merge):
          throw fail(
            .merges, "merge \(merge) makes a token of more than \(PieceStreamLimits.longestPiece) bytes")
        }
      }
    }
  }
}
