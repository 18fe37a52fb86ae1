import RecurrentFormats
import Testing

@Suite struct JSONValueTests {
  @Test func valuesAsFields() {
    let fields: [(JSONValue, String?)] = [
      (.null, ""), (.bool(false), "false"), (.number(3), "3"), (.number(-0.25), "-0.25"),
      (.number(1e300), "1e+300"),
      (.text("x"), "x"), (.list([]), nil), (.object([:]), nil),
    ]
    for (value, field) in fields { #expect(value.field == field) }
  }
}
