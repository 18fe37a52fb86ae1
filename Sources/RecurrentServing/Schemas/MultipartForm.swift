/// The parts of a body of the type `multipart/form-data` (RFC 7578).
struct MultipartForm {
  /// A part: its name, the name of its file, its bytes.
  struct Part: Equatable {
    let name: String
    let file: String?
    let bytes: [UInt8]
  }

  let parts: [Part]

  /// Reads a body.
  ///
  /// - Parameter type: the `Content-Type`, with the boundary.
  /// - Throws: ``ServingError`` where it is another type, or the body is not whole.
  init(_ body: [UInt8], type: String) throws(ServingError) {
    let fields = MultipartForm.parameters(of: type)
    guard type.lowercased().hasPrefix("multipart/form-data"), let boundary = fields["boundary"],
      !boundary.isEmpty
    else {
      throw ServingError(
        .media,
        "the body is of \(type.isEmpty ? "no type" : "the type \(type)"), expected multipart/form-data with a boundary"
      )
    }
    let mark = Array("--\(boundary)".utf8)
    var (parts, rest) = ([Part](), body[...])
    func damaged(_ reason: String) -> ServingError {
      ServingError(.malformed, "the form is damaged: \(reason)")
    }
    guard let first = MultipartForm.find(mark, in: rest) else { throw damaged("its boundary is not there") }
    rest = rest[(first + mark.count)...]
    while !rest.starts(with: "--".utf8) {
      guard rest.starts(with: "\r\n".utf8), let head = MultipartForm.find(Array("\r\n\r\n".utf8), in: rest)
      else {
        throw damaged("a part has no head")
      }
      let lines = String(decoding: rest[rest.startIndex..<head], as: UTF8.self).split(separator: "\r\n")
      let disposition = lines.first { $0.lowercased().hasPrefix("content-disposition:") } ?? ""
      let own = MultipartForm.parameters(of: String(disposition))
      guard let name = own["name"] else { throw damaged("a part has no name") }
      rest = rest[(head + 4)...]
      guard let end = MultipartForm.find(Array("\r\n".utf8) + mark, in: rest) else {
        throw damaged("the part \"\(name)\" does not end")
      }
      parts.append(Part(name: name, file: own["filename"], bytes: Array(rest[rest.startIndex..<end])))
      rest = rest[(end + 2 + mark.count)...]
    }
    self.parts = parts
  }

  /// The text of a part; nil where it is not there.
  func text(_ name: String) -> String? {
    parts.first { $0.name == name }.flatMap { String(validating: $0.bytes, as: UTF8.self) }
  }

  private static func find(_ mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = mark.first else { return nil }
    var start = bytes.startIndex
    while let place = bytes[start...].firstIndex(of: first) {
      if bytes[place...].starts(with: mark) { return place }
      start = place + 1
    }
    return nil
  }

  /// What follows the semicolons of a field, without quotation marks.
  private static func parameters(of field: String) -> [String: String] {
    var found: [String: String] = [:]
    for pair in field.split(separator: ";").dropFirst() {
      let both = pair.split(separator: "=", maxSplits: 1).map { own in String(own.drop { $0 == " " }) }
      guard both.count == 2 else { continue }
      found[both[0].lowercased()] = both[1].filter { $0 != "\"" }
    }
    return found
  }
}
