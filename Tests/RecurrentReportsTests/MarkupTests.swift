import Testing

@testable import RecurrentReports

@Suite struct MarkupTests {
  @Test(
    arguments: [
      ("a < b && c > \"d\" 'e'", "a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39;"),
      // a mark behind a quotation mark makes another character of it
      ("\"\u{301}<\u{301}", "&quot;\u{301}&lt;\u{301}"), ("a\u{0}b\u{1B}c\r\nd", "a b c  d"),
      ("\u{202E}x\u{2066}", "\u{FFFD}x\u{FFFD}"),
      ("Grüße 漢字 👩‍👩‍👧", "Grüße 漢字 👩‍👩‍👧"), ("", ""),
    ])
  func escapes(_ text: String, _ expected: String) {
    #expect(Array(escapedMarkup(text).unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test(arguments: [0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xFDD0, 0xFDEF] as [UInt32])
  func whatIsNoCharacter(_ value: UInt32) throws {
    #expect(escapedMarkup(String(try #require(Unicode.Scalar(value)))) == "\u{FFFD}")
  }

  @Test func shortens() {
    #expect(shortened("abc", to: 100) == "abc")
    #expect(shortened(String(repeating: "a", count: 50), to: 75) == String(repeating: "a", count: 9) + "…")
    #expect(estimatedWidth(shortened(String(repeating: "漢", count: 50), to: 72)) <= 72)
    #expect(shortened("a" + String(repeating: "\u{301}", count: 100_000), to: 72).utf8.count < 1000)
  }

  @Test(
    arguments: [
      (0, "0"), (1234.5678, "1235"), (12.345678, "12.35"), (0.00123456, "0.001235"), (-0.5, "-0.5000"),
      (0.00999999999, "0.01000"), (9.99951, "10.00"), (9.9994, "9.999"), (-9.9999e-5, "-0.0001000"),
      (1.23e-7, "1.230e-07"), (9.87654e12, "9.877e+12"), (.nan, "nan"), (.infinity, "inf"),
      (123_456_789, "123456789"),
    ] as [(Double, String)])
  func significantDigits(_ value: Double, _ expected: String) {
    #expect(significant(value) == expected)
  }
}
