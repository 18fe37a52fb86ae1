import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct BaseTableTests {
  private func encode(_ text: String, _ length: Int = 1, keepsCase: Bool = false) throws -> [Int32] {
    Array(try TextVocabulary.bases(length, keepsCase: keepsCase).encode(text).ids)
  }

  @Test func bases() throws {
    #expect(try encode("ACGTUacgtuNR-") == [2, 3, 4, 5, 5, 2, 3, 4, 5, 5, 0, 0, 0])
    #expect(try encode("AC\r\n\n GT \n") == [2, 3, 1, 4, 5, 1] && encode("\n\n") == [])
    #expect(try encode("AaTt", keepsCase: true) == [2, 6, 5, 9])
    let vocabulary = try TextVocabulary.bases()
    #expect(vocabulary.unit == .base && vocabulary.count == 6 && vocabulary.unknownID == 0)
    let encoded = vocabulary.encode("ANé")
    #expect(encoded.unknownCount == 2 && encoded.unknownExamples == ["N", "é"] && encoded.characters == 3)
    #expect(vocabulary.decode(encoded.ids) == "ANN")
  }

  /// Words of k bases one behind the other, shorter ones before what is no base; the text comes back.
  @Test(arguments: [2, 3, 8], ["ACGTACGTACGTTGCA", "ACNGTACG\nTTTTT\n", "A", "NN"])
  func words(_ length: Int, _ text: String) throws {
    let vocabulary = try TextVocabulary.bases(length)
    let encoded = vocabulary.encode(text)
    #expect(vocabulary.decode(encoded.ids) == text && vocabulary.unit == .kmer)
    #expect(
      encoded.ids.count <= (text.utf8.count + length - 1) / length + 2
        * text.utf8.count { $0 == 78 || $0 == 10 })
  }

  @Test func countsOfTokens() throws {
    #expect(
      try TextVocabulary.bases(2).count == 2 + 4 + 16
        && TextVocabulary.bases(2, keepsCase: true).count == 2 + 8 + 64)
    #expect(throws: DataError.self) { try TextVocabulary.bases(9) }
    #expect(throws: DataError.self) { try TextVocabulary.bases(6, keepsCase: true) }
    #expect(throws: DataError.self) { try TextVocabulary.fit(unit: .base, texts: ["ACGT"], size: 4) }
    #expect(throws: DataError.noText) { try TextVocabulary.fit(unit: .kmer, texts: [""]) }
  }

  /// The opposite strand of the opposite strand is the sequence, and of one base each its complement.
  @Test(arguments: [1, 3, 4], [false, true])
  func complements(_ length: Int, _ keepsCase: Bool) throws {
    let table = try #require(BaseTable(length: length, keepsCase: keepsCase))
    let pairs: [UInt8: UInt8] = Dictionary(uniqueKeysWithValues: zip("ACGTacgtN\n".utf8, "TGCAtgcaN\n".utf8))
    for id in 0..<Int32(table.count) {
      let other = table.complement(id)
      #expect(table.complement(other) == id)
      #expect(table.letters(of: other) == table.letters(of: id).reversed().map { pairs[$0] ?? 0 })
    }
    let vocabulary = try TextVocabulary.bases()
    #expect(try vocabulary.decode(vocabulary.oppositeStrand(TokenSequence(encode("AACGN")))) == "NCGTT")
  }

  /// A window whose streams are replaced by those of the other strand reads the same stretches.
  @Test func strandsOfWindows() throws {
    let vocabulary = try TextVocabulary.bases()
    let ids = vocabulary.encode("AACCGGTTACGTA").ids
    let own = try BPTTWindows(ids: ids, batchSize: 3, windowLength: 4).window(0, epoch: 0)
    let other = try BPTTWindows(ids: vocabulary.oppositeStrand(ids), batchSize: 3, windowLength: 4).window(
      0, epoch: 0)
    let mixed = own.replacing(streams: [true, false, false], by: other)
    for step in 0..<4 {
      #expect(mixed.inputs.values[step * 3] == other.inputs.values[step * 3 + 2])
      #expect(mixed.targets.values[step * 3] == other.targets.values[step * 3 + 2])
      for stream in 1..<3 {
        #expect(mixed.inputs.values[step * 3 + stream] == own.inputs.values[step * 3 + stream])
      }
    }
  }
}
