import RecurrentTestSupport
import Testing

@testable import RecurrentServing

/// Forms of recordings.
@Suite struct MultipartFormTests {
  private let type = "multipart/form-data; boundary=\"xyz\""
  private let body =
    "--xyz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nspeech\r\n--xyz\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\n\r\n--xy\r\nz\r\n--xyz--\r\n"

  @Test func parts() throws {
    let form = try MultipartForm(Array(body.utf8), type: type)
    #expect(form.text("model") == "speech" && form.text("language") == nil)
    #expect(form.parts.map(\.file) == [nil, "a.wav"])
    #expect(form.parts[1].bytes == Array("\r\n--xy\r\nz".utf8))
  }

  /// A form that is cut anywhere is refused, and nothing is read beyond its end.
  @Test func damage() {
    let bytes = Array(body.utf8)
    for count in 0..<bytes.count - 4 {
      #expect(throws: ServingError.self) { try MultipartForm(Array(bytes.prefix(count)), type: type) }
    }
    #expect(throws: ServingError.self) { try MultipartForm(bytes, type: "multipart/form-data") }
    #expect(throws: ServingError.self) { try MultipartForm(bytes, type: "application/json") }
  }
}
