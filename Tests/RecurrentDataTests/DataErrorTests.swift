import RecurrentData
import Testing

@Suite struct DataErrorTests {
  @Test(arguments: [
    (DataError.notFound(path: "p"), "p: "), (.isFolder(path: "p"), "p: "),
    (.notARegularFile(path: "p"), "p: "),
    (.unreadable(path: "p", reason: "denied"), "p: cannot be read: denied"), (.empty(path: "p"), "p: "),
    (.invalidUTF8(path: "p", byteOffset: 7, byte: 5), "p: byte 7 (0x05)"), (.noText, "there is no text"),
    (
      .tooShort(count: 9, batchSize: 2, windowLength: 35),
      "the text has 9 tokens, too few for 2 streams of 35"
    ),
    (.invalidSetting(name: "size", expected: "1", found: "0"), "size must be 1, found 0"),
  ])
  func describes(_ error: DataError, _ beginning: String) {
    #expect(error.description.hasPrefix(beginning))
    #expect(error.description.utf8.count > 20)
  }
}
