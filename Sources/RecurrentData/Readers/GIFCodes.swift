/// Variable-length codes after Lempel, Ziv and Welch, as in GIF.
struct GIFCodes {
  private let bytes: [UInt8]
  private let minimum: Int

  init(_ bytes: [UInt8], minimum: Int) {
    self.bytes = bytes
    self.minimum = minimum
  }

  /// So many pixels; nil where the codes are wrong or too few.
  func pixels(count: Int) -> [UInt8]? {
    let clear = 1 << minimum
    // a code has three bits or more and stands for at most as many pixels as there are codes
    guard count <= bytes.count * 8 / 3 * 4096 else { return nil }
    var prefix = [Int](repeating: -1, count: 4096)
    var suffix = [UInt8](repeating: 0, count: 4096)
    var length = [Int](repeating: 1, count: 4096)
    for code in 0..<clear { suffix[code] = UInt8(truncatingIfNeeded: code) }
    var (size, next, last) = (minimum + 1, clear + 2, -1)
    var output = [UInt8](repeating: 0, count: count)
    var (written, bits, bitCount, index) = (0, 0, 0, 0)
    /// Writes what a code stands for, from its end, and returns its first pixel.
    func write(_ code: Int) -> UInt8 {
      var (code, place) = (code, written + length[code] - 1)
      while true {
        if place < count { output[place] = suffix[code] }
        guard prefix[code] >= 0, code >= clear + 2 else { break }
        code = prefix[code]
        place -= 1
      }
      return suffix[code]
    }
    while written < count {
      while bitCount < size {
        guard index < bytes.count else { return nil }
        bits |= Int(bytes[index]) << bitCount
        bitCount += 8
        index += 1
      }
      let code = bits & (1 << size - 1)
      bits >>= size
      bitCount -= size
      if code == clear {
        (size, next, last) = (minimum + 1, clear + 2, -1)
        continue
      }
      if code == clear + 1 { return nil }
      if last < 0 {
        guard code < clear else { return nil }
        _ = write(code)
        written += 1
      } else {
        guard code <= next, code < 4096 else { return nil }
        let isNew = code == next
        // a code that is not known yet is the last one and its own first pixel
        let first = write(isNew ? last : code)
        if isNew, written + length[last] < count { output[written + length[last]] = first }
        written += isNew ? length[last] + 1 : length[code]
        if next < 4096 {
          prefix[next] = last
          suffix[next] = first
          length[next] = length[last] + 1
          next += 1
          if next == 1 << size, size < 12 { size += 1 }
        }
      }
      last = code
    }
    return output
  }
}
