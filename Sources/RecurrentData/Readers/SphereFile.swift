/// Reads NIST SPHERE files, in which much of the older speech is kept: PCM of 8 to 32 bits, mu-law and A-law.
enum SphereFile: SampleFile {
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: "NIST_1A\n".utf8) }

  static func samples(_ cursor: inout ByteCursor) throws(DataError) -> StoredSamples {
    let head = try Head(&cursor)
    let coding = head.fields["sample_coding"] ?? "pcm"
    let words = coding.split(separator: ",").map { String($0) }
    if let packer = words.dropFirst().first {
      let name = packer.split(separator: "-").first { $0 != "embedded" } ?? "\(packer)"
      throw cursor.malformed(
        "samples without compression; convert it, for example with `w_decode -o pcm` of NIST or ffmpeg",
        "compression by \(name) (\"\(coding)\")")
    }
    let width = try head.number("sample_n_bytes", words[0] == "pcm" ? 2 : 1, cursor)
    let kind: SampleFormat.Coding
    switch words[0] {
    case "pcm": kind = .signed
    case "ulaw", "mu-law": kind = .muLaw
    case "alaw": kind = .aLaw
    default:
      throw cursor.malformed("pcm, ulaw or alaw; convert it, for example with ffmpeg", "\"\(coding)\"")
    }
    let channelCount = try head.number("channel_count", 1, cursor)
    guard channelCount <= Int(UInt16.max) else {
      throw cursor.malformed("at most \(UInt16.max) channels", "\(channelCount)")
    }
    if channelCount > 1, head.fields["channels_interleaved"]?.lowercased() == "false" {
      throw cursor.malformed("channels side by side", "channels one after the other")
    }
    guard let rate = head.fields["sample_rate"].flatMap(Double.init) else {
      throw cursor.malformed("the sample_rate in the head", "\(head.fields["sample_rate"] ?? "none")")
    }
    let format = try SampleFormat(
      kind, bits: width <= 8 ? 8 * width : 0, isBigEndian: try head.isBigEndian(width, cursor),
      channelCount: channelCount, rate: rate, cursor)
    cursor.index = head.size
    let count = try head.number("sample_count", 0, cursor)
    let (size, isOverflow) = count.multipliedReportingOverflow(by: format.frameSize)
    return try StoredSamples(format, size: isOverflow ? nil : size, &cursor)
  }

  /// The text before the samples: a name, a type and a value in each line.
  private struct Head {
    /// Its bytes.
    let size: Int
    var fields: [String: String] = [:]

    init(_ cursor: inout ByteCursor) throws(DataError) {
      guard recognizes(cursor.bytes) else { throw cursor.malformed("the mark NIST_1A", "something else") }
      cursor.index = 8
      let digits = try cursor.mark(8, "the size of the head")
      guard let size = Int(digits.filter { !$0.isWhitespace }), size >= 16, size <= cursor.bytes.count else {
        throw cursor.malformed("the size of the head, 16 to \(cursor.bytes.count)", "\"\(digits)\"")
      }
      self.size = size
      let lines = cursor.bytes[16..<size].split(separator: UInt8(ascii: "\n"))
      for line in lines {
        let text = String(decoding: line, as: UTF8.self).trimmingBlanks
        if text == "end_head" { return }
        let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        guard words.count == 3, !text.hasPrefix(";") else { continue }
        fields[String(words[0])] = String(words[2]).trimmingBlanks
      }
      throw cursor.malformed("the line end_head in the first \(size) bytes", "none")
    }

    /// A whole number that is not negative, or what stands for one that is not there.
    func number(_ name: String, _ standard: Int, _ cursor: ByteCursor) throws(DataError) -> Int {
      guard let text = fields[name] else { return standard }
      guard let number = Int(text), number >= 0 else {
        throw cursor.malformed("a whole number as \(name)", "\"\(text)\"")
      }
      return number
    }

    /// Whether the highest byte of so many comes first.
    func isBigEndian(_ width: Int, _ cursor: ByteCursor) throws(DataError) -> Bool {
      guard width > 1 else { return false }
      let text = fields["sample_byte_format"] ?? ""
      let rising = (0..<width).map { "\($0)" }.joined()
      // some programs write the order of two bytes for any number of them
      if text == "01" || text == "10" { return text == "10" }
      guard text == rising || text == String(rising.reversed()) else {
        throw cursor.malformed(
          "\(rising) or \(String(rising.reversed())) as sample_byte_format",
          text.isEmpty ? "nothing" : "\"\(text)\"")
      }
      return text != rising
    }
  }
}
