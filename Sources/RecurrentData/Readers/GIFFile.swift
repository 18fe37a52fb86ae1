import RecurrentFormats

/// Pictures one after the other, as bytes of red, green and blue.
public struct FrameSequence: Sendable, Equatable {
  /// Pixels of a row of a picture.
  public var width: Int
  /// Rows of a picture.
  public var height: Int
  /// For each picture `height * width * 3` bytes.
  public var frames: [[UInt8]]
  /// Seconds that each picture is shown.
  public var durations: [Double]

  /// Pictures of one size.
  public init(width: Int, height: Int, frames: [[UInt8]], durations: [Double]) {
    self.width = width
    self.height = height
    self.frames = frames
    self.durations = durations
  }

  /// The brightness of each pixel of a picture in 0 ... 1 (ITU-R BT.601).
  public func grey(_ frame: Int) -> [Float] {
    let bytes = frames[frame]
    return (0..<width * height).map { place in
      let (red, green, blue) = (
        Float(bytes[3 * place]), Float(bytes[3 * place + 1]), Float(bytes[3 * place + 2])
      )
      return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    }
  }
}

/// Reads GIF 87a and 89a files: all disposal methods, transparency, interlacing, local palettes.
public enum GIFFile {
  /// The most pixels of one picture.
  private static let pixelLimit = 1 << 24
  /// Bytes that pictures may take for each of the file: small changes of a large picture take few.
  private static let ratio = 1000

  /// Whether bytes begin as a GIF does.
  public static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 6 && (bytes[..<6].elementsEqual("GIF87a".utf8) || bytes[..<6].elementsEqual("GIF89a".utf8))
  }

  /// Reads a file.
  ///
  /// - Throws: ``DataError``.
  public static func read(_ file: DataBytes) throws(DataError) -> FrameSequence {
    try file.withBytes { (bytes) throws(DataError) in
      var decoder = try GIFDecoder(ByteCursor(bytes, path: file.path), pixelLimit: pixelLimit)
      let limit = ExpansionLimit.bytes(of: bytes.count, ratio: ratio)
      var frames: [[UInt8]] = []
      var durations: [Double] = []
      while let frame = try decoder.next() {
        frames.append(frame.pixels)
        durations.append(frame.duration)
        guard frames.count * frame.pixels.count <= limit else {
          throw decoder.cursor.malformed(
            "pictures of at most \(limit) bytes together", "more; \(ExpansionLimit.remedy)")
        }
      }
      guard !frames.isEmpty else { throw decoder.cursor.malformed("at least one picture", "none") }
      return FrameSequence(width: decoder.width, height: decoder.height, frames: frames, durations: durations)
    }
  }
}

extension GIFFile {
  /// How long each picture of a file is shown, in seconds, without reading any.
  ///
  /// - Throws: ``DataError``.
  static func durations(of file: DataBytes) throws(DataError) -> [Double] {
    try file.withBytes { (bytes) throws(DataError) in
      var decoder = try GIFDecoder(ByteCursor(bytes, path: file.path), pixelLimit: pixelLimit)
      var durations: [Double] = []
      while let duration = try decoder.skip() { durations.append(duration) }
      guard !durations.isEmpty else { throw decoder.cursor.malformed("at least one picture", "none") }
      return durations
    }
  }
}

/// The pictures of a GIF, drawn one over the other.
private struct GIFDecoder {
  var cursor: ByteCursor
  let width, height: Int
  private var palette: [UInt8] = []
  /// Empty before the first picture.
  private var canvas: [UInt8] = []
  /// How the last picture is taken away before the next one is drawn, and what stood where it was drawn.
  private var disposal = 0
  private var lastArea = (x: 0, y: 0, width: 0, height: 0)
  private var before: [UInt8] = []
  // of the extension before a picture
  private var nextDisposal = 0
  private var transparent: Int?
  private var delay = 0

  init(_ cursor: ByteCursor, pixelLimit: Int) throws(DataError) {
    var cursor = cursor
    guard GIFFile.recognizes(cursor.bytes) else {
      throw cursor.malformed("the mark GIF87a or GIF89a", "something else")
    }
    cursor.index = 6
    width = try cursor.little(2, "the width")
    height = try cursor.little(2, "the height")
    guard width > 0, height > 0, width * height <= pixelLimit else {
      throw cursor.malformed("a picture of 1 to \(pixelLimit) pixels", "\(width) x \(height)")
    }
    let flags = try cursor.byte("the flags")
    _ = try cursor.part(2, "the background")
    if flags & 0x80 != 0 { palette = try GIFDecoder.palette(&cursor, flags) }
    self.cursor = cursor
  }

  private static func palette(_ cursor: inout ByteCursor, _ flags: Int) throws(DataError) -> [UInt8] {
    Array(try cursor.part(3 << (flags & 7 + 1), "a palette"))
  }

