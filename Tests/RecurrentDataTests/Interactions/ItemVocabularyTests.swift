import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct ItemVocabularyTests {
  private func vocabulary() throws -> ItemVocabulary {
    let log = try InteractionLog([InteractionLogTests.source("session,item\na,9\na,4\nb,4\nb,7\nc,9\nc,4\n")])
    let (vocabulary, counts) = ItemVocabulary.fit(log)
    #expect(counts == [3, 2, 1])
    #expect(vocabulary.numbers(of: log) == [1, 0, 2])
    return vocabulary
  }

  @Test func frequentItemsComeFirst() throws {
    let items = try vocabulary()
    #expect(items.ids == ["4", "9", "7"] && items.number("7") == 2 && items.number("1") == nil)
    #expect(items.title(0) == nil && items.name(0) == "4")
    let copy = try JSONDecoder().decode(ItemVocabulary.self, from: JSONEncoder().encode(items))
    #expect(copy == items)
    for text in ["{\"ids\":[\"a\",\"a\"],\"titles\":[]}", "{\"ids\":[\"a\"],\"titles\":[\"x\",\"y\"]}"] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(ItemVocabulary.self, from: Data(text.utf8))
      }
    }
  }

  @Test(arguments: [
    ("item_id,title\n7,\"Tea, green\"\n4,Cup\n5,Other\n", "items.csv"),
    ("4|Cup|01-Jan-1995||http://x|0|1\n7|Tea, green|||y|0|0\n", "u.item"),
    ("4::Cup::Drama\n7::Tea, green::Comedy|War\n", "movies.dat"),
    ("item_id:token\tmovie_title:token_seq\tyear:float\n4\tCup\t1995\n7\tTea, green\t1996\n", "x.item"),
  ])
  func titlesAreRead(_ text: String, _ name: String) throws {
    let (items, notes) = try vocabulary().titled(
      by: InteractionLogTests.source(text, name), item: nil, title: nil)
    #expect(
      items.titles == ["Cup", "", "Tea, green"] && items.name(1) == "9" && items.name(2) == "Tea, green")
    #expect(notes.contains { $0.kind == .warning && $0.text.hasPrefix("1 of 3 items have no name") })
  }

  @Test func titlesByColumn() throws {
    let table = InteractionLogTests.source("sku,price,label\n4,9,Cup\n9,8,Pot\n7,3,Tea\n")
    let items = try vocabulary().titled(by: table, item: "sku", title: "label").vocabulary
    #expect(items.titles == ["Cup", "Pot", "Tea"])
    #expect(throws: DataError.self) { try vocabulary().titled(by: table, item: nil, title: "colour") }
    #expect(throws: DataError.self) {
      try vocabulary().titled(by: InteractionLogTests.source("one\ntwo\n"), item: nil, title: nil)
    }
    // Latin-1, as MovieLens is written
    var bytes = Array("4|Am".utf8)
    bytes += [0xE9] + Array("lie|x\n9|b|y\n".utf8)
    let latin = try vocabulary().titled(by: DataSource(bytes: bytes, name: "u.item"), item: nil, title: nil)
    #expect(latin.vocabulary.titles[0] == "Amélie")
  }
}
