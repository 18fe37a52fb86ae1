import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct TranscriptFormTests {
  @Test func textsOfPython() throws {
    for own in try TranscriptFixture().texts {
      #expect(TranscriptForm.normalized.text(own.text) == own.normalized, "\(own.text)")
    }
  }

  @Test func rawTextsStay() {
    #expect(TranscriptForm.raw.words(" A,  b\u{A0}c ") == ["A,", "b", "c"])
    #expect(TranscriptForm.raw.text(" A, ") == " A, ")
  }

  @Test func composedLettersAreTheSame() {
    #expect(
      TranscriptForm.normalized.characters("Cafe\u{301}") == TranscriptForm.normalized.characters("CAF\u{C9}")
    )
    #expect(TranscriptForm.normalized.characters("a  b").count == 3)
  }

  @Test func mappingsAreThoseOfUnicode() {
    #expect(CompatibilityTable.standard.count == 3750)
  }
}
