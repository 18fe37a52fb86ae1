/// Numbers at which arithmetic of sizes goes wrong: products overflow, differences are negative, nothing is there.
public let boundaryNumbers: [Int] = [0, 1, -1, 1 << 31 - 1, 1 << 32, 1 << 62, .max]

/// Throws unless a reader withstands files that are sound but for a number: each must be read, or refused by an error in
/// one line that names `path`, within seconds.
///
/// - Parameters:
///   - files: the damaged files.
///   - path: what errors must name.
///   - read: reads a file completely, with all its numbers.
public func checkStructure(
  _ files: some Sequence<[UInt8]>, naming path: String = "", read: ([UInt8]) throws -> Void
) throws {
  let clock = ContinuousClock()
  for bytes in files {
    let start = clock.now
    do { try read(bytes) } catch {
      let text = "\(error)"
      guard !text.isEmpty, !text.contains("\n"), path.isEmpty || text.contains(path) else {
        throw CheckFailure("an error is not one line with \"\(path)\": \(text.prefix(300))")
      }
    }
    // generous: other tests and other programs run beside this one
    guard clock.now - start < .seconds(10) else {
      throw CheckFailure("a file of \(bytes.count) bytes takes \(clock.now - start): \(bytes.prefix(400))")
    }
  }
}

/// Files with every number of 1, 2, 4 and 8 bytes, in both orders, replaced by each of the boundary numbers, at most about
/// `most` of them, evenly chosen.
public func damagedNumbers(_ bytes: [UInt8], most: Int = 4000) -> some Sequence<[UInt8]> {
  let widths = [1, 2, 4, 8]
  let count = bytes.count * widths.count * 2 * boundaryNumbers.count
  return stride(from: 0, to: count, by: max(1, count / most)).lazy.map { number in
    var rest = number
    func next(_ count: Int) -> Int {
      defer { rest /= count }
      return rest % count
    }
    let (value, isBig, width) = (boundaryNumbers[next(boundaryNumbers.count)], next(2) == 1, widths[next(4)])
    var damaged = bytes
    for place in 0..<width where rest + place < bytes.count {
      let shift = 8 * (isBig ? width - 1 - place : place)
      damaged[rest + place] = UInt8(truncatingIfNeeded: value >> shift)
    }
    return damaged
  }
}

/// Texts with every number in decimal digits replaced by each of the boundary numbers.
public func damagedNumerals(_ text: [UInt8]) -> [[UInt8]] {
  let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
  var texts: [[UInt8]] = []
  var start = 0
  while let begin = text[start...].firstIndex(where: isDigit) {
    let end = text[begin...].firstIndex { !isDigit($0) } ?? text.count
    for number in boundaryNumbers { texts.append(text[..<begin] + Array("\(number)".utf8) + text[end...]) }
    start = end
  }
  return texts
}

/// Messages of Protocol Buffers with every number in them, at any depth, replaced by each of the boundary numbers, lengths
/// around it made right.
public func damagedMessages(_ message: [UInt8]) -> [[UInt8]] {
  MessageField.damaged(message[...], depth: 0) ?? []
}

/// A field of a message.
private struct MessageField {
  let tag: ArraySlice<UInt8>
  let wire: UInt64
  /// The number of a field of kind 0, or the content of one of kind 2.
  let value: ArraySlice<UInt8>

  static func varint(_ value: UInt64) -> [UInt8] {
    var (bytes, rest) = ([UInt8](), value)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var (value, shift) = (UInt64(0), UInt64(0))
    while let byte = bytes.popFirst(), shift < 64 {
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    return nil
  }

  /// The fields of a message; nil where the bytes are none.
  static func fields(_ message: ArraySlice<UInt8>) -> [MessageField]? {
    var (rest, fields) = (message, [MessageField]())
    while !rest.isEmpty {
      let begin = rest
      guard let tag = number(&rest), tag >> 3 > 0 else { return nil }
      let head = begin.prefix(begin.count - rest.count)
      let size: Int
      switch tag & 7 {
      case 0:
        let start = rest
        guard number(&rest) != nil else { return nil }
        fields.append(MessageField(tag: head, wire: 0, value: start.prefix(start.count - rest.count)))
        continue
      case 1: size = 8
      case 5: size = 4
      case 2:
        guard let count = number(&rest), count <= UInt64(rest.count) else { return nil }
        size = Int(count)
      default: return nil
      }
      guard size <= rest.count else { return nil }
      fields.append(MessageField(tag: head, wire: tag & 7, value: rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    return fields
  }

  func bytes(_ value: some Collection<UInt8>) -> [UInt8] {
    Array(tag) + (wire == 2 ? MessageField.varint(UInt64(value.count)) : []) + value
  }

  /// The message with one number changed, in all ways; nil where the bytes are no message.
  static func damaged(_ message: ArraySlice<UInt8>, depth: Int) -> [[UInt8]]? {
    guard depth < 12, let fields = fields(message) else { return nil }
    var results: [[UInt8]] = []
    for (index, field) in fields.enumerated() {
      let before = fields[..<index].flatMap { $0.bytes($0.value) }
      let after = fields[(index + 1)...].flatMap { $0.bytes($0.value) }
      var values: [[UInt8]] = []
      if field.wire == 0 {
        values = boundaryNumbers.map { varint(UInt64(bitPattern: Int64($0))) }
      } else if field.wire == 2 {
        values = damaged(field.value, depth: depth + 1) ?? []
        // a short list of numbers without tags: extents
        if field.value.count <= 8 {
          for place in field.value.indices where field.value[place] < 0x80 {
            values += boundaryNumbers.map {
              field.value[..<place] + varint(UInt64(bitPattern: Int64($0))) + field.value[(place + 1)...]
            }
          }
        }
      }
      results += values.map { before + field.bytes($0) + after }
    }
    return results
  }
}