  /// The next picture; nil at the end.
  mutating func next() throws(DataError) -> (pixels: [UInt8], duration: Double)? {
    try findPicture() ? try readPicture() : nil
  }

  /// Passes over the next picture; how long it is shown, nil at the end.
  mutating func skip() throws(DataError) -> Double? {
    guard try findPicture() else { return nil }
    _ = try cursor.part(8, "the place of a picture")
    let flags = try cursor.byte("flags")
    if flags & 0x80 != 0 { _ = try GIFDecoder.palette(&cursor, flags) }
    _ = try cursor.byte("the size of a code")
    _ = try blocks()
    return takeDuration()
  }

  /// How long the picture that was read is shown; what its extension said is for it alone.
  private mutating func takeDuration() -> Double {
    defer { (nextDisposal, transparent, delay) = (0, nil, 0) }
    return Double(delay) / 100
  }

  /// Whether a picture follows, up to which everything else is read.
  private mutating func findPicture() throws(DataError) -> Bool {
    while true {
      // a file that is cut behind a picture has the pictures before
      guard cursor.left > 0 else { return false }
      switch try cursor.byte("a block") {
      case 0x21: try readExtension()
      case 0x2C: return true
      case 0x3B: return false
      case let mark:
        cursor.index -= 1
        throw cursor.malformed("a picture, an extension or the end", "the byte \(mark)")
      }
    }
  }

  private mutating func readExtension() throws(DataError) {
    let label = try cursor.byte("an extension")
    if label == 0xF9 {
      let size = try cursor.byte("the size of an extension")
      guard size == 4 else { throw cursor.malformed("an extension of 4 bytes", "\(size)") }
      let flags = try cursor.byte("flags")
      nextDisposal = flags >> 2 & 7
      delay = try cursor.little(2, "a delay")
      let colour = try cursor.byte("a colour")
      transparent = flags & 1 != 0 ? colour : nil
    }
    _ = try blocks()
  }

  /// Blocks up to an empty one, joined.
  private mutating func blocks() throws(DataError) -> [UInt8] {
    var joined: [UInt8] = []
    while true {
      let size = try cursor.byte("the size of a block")
      if size == 0 { return joined }
      joined += try cursor.part(size, "a block")
    }
  }

  private mutating func readPicture() throws(DataError) -> (pixels: [UInt8], duration: Double) {
    let (x, y) = (try cursor.little(2, "a place"), try cursor.little(2, "a place"))
    let (w, h) = (try cursor.little(2, "a width"), try cursor.little(2, "a height"))
    guard x + w <= width, y + h <= height else {
      throw cursor.malformed("a picture within \(width) x \(height)", "\(w) x \(h) at \(x), \(y)")
    }
    let flags = try cursor.byte("flags")
    let colours = flags & 0x80 != 0 ? try GIFDecoder.palette(&cursor, flags) : palette
    let minimum = try cursor.byte("the size of a code")
    guard (2...8).contains(minimum) else { throw cursor.malformed("colours of 2 to 8 bits", "\(minimum)") }
    let place = cursor.index
    let codes = try blocks()
    guard let pixels = GIFCodes(codes, minimum: minimum).pixels(count: w * h) else {
      cursor.index = place
      throw cursor.malformed("codes for \(w * h) pixels", "others")
    }
    if canvas.isEmpty { canvas = [UInt8](repeating: 0, count: width * height * 3) }
    clear()
    if nextDisposal == 3 { before = canvas }
    for row in 0..<h {
      let from = flags & 0x40 != 0 ? GIFDecoder.interlaced(row, of: h) : row
      for column in 0..<w {
        let colour = Int(pixels[row * w + column])
        if colour == transparent { continue }
        guard 3 * colour + 2 < colours.count else {
          throw cursor.malformed("a colour of \(colours.count / 3)", "number \(colour)")
        }
        let to = 3 * ((y + from) * width + x + column)
        for part in 0..<3 { canvas[to + part] = colours[3 * colour + part] }
      }
    }
    disposal = nextDisposal
    lastArea = (x, y, w, h)
    return (canvas, takeDuration())
  }

  /// Takes the last picture away as it asked for.
  private mutating func clear() {
    switch disposal {
    case 2:
      for row in lastArea.y..<lastArea.y + lastArea.height {
        let start = 3 * (row * width + lastArea.x)
        for place in start..<start + 3 * lastArea.width { canvas[place] = 0 }
      }
    case 3: if before.count == canvas.count { canvas = before }
    default: break
    }
  }

  /// Where a row of an interlaced picture stands: every eighth from 0 and from 4, every fourth from 2, every second from 1.
  private static func interlaced(_ row: Int, of height: Int) -> Int {
    var number = row
    for (first, step) in [(0, 8), (4, 8), (2, 4), (1, 2)] {
      let count = max(0, (height - first + step - 1) / step)
      if number < count { return first + number * step }
      number -= count
    }
    return row
  }
}
