/// The tokens of a byte-pair encoding: the 256 bytes, then one token a merge, in the order in which they were
/// learnt.
struct BytePairTable: Sendable, Equatable {
  /// A pair of tokens that becomes one.
  struct Pair: Hashable, Sendable {
    let left: Int32
    let right: Int32
  }

  /// The pairs; merge m makes token 256 + m.
  let merges: [Pair]
  private let made: [Pair: Int32]
  private let bytes: [UInt8]
  private let starts: [Int]

  /// What is wrong with a list of merges.
  enum Problem: Error {
    case unknownToken(merge: Int)
    case repeated(merge: Int)
    case tooLong(merge: Int)
  }

  init(_ merges: [Pair]) throws(Problem) {
    var bytes = (0..<256).map { UInt8($0) }
    var starts = Array(0...256)
    var made: [Pair: Int32] = [:]
    made.reserveCapacity(merges.count)
    for (merge, pair) in merges.enumerated() {
      let tokens = 0..<Int32(256 + merge)
      guard tokens.contains(pair.left), tokens.contains(pair.right) else {
        throw .unknownToken(merge: merge)
      }
      let left = starts[Int(pair.left)]..<starts[Int(pair.left) + 1]
      let right = starts[Int(pair.right)]..<starts[Int(pair.right) + 1]
      // No piece is longer, so such a token cannot occur; without a limit each merge could double the length.
      guard left.count + right.count <= PieceStreamLimits.longestPiece else { throw .tooLong(merge: merge) }
      guard made.updateValue(Int32(256 + merge), forKey: pair) == nil else { throw .repeated(merge: merge) }
      bytes.append(contentsOf: bytes[left] + bytes[right])
      starts.append(bytes.count)
    }
    self.merges = merges
    self.made = made
    self.bytes = bytes
    self.starts = starts
  }

  /// The number of tokens.
  var count: Int { 256 + merges.count }

  /// The token that the pair becomes, nil where it is never merged. A lower number was learnt earlier.
  @inline(__always)
  func token(merging left: Int32, _ right: Int32) -> Int32? { made[Pair(left: left, right: right)] }

  /// The bytes of the token.
  func bytes(of token: Int32) -> ArraySlice<UInt8> { bytes[starts[Int(token)]..<starts[Int(token) + 1]] }

  static func == (left: Self, right: Self) -> Bool { left.merges == right.merges }
}
