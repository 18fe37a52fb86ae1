/// Decompresses data in the deflate format (RFC 1951).
///
/// The size of the result is known beforehand, so that a small hostile input cannot ask for more memory.
struct Inflate {
  private let input: UnsafeRawBufferPointer
  private let path: String
  private let base: Int
  private var index = 0
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  private let limit: Int
  /// Whether there was more than the limit.
  private var isOverLimit = false

  /// The `count` bytes that `input` stands for, which begins at byte `base` of the file at `path`.
  static func decompress(
    _ input: UnsafeRawBufferPointer, count: Int, path: String, base: Int
  ) throws(FormatError) -> [UInt8] {
    var inflate = Inflate(input: input, path: path, base: base, limit: count)
    inflate.output.reserveCapacity(count)
    while try !inflate.block() {}
    guard inflate.output.count == count else {
      throw .unexpected(
        path: path, offset: base, what: "compressed data", expected: "\(count) bytes in it",
        found: "\(inflate.output.count)")
    }
    return inflate.output
  }

  /// What the stream at the beginning of `input` stands for, and how many bytes of the input it takes; nil where that is
  /// more than `limit` bytes.
  static func decompress(
    prefixOf input: UnsafeRawBufferPointer, limit: Int, path: String, base: Int
  ) throws(FormatError) -> (output: [UInt8], consumed: Int)? {
    var inflate = Inflate(input: input, path: path, base: base, limit: limit)
    do throws(FormatError) {
      while try !inflate.block() {}
    } catch {
      if inflate.isOverLimit { return nil }
      throw error
    }
    return (inflate.output, inflate.index - inflate.bitCount / 8)
  }

  private init(input: UnsafeRawBufferPointer, path: String, base: Int, limit: Int) {
    self.input = input
    self.path = path
    self.base = base
    self.limit = limit
  }

  private func damaged(_ expected: String, _ found: String) -> FormatError {
    .unexpected(path: path, offset: base + index, what: "compressed data", expected: expected, found: found)
  }

  /// Sees to it that `count` <= 32 bits are there; past the end there are zeros, which `take` refuses.
  private mutating func fill(_ count: Int) {
    while bitCount < count {
      if index < input.count { bits |= UInt64(input[index]) << UInt64(bitCount) }
      index += 1
      bitCount += 8
    }
  }

  private mutating func drop(_ count: Int) throws(FormatError) {
    bits >>= UInt64(count)
    bitCount -= count
    // bytes that were read beyond the end may be there as long as none of their bits is used
    if index - bitCount / 8 > input.count {
      throw .truncated(path: path, offset: base + input.count, needed: 1, found: 0)
    }
  }

  private mutating func take(_ count: Int) throws(FormatError) -> Int {
    if count == 0 { return 0 }
    fill(count)
    let value = Int(bits & (1 << UInt64(count) - 1))
    try drop(count)
    return value
  }

  /// Sees to it that there is room for `count` bytes more.
  private mutating func need(_ count: Int) throws(FormatError) {
    guard count <= limit - output.count else {
      isOverLimit = true
      throw damaged("at most \(limit) bytes in it", "more")
    }
  }

  private mutating func emit(_ byte: UInt8) throws(FormatError) {
    try need(1)
    output.append(byte)
  }

  /// One block; whether it was the last.
  private mutating func block() throws(FormatError) -> Bool {
    let isLast = try take(1) == 1
    switch try take(2) {
    case 0: try stored()
    case 1: try compressed(literals: Huffman.fixedLiterals, distances: Huffman.fixedDistances)
    case 2:
      let tables = try dynamicTables()
      try compressed(literals: tables.literals, distances: tables.distances)
    default: throw damaged("a block of kind 0, 1 or 2", "kind 3")
    }
    return isLast
  }

  private mutating func stored() throws(FormatError) {
    try drop(bitCount % 8)
    let (count, complement) = (try take(16), try take(16))
    guard count == ~complement & 0xFFFF else { throw damaged("a length and its complement", "\(count)") }
    try need(count)
    for _ in 0..<count { output.append(UInt8(try take(8))) }
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
    4097, 6145,
    8193, 12289, 16385, 24577,
  ]

