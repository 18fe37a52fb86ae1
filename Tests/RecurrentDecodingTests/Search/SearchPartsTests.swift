#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import RecurrentCore
import RecurrentData
import Testing

@testable import RecurrentDecoding

#if canImport(Glibc)
import Glibc
#endif

@Suite struct SearchPartsTests {
  @Test func logarithmsAndExponentialsAreThoseOfTheSystem() {
    for index in 0..<2000 {
      let x = -60 * Double(index) / 2000
      #expect(abs(LogDomain.exp(x) / exp(x) - 1) < 1e-13)
      let y = exp(x / 2 + 10)
      #expect(abs(LogDomain.log(y) - log(y)) < 1e-13 * max(1, abs(log(y))))
      #expect(abs(LogDomain.add(-3, -3 + x) - (-3 + log1p(exp(x)))) < 1e-13)
    }
    #expect(LogDomain.exp(-.infinity) == 0 && LogDomain.exp(0) == 1 && LogDomain.log(1) == 0)
    #expect(LogDomain.add(-.infinity, -.infinity) == -.infinity && LogDomain.add(-2, -.infinity) == -2)
  }

  @Test(arguments: [1, 3, 4, 7, 8, 9, 33, 5000]) func sumsFrames(_ count: Int) {
    let frame = randomLogits(1, count, seed: count, scale: 30)
    frame.withUnsafeBufferPointer { own in
      let largest = LogDomain.largest(own.baseAddress!, count)
      #expect(largest == frame.max())
      let sum = log(frame.reduce(0) { $0 + exp(Double($1)) })
      #expect(abs(LogDomain.sum(own.baseAddress!, count, largest: largest) - sum) < 1e-6)
    }
    for bad in [Float.nan, .infinity] {
      for place in Set([0, count / 2, count - 1]) {
        var damaged = frame
        damaged[place] = bad
        #expect(damaged.withUnsafeBufferPointer { LogDomain.largest($0.baseAddress!, count) }.isNaN)
      }
    }
  }

  @Test(arguments: [1, 2, 5, 40, Int.max]) func keepsTheLargestInOrder(_ limit: Int) {
    var heap = RankedHeap()
    // many are equal
    let keys = RandomKey(seed: 1).uniforms(200).map { Double(($0 * 20).rounded()) }
    for _ in 0..<2 {
      heap.clear(limit: limit)
      for (index, key) in keys.enumerated() { heap.offer(key, Int32(index)) }
      heap.sort()
      let order = keys.indices.sorted { (-keys[$0], $0) < (-keys[$1], $1) }.prefix(limit)
      #expect(heap.items.map { Int($0.index) } == Array(order))
    }
  }

  @Test func fingerprintsDoNotDependOnTheCuts() {
    func piece(_ text: String) -> TextFingerprint.Piece { .init(text.utf8.map { UInt64($0) }) }
    let whole = TextFingerprint().appending(piece("abcdef"))
    for cut in 0...6 {
      let (head, tail) = ("abcdef".prefix(cut), "abcdef".dropFirst(cut))
      #expect(TextFingerprint().appending(piece(String(head))).appending(piece(String(tail))) == whole)
    }
    let others = ["", "a", "abcdeg", "bacdef", "abcdefa", "\0", "\0\0", "abcde"]
    var all = Set(others.map { TextFingerprint().appending(piece($0)).first })
    all.insert(whole.first)
    #expect(all.count == others.count + 1)
    #expect(all.allSatisfy { $0 < (1 << 61) - 1 })
  }

  @Test func unitsKnowWhereWordsBeginAndEnd() throws {
    let units = try OutputUnits(spelling: TokenList([" the", "re", "\t", "s ", "▁"]), blank: .first)
    #expect(units.count == 6 && units.blank == 0 && units.output(ofToken: 0) == 1)
    #expect(units.token(ofOutput: 0) == nil && units.token(ofOutput: 5) == 4)
    #expect(units.outputs.map(\.beginsWord) == [false, true, false, true, false, false])
    #expect(units.outputs.map(\.endsWord) == [false, false, false, true, true, false])
    #expect(units.outputs.map(\.isUsable) == [false, true, true, true, true, true])
    #expect(throws: SearchError.unusableToken(output: 1, reason: "an empty token cannot be spelled")) {
      try OutputUnits(spelling: TokenList(["a", ""]), blank: .last)
    }
    #expect(throws: SearchError.self) { try OutputUnits(spelling: TokenList(["a b"]), blank: .last) }
    #expect(throws: SearchError.self) { try OutputUnits(words: TokenList([""]), blank: .last) }
  }

  @Test func vocabulariesAreUnits() throws {
    let text = "the cat sat on the mat the cat\n"
    let characters = try TextVocabulary.fit(unit: .character, texts: [text])
    let units = try OutputUnits(spelling: characters, blank: .last)
    #expect(units.count == characters.count + 1 && !units.outputs[0].isUsable)
    let pieces = try OutputUnits(
      spelling: TextVocabulary.fit(unit: .bpe, texts: [text], size: 270), blank: .first)
    #expect(pieces.outputs.contains { $0.beginsWord && !$0.endsWord && $0.bytes.count > 1 })
    // the tokens of a text, each in a frame of its own, spell it
    let vocabulary = try TextVocabulary.fit(unit: .bpe, texts: [text], size: 270)
    let path = vocabulary.encode("the mat sat").ids.flatMap { [pieces.output(ofToken: $0), 0] }
    let logits = path.flatMap { best in (0..<pieces.count).map { $0 == best ? Float(20) : 0 } }
    #expect(try CTCSearch(units: pieces).decode(logits)[0].text == "the mat sat")
    #expect(try CTCSearch.greedy(logits, units: pieces).text == "the mat sat")
  }
}
