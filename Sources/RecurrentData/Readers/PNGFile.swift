import RecurrentFormats

/// Reads pictures of PNG: grey, colours and palettes, with 1 to 16 bits, not interlaced. What is transparent is shown as it is coloured.
public enum PNGFile {
  /// The most pixels of a picture.
  private static let pixelLimit = 1 << 24

  /// Bytes that one of deflated data can stand for.
  private static let ratio = 1032

  private static let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether bytes begin as a PNG does.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: mark) }

  /// What the head says.
  private struct Head {
    var width, height, depth, kind: Int
    /// Numbers of a pixel.
    var channels: Int {
      switch kind {
      case 2: 3
      case 4: 2
      case 6: 4
      default: 1
      }
    }
    /// Bytes of a row.
    var rowBytes: Int { (width * channels * depth + 7) / 8 }
    /// The distance to the pixel before, in bytes.
    var pixelBytes: Int { max(1, channels * depth / 8) }
  }

  /// A picture, shown for a second.
  ///
  /// - Throws: ``DataError`` or a format error.
  static func read(_ file: DataBytes) throws -> FrameSequence {
    let (head, palette, data) = try file.withBytes { (bytes) throws(DataError) in
      try chunks(ByteCursor(bytes, path: file.path))
    }
    let count = head.height * (head.rowBytes + 1)
    // so much smaller nothing can be made
    guard count / PNGFile.ratio <= data.count else {
      throw DataError.malformed(
        path: file.path, place: .byte(0), expected: "data for \(head.width) x \(head.height) pixels",
        found: "\(data.count) bytes")
    }
    let rows = try ZlibStream.decompress(data, count: count, path: file.path)
    let pixels = try unfiltered(rows, head, file.path)
    return FrameSequence(
      width: head.width, height: head.height, frames: [colours(pixels, head, palette)], durations: [1])
  }

  private static func chunks(
    _ start: ByteCursor
  ) throws(DataError) -> (head: Head, palette: [UInt8], data: [UInt8]) {
    var cursor = start
    guard recognizes(cursor.bytes) else { throw cursor.malformed("a picture of PNG", "something else") }
    cursor.index = mark.count
    var (head, palette, data) = (Head?.none, [UInt8](), [UInt8]())
    while true {
      let length = try cursor.big(4, "a part")
      let name = try cursor.mark(4, "a part")
      if name == "IEND" { break }
      if name == "IHDR" {
        let own = Head(
          width: try cursor.big(4, "the size"), height: try cursor.big(4, "the size"),
          depth: try cursor.big(1, "the depth"), kind: try cursor.big(1, "the kind"))
        let others = try cursor.big(3, "the head")
        let depths =
          [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]][own.kind] ?? []
        guard length == 13, own.width > 0, own.height > 0, own.width <= pixelLimit / own.height,
          depths.contains(own.depth)
        else {
          throw cursor.malformed("a picture of 1 to 2^24 pixels of a kind of PNG", "\(own)")
        }
        guard others == 0 else {
          throw cursor.malformed(
            "a picture that is not interlaced", others == 1 ? "one that is" : "another kind of compression")
        }
        head = own
      } else {
        let part = try cursor.part(length, "a part of the picture")
        if name == "PLTE" { palette = Array(part) }
        if name == "IDAT" { data += part }
      }
      _ = try cursor.part(4, "a checksum")
    }
    guard let head else { throw cursor.malformed("the head of a picture", "none") }
    guard head.kind != 3 || !palette.isEmpty else { throw cursor.malformed("a palette", "none") }
    return (head, palette, data)
  }

  /// The bytes of the rows without what they are filtered by (RFC 2083, section 6).
  private static func unfiltered(_ rows: [UInt8], _ head: Head, _ path: String) throws(DataError) -> [UInt8] {
    let (width, distance) = (head.rowBytes, head.pixelBytes)
    var pixels = [UInt8](repeating: 0, count: head.height * width)
    for row in 0..<head.height {
      let filter = rows[row * (width + 1)]
      guard filter <= 4 else {
        throw .malformed(
          path: path, place: .byte(0), expected: "rows with filters 0 to 4",
          found: "\(filter) in row \(row + 1)")
      }
      for place in 0..<width {
        let left = place >= distance ? Int(pixels[row * width + place - distance]) : 0
        let above = row > 0 ? Int(pixels[(row - 1) * width + place]) : 0
        let corner = row > 0 && place >= distance ? Int(pixels[(row - 1) * width + place - distance]) : 0
        let guess =
          switch filter {
          case 1: left
          case 2: above
          case 3: (left + above) / 2
          case 4: paeth(left, above, corner)
          default: 0
          }
        pixels[row * width + place] = UInt8(
          truncatingIfNeeded: Int(rows[row * (width + 1) + 1 + place]) + guess)
      }
    }
    return pixels
  }

  private static func paeth(_ left: Int, _ above: Int, _ corner: Int) -> Int {
    let guess = left + above - corner
    let (a, b, c) = (abs(guess - left), abs(guess - above), abs(guess - corner))
    return a <= b && a <= c ? left : b <= c ? above : corner
  }

  /// Red, green and blue of each pixel.
  private static func colours(_ bytes: [UInt8], _ head: Head, _ palette: [UInt8]) -> [UInt8] {
    var colours: [UInt8] = []
    colours.reserveCapacity(3 * head.width * head.height)
    let (width, channels, largest) = (head.rowBytes, head.channels, (1 << min(head.depth, 8)) - 1)
    for row in 0..<head.height {
      func number(_ place: Int) -> Int {
        let start = row * width
        if head.depth >= 8 { return Int(bytes[start + place * head.depth / 8]) }
        let bit = place * head.depth
        return Int(bytes[start + bit / 8]) >> (8 - head.depth - bit % 8) & largest
      }
      for column in 0..<head.width {
        let first = column * channels
        switch head.kind {
        case 2, 6: for channel in 0..<3 { colours.append(UInt8(number(first + channel))) }
        case 3:
          let place = 3 * number(first)
          for channel in 0..<3 {
            colours.append(place + channel < palette.count ? palette[place + channel] : 0)
          }
        default:
          let grey = UInt8(number(first) * 255 / largest)
          colours.append(contentsOf: repeatElement(grey, count: 3))
        }
      }
    }
    return colours
  }
}
