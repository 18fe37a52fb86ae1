import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// The words by which the data of a model that makes things are told apart.
@Suite struct StyleNamesTests {
  private let names: StyleNames = ["a:b", "cat", "dog"]

  @Test func wordsAndMixturesAreRead() throws {
    #expect(try names.shares("dog") == [0, 0, 1])
    #expect(try names.shares("cat:0.25,dog:0.75") == [0, 0.25, 0.75])
    #expect(try names.shares("a:b") == [1, 0, 0] && names.shares("a:b:0.5,cat") == [0.5, 1, 0])
    #expect(names.shares(of: 1) == [0, 1, 0] && names.shares(of: nil) == [0, 0, 0])
  }

  @Test(arguments: ["cow", "cat:2", "cat:x", "", ",", "cat:0"]) func otherWordsAreRefused(_ text: String)
    throws
  {
    let error = #expect(throws: DataError.self) { try names.shares(text) }
    #expect("\(try #require(error))".contains("style must be"))
    #expect(throws: DataError.self) { try StyleNames().shares(text) }
  }

  @Test func coursesGoFromOneToTheOther() {
    let course = StyleCourse([1, 0], to: [0, 1])
    #expect([0, 0.25, 1].map { course.shares(at: $0) } == [[1, 0], [0.75, 0.25], [0, 1]])
    #expect(StyleCourse([1, 0]).shares(at: 0.7) == [1, 0])
  }

  private func found(_ words: [String?], _ isAsked: Bool? = nil) -> (names: [String], notes: [DataNote]) {
    var (settings, notes) = (Settings(), [DataNote]())
    settings[.styles] = isAsked
    return (StyleNames(among: words, what: "what they are", settings, &notes).names, notes)
  }

  @Test func severalWordsOfFourExamplesEachAreLearnt() {
    let words: [String?] = ["b", "a", "b", nil, "a", "b", "a", nil]
    #expect(found(words).names == ["a", "b"] && found(words).notes.first?.setting == "styles")
    #expect(found(words, false).names.isEmpty && found(words, true).names == ["a", "b"])
    #expect(found(Array(words.prefix(7))).names.isEmpty && found(["a", "a"], true).names == ["a"])
    #expect(found([nil, nil], true).notes.contains { $0.kind == .warning })
    #expect(found([nil, nil]).notes.isEmpty)
  }

  @Test func wordsThatAreNotKnownAreSaid() {
    #expect(names.unknown(["cat", nil, "dog"]).isEmpty && StyleNames().unknown(["x"]).isEmpty)
    let note = names.unknown(["cow", "cat", "ant", "cow"]).first
    #expect(note?.text.contains("2 words") == true && note?.text.contains("ant") == true)
  }

  @Test func theyAreWrittenAsAList() throws {
    let text = String(decoding: try JSONEncoder().encode(names), as: UTF8.self)
    #expect(text == "[\"a:b\",\"cat\",\"dog\"]")
    #expect(try JSONDecoder().decode(StyleNames.self, from: Data(text.utf8)) == names)
  }
}
