import Foundation
import Testing

@testable import RecurrentData

@Suite struct BrushColourTests {
  @Test(arguments: [
    ("#f00", "#ff0000"), ("#1A2b3C", "#1a2b3c"), ("#1a2b3c80", "#1a2b3c"), ("#0f08", "#00ff00"),
    ("Red", "#ff0000"), (" grey ", "#808080"), ("orange", "#ffa500"), ("rgb(1, 2,3)", "#010203"),
    ("rgb(100% 0% 50%)", "#ff0080"), ("rgba(9,8,7,0.5)", "#090807"), ("rgb(1 2 3 / 50%)", "#010203"),
    ("rgb(300,-4,1e1)", "#ff000a"),
  ])
  func colours(_ text: String, _ hex: String) throws {
    #expect(BrushColour(text)?.hex == hex)
    #expect(try JSONDecoder().decode([BrushColour].self, from: Data("[\"\(text)\"]".utf8))[0].hex == hex)
  }

  @Test(arguments: [
    "", "#", "#12", "#12345", "#ggg", "reddish", "rgb(1,2)", "rgb(a,b,c)", "rgb(nan,1,2)", "rgb(1,2,3,4,5)",
    "rgb(1,2,3",
    "hsl(1,2,3)", "url(#a)", "none", "#１２３",
  ])
  func othersAreNone(_ text: String) {
    #expect(BrushColour(text) == nil)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(BrushColour.self, from: JSONEncoder().encode(text))
    }
  }

  @Test func writtenAsDigits() throws {
    let text = String(decoding: try JSONEncoder().encode([BrushColour(0, 10, 255), .black]), as: UTF8.self)
    #expect(text == "[\"#000aff\",\"#000000\"]")
    #expect(BrushColour(0, 10, 255).square(to: BrushColour(3, 10, 251)) == 25)
  }
}
