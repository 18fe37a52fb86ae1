/// The characters of a vocabulary: number 0 is the unknown one, the others follow from 1 on.
struct CharacterTable: Sendable, Equatable {
  /// The characters from number 1 on.
  let characters: [Unicode.Scalar]
  /// The page of each group of 256 scalars; page 0 has nothing but unknowns.
  private let pages: [UInt16]
  /// The numbers of the scalars of all pages, 256 each.
  private let numbers: [Int32]

  /// A table of different characters.
  init(_ characters: [Unicode.Scalar]) {
    self.characters = characters
    var pages = [UInt16](repeating: 0, count: 0x1100)
    var numbers = [Int32](repeating: 0, count: 256)
    for (index, scalar) in characters.enumerated() {
      let group = Int(scalar.value >> 8)
      if pages[group] == 0 {
        pages[group] = UInt16(numbers.count / 256)
        numbers.append(contentsOf: repeatElement(0, count: 256))
      }
      numbers[Int(pages[group]) * 256 + Int(scalar.value & 0xFF)] = Int32(index + 1)
    }
    self.pages = pages
    self.numbers = numbers
  }

  /// The number of the scalar with this value, 0 where it is unknown.
  @inline(__always)
  func number(of scalar: UInt32) -> Int32 {
    numbers[Int(pages[Int(scalar >> 8)]) * 256 + Int(scalar & 0xFF)]
  }

  static func == (left: Self, right: Self) -> Bool { left.characters == right.characters }
}

/// Counts the characters of a text.
struct CharacterCounter {
  private var counts = [Int](repeating: 0, count: 0x110000)

  mutating func count(_ bytes: UnsafeBufferPointer<UInt8>) {
    counts.withUnsafeMutableBufferPointer { counts in
      var index = 0
      while index < bytes.count {
        let (value, length) = scalar(in: bytes, at: index)
        counts[Int(value)] += 1
        index += length
      }
    }
  }

  /// The characters that occur `minimum` times or more, the most frequent first, then by scalar value; at
  /// most `limit`.
  func ranked(minimum: Int, limit: Int?) -> [Unicode.Scalar] {
    let met = counts.indices.filter { counts[$0] >= max(1, minimum) }
    let sorted = met.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    return sorted.prefix(limit ?? sorted.count).compactMap { Unicode.Scalar(UInt32($0)) }
  }
}
