import RecurrentTestSupport
import Testing

/// The digests of FIPS 180-4's examples.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func knownAnswers(_ text: String, _ digest: String) { #expect(SHA256.hash(Array(text.utf8)) == digest) }

  /// Lengths on both sides of one and two blocks, cut in two at every place.
  @Test func pieces() {
    let bytes = (0..<130).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }
    for count in [1, 55, 56, 63, 64, 65, 119, 120, 128, 130] {
      let whole = SHA256.hash(Array(bytes.prefix(count)))
      for cut in 0...count {
        var digest = SHA256()
        digest.update(Array(bytes[..<cut]))
        digest.update(Array(bytes[cut..<count]))
        #expect(digest.finish() == whole, "\(count) bytes cut at \(cut)")
      }
      var digest = SHA256()
      for byte in bytes.prefix(count) { digest.update([byte]) }
      #expect(digest.finish() == whole)
    }
  }
}
