import RecurrentData
import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentDecoding

@Suite struct NGramCodingTests {
  private func model(_ order: Int) throws -> NGramModel {
    let estimator = try NGramEstimator(order: order)
    try estimator.add(UTF8TextReader(texts: [zipfText(lines: 40, words: 300)]))
    return try estimator.model()
  }

  @Test(arguments: 1...5) func whatIsReadIsWhatWasWritten(_ order: Int) throws {
    let model = try model(order)
    let read = try NGramModel(bytes: model.encoded())
    guard case .trie(let a, let words) = model.storage, case .trie(let b, let others) = read.storage else {
      Issue.record("no trees")
      return
    }
    #expect(a.counts == b.counts && a.grams == b.grams && a.contexts == b.contexts)
    #expect((0..<words.count).allSatisfy { words.word($0) == others.word($0) })
    #expect(read.start == model.start && read.encoded() == model.encoded())
  }

  @Test func modelsOfFilesWithMissingEnds() throws {
    let model = try NGramModel(bytes: NGramFixture().bytes("pruned/arpa"))
    let bytes = model.encoded()
    try NGramFixture().check(NGramModel(bytes: bytes), "pruned")
    #expect(try bytes.count * 3 < NGramFixture().bytes("pruned/arpa").count)
  }

  @Test func withstandsDamage() throws {
    let bytes = try model(3).encoded()
    // a cut in the mark leaves a text that is no ARPA file
    try checkFormat(bytes, rounds: 500) { try score(NGramModel(bytes: $0)) }
    // with the checksum made right, so that the numbers after it are met
    let content = Array(bytes.dropLast(8))
    for files in [Array(damagedNumbers(content, most: 6000))] {
      try checkStructure(files.lazy.map(NGramCodingTests.signed), naming: "x.ngrams") {
        try score(NGramModel(bytes: $0, path: "x.ngrams"))
      }
    }
    try checkFormat(content, rounds: 3000, isCutNoticed: false) {
      try score(NGramModel(bytes: NGramCodingTests.signed($0)))
    }
  }

  @Test func refusesDamageByItsChecksum() throws {
    var bytes = try model(2).encoded()
    bytes[bytes.count / 2] ^= 4
    #expect(throws: FormatError.damaged(path: "<memory>")) { try NGramModel(bytes: bytes) }
  }

  private static func signed(_ content: [UInt8]) -> [UInt8] {
    var hash = XXHash64()
    hash.update(content)
    return content + Archives.little(Int(bitPattern: UInt(hash.value)), 8)
  }
}
