import RecurrentTestSupport
import Testing

@Suite struct EventDecoderTests {
  private func decode(_ labels: String, _ decoder: EventDecoder, rate: Double = 10) -> [String] {
    decoder.events(labels.map { $0 == "." ? "" : String($0) }, rate: rate).map {
      "\($0.label) \(rounded($0.start * rate, 0))-\(rounded($0.end * rate, 0))"
    }
  }

  @Test(
    arguments: [
      ("", EventDecoder(), []),
      ("....", EventDecoder(), []),
      ("aa.b", EventDecoder(), ["a 0-2", "b 3-4"]),
      ("aabb", EventDecoder(), ["a 0-2", "b 2-4"]),
      // three steps are 0.3 s, wherever they begin
      (".aaa....aaa.aa", EventDecoder(minimumDuration: 0.3), ["a 1-4", "a 8-11"]),
      ("....aaa", EventDecoder(minimumDuration: 0.3), ["a 4-7"]),
      ("aaa...aaa..a", EventDecoder(minimumGap: 0.3), ["a 0-3", "a 6-12"]),
      ("aaa...aaa", EventDecoder(minimumGap: 0.31), ["a 0-9"]),
      // what is short becomes long first
      ("a.a.a", EventDecoder(minimumDuration: 0.5, minimumGap: 0.2), ["a 0-5"]),
      ("aabaa", EventDecoder(minimumDuration: 0.2, minimumGap: 0.2), ["a 0-5"]),
      ("aabbaa", EventDecoder(minimumGap: 0.2), ["a 0-2", "b 2-4", "a 4-6"]),
      ("a.a.a.a", EventDecoder(background: "a"), [" 1-2", " 3-4", " 5-6"]),
    ] as [(String, EventDecoder, [String])])
  func events(_ labels: String, _ decoder: EventDecoder, _ expected: [String]) {
    #expect(decode(labels, decoder) == expected)
  }

  @Test(arguments: [1, 3, 10, 250, 44_100.0]) func theSameRuleAtEveryPlace(_ rate: Double) {
    let decoder = EventDecoder(minimumDuration: 3 / rate, minimumGap: 2 / rate)
    for offset in 0..<200 {
      let labels = String(repeating: ".", count: offset) + "aaa..aaa.aa"
      #expect(
        decode(labels, decoder, rate: rate) == [
          "a \(offset)-\(offset + 3)", "a \(offset + 5)-\(offset + 11)",
        ])
    }
  }

  @Test(arguments: 0..<20) func thereAndBack(_ seed: Int) {
    let labels = RandomKey(seed: UInt64(seed)).uniforms(90).map { ["", "", "a", "b"][Int($0 * 4)] }
    let decoder = EventDecoder()
    let events = decoder.events(labels, rate: 7, start: 1234.5)
    #expect(decoder.labels(events, count: 90, rate: 7, start: 1234.5) == labels)
  }

  @Test func eventsBeyondTheSteps() {
    let events = [
      LabelledEvent(label: "a", start: -5, end: 1), LabelledEvent(label: "b", start: 3, end: .infinity),
      LabelledEvent(label: "c", start: 2.2), LabelledEvent(label: "d", start: .nan),
      LabelledEvent(label: "e", start: -9, end: -8), LabelledEvent(label: "f", start: 99),
    ]
    #expect(
      EventDecoder(background: "-").labels(events, count: 5, rate: 1) == ["a", "-", "c", "b", "b"])
  }
}