  private mutating func compressed(literals: Huffman, distances: Huffman) throws(FormatError) {
    while true {
      let symbol = try decode(literals)
      if symbol < 256 {
        try emit(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol - 257 < Inflate.lengthBases.count else { throw damaged("a length", "symbol \(symbol)") }
      let length = Inflate.lengthBases[symbol - 257] + (try take(Inflate.lengthBits[symbol - 257]))
      let code = try decode(distances)
      guard code < Inflate.distanceBases.count else { throw damaged("a distance", "symbol \(code)") }
      let distance = Inflate.distanceBases[code] + (try take(code < 2 ? 0 : code / 2 - 1))
      guard distance <= output.count else {
        throw damaged("a distance of at most \(output.count)", "\(distance)")
      }
      try need(length)
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  private mutating func decode(_ table: Huffman) throws(FormatError) -> Int {
    fill(Huffman.most)
    let entry = table.entries[Int(bits & UInt64(1 << Huffman.most - 1))]
    guard entry.length > 0 else { throw damaged("a code of its table", "another one") }
    try drop(Int(entry.length))
    return Int(entry.symbol)
  }

  private mutating func dynamicTables() throws(FormatError) -> (literals: Huffman, distances: Huffman) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let orderCount = try take(4) + 4
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [UInt8](repeating: 0, count: 19)
    for place in order.prefix(orderCount) { lengths[place] = UInt8(try take(3)) }
    guard let codes = Huffman(lengths) else { throw damaged("lengths that make a code", "others") }
    var all: [UInt8] = []
    while all.count < literalCount + distanceCount {
      let symbol = try decode(codes)
      switch symbol {
      case 0..<16: all.append(UInt8(symbol))
      case 16:
        guard let last = all.last else { throw damaged("a length to repeat", "none") }
        all += [UInt8](repeating: last, count: 3 + (try take(2)))
      case 17: all += [UInt8](repeating: 0, count: 3 + (try take(3)))
      default: all += [UInt8](repeating: 0, count: 11 + (try take(7)))
      }
    }
    guard all.count == literalCount + distanceCount else {
      throw damaged("\(literalCount + distanceCount) lengths", "\(all.count)")
    }
    guard let literals = Huffman(Array(all.prefix(literalCount))),
      let distances = Huffman(Array(all.suffix(distanceCount)))
    else { throw damaged("lengths that make a code", "others") }
    return (literals, distances)
  }
}

/// A prefix code with its symbols by the next bits of the input.
private struct Huffman {
  /// The longest code, in bits.
  static let most = 15

  struct Entry {
    var symbol: UInt16 = 0
    /// 0 for bits that begin no code.
    var length: UInt8 = 0
  }

  private(set) var entries = [Entry](repeating: Entry(), count: 1 << Huffman.most)

  /// The canonical code whose symbols have these lengths, 0 for none; nil where there is none.
  init?(_ lengths: [UInt8]) {
    var counts = [Int](repeating: 0, count: Huffman.most + 1)
    for length in lengths where length > 0 { counts[Int(length)] += 1 }
    var first = [Int](repeating: 0, count: Huffman.most + 2)
    for length in 1...Huffman.most {
      first[length + 1] = (first[length] + counts[length]) << 1
      guard first[length] + counts[length] <= 1 << length else { return nil }
    }
    for (symbol, length) in lengths.enumerated() where length > 0 {
      let code = first[Int(length)]
      first[Int(length)] += 1
      var reversed = 0
      for bit in 0..<Int(length) where code >> bit & 1 == 1 { reversed |= 1 << (Int(length) - 1 - bit) }
      for place in stride(from: reversed, to: 1 << Huffman.most, by: 1 << Int(length)) {
        entries[place] = Entry(symbol: UInt16(symbol), length: length)
      }
    }
  }

  /// Of blocks of kind 1.
  static let fixedLiterals: Huffman = {
    let lengths = (0..<288).map { UInt8($0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8) }
    // complete, hence a code
    return Huffman(lengths).unsafelyUnwrapped
  }()

  static let fixedDistances = Huffman([UInt8](repeating: 5, count: 30)).unsafelyUnwrapped
}
