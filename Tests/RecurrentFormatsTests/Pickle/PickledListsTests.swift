import Foundation
import RecurrentFormats
import RecurrentTestSupport
import Testing

/// Pickles of Python in all of its protocols; nothing but data is read.
@Suite struct PickledListsTests {
  private struct Fixture: Decodable {
    let rolls: [String: [[[Double]]]]
    let pickles: [String]
    let hostile: String

    static func read() throws -> Fixture {
      try JSONDecoder().decode(Fixture.self, from: Data(fixture("music.json")))
    }

    static func bytes(_ digits: String) -> [UInt8] {
      let digits = Array(digits.utf8)
      return stride(from: 0, to: digits.count, by: 2).map {
        UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
      }
    }

    var value: JSONValue {
      .object(rolls.mapValues { .list($0.map { .list($0.map { .list($0.map { .number($0) }) }) }) })
    }
  }

  @Test func allProtocols() throws {
    let own = try Fixture.read()
    #expect(own.pickles.count == 6)
    for (number, digits) in own.pickles.enumerated() {
      let bytes = Fixture.bytes(digits)
      #expect(try PickledLists.read(bytes) == own.value, "protocol \(number)")
      #expect(bytes.withUnsafeBytes { PickledLists.recognizes($0) } || number == 1, "protocol \(number)")
    }
  }

  @Test(
    arguments: [
      ("(lp0\nI1\naI01\naF2.5\naL-7L\naNaS'a'\na.", "[1, true, 2.5, -7, null, 'a']"),
      ("(I1\nI2\nt.", "[1, 2]"), ("(dS'k'\nI00\ns.", "{k: false}"), ("]q\u{0}h\u{0}a.", nil), ("I1\n0.", nil),
      ("(I1\n", nil), ("(lI1\nu.", nil), ("(dI1\nI2\ns.", nil), ("h\u{5}.", nil), ("a.", nil),
    ] as [(String, String?)]) func instructions(_ pickle: String, _ expected: String?) throws
  {
    let bytes = Array(pickle.utf8)
    guard let expected else {
      #expect(throws: FormatError.self) { try PickledLists.read(bytes) }
      return
    }
    let values: [String: JSONValue] = [
      "[1, true, 2.5, -7, null, 'a']": .list([
        .number(1), .bool(true), .number(2.5), .number(-7), .null, .text("a"),
      ]),
      "[1, 2]": .list([.number(1), .number(2)]), "{k: false}": .object(["k": .bool(false)]),
    ]
    #expect(try PickledLists.read(bytes) == values[expected])
  }

  @Test func nothingIsCalled() throws {
    let hostile = Fixture.bytes(try Fixture.read().hostile)
    let error = #expect(throws: FormatError.self) { try PickledLists.read(hostile, path: "x.pickle") }
    #expect("\(error.map { "\($0)" } ?? "")".contains("os.system"))
  }

  /// A list that has one twice which has one twice ... is 2^60 values in a hundred bytes.
  @Test func listsThatShareListsAreRefused() throws {
    var bytes: [UInt8] = Array("]q".utf8) + [0]
    for level in 0..<UInt8(60) {
      // a new list, a mark, the list before twice, both added, the new one kept
      let codes: [UInt8] = [0x5D, 0x28, 0x68, level, 0x68, level, 0x65, 0x71, level + 1]
      bytes += codes
    }
    #expect(throws: FormatError.self) { try PickledLists.read(bytes + Array(".".utf8)) }
    let deep =
      Array(String(repeating: "]", count: 100_000).utf8) + Array(String(repeating: "a", count: 99_999).utf8)
    #expect(throws: FormatError.self) { try PickledLists.read(deep + Array(".".utf8)) }
  }

  @Test(arguments: 0..<6) func withstandsDamage(_ number: Int) throws {
    let bytes = Fixture.bytes(try Fixture.read().pickles[number])
    try checkFormat(bytes, rounds: 1500) { (bytes) throws(FormatError) in _ = try PickledLists.read(bytes) }
  }
}
