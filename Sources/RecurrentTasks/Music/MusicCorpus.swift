/// The steps of the training part, so that a piece can be compared with it.
public struct MusicCorpus: Sendable, Equatable {
  /// The keys of each step of each piece, the highest first.
  public var pieces: [[[UInt8]]]

  /// Steps that are kept at most.
  static let limit = 1 << 20

  /// The steps of pieces.
  public init(_ pieces: [[[UInt8]]] = []) { self.pieces = pieces }

  /// The longest run of steps that stands in a piece and in the training part, there perhaps some semitones higher or lower; steps
  /// at which all is silent do not count as such.
  public struct Copy: Sendable, Equatable, Codable {
    /// Steps of the run.
    public var length: Int
    /// The step of the piece at which it begins, from 0.
    public var start: Int
    /// The number of the piece of the training part, from 0.
    public var piece: Int
  }

  /// A step as its intervals, by a number, above its lowest key.
  private struct Chord {
    var intervals: Int
    var lowest: Int
  }

  /// The number of what sounds nowhere in a piece.
  private static let unknown = -1

  /// The longest run that a piece shares with the training part, moved by up to `semitones`; nil where they share none.
  ///
  /// - Complexity: O(n m) for n steps of the piece and m of the training part.
  public func longestCopy(in steps: [[MusicPiece.Tone]], semitones: Int = 6) -> Copy? {
    var numbers: [[Int]: Int] = [:]
    let own = steps.map { step -> Chord in
      guard let lowest = step.last?.key else { return Chord(intervals: MusicCorpus.unknown, lowest: 0) }
      let intervals = step.map { $0.key - lowest }
      let number = numbers[intervals] ?? numbers.count
      numbers[intervals] = number
      return Chord(intervals: number, lowest: lowest)
    }
    var best: Copy?
    for (number, piece) in pieces.enumerated() {
      let others = piece.map { step in
        let lowest = Int(step.last ?? 0)
        return Chord(
          intervals: numbers[step.map { Int($0) - lowest }] ?? MusicCorpus.unknown, lowest: lowest)
      }
      // runs that end at a step of the piece and at each of the other; a run goes on while the distance is the same
      var runs = [Int](repeating: 0, count: others.count)
      for (step, chord) in own.enumerated() {
        var before = 0
        for place in others.indices {
          let shift = others[place].lowest - chord.lowest
          var run = 0
          if chord.intervals != MusicCorpus.unknown, chord.intervals == others[place].intervals,
            abs(shift) <= semitones
          {
            let goesOn = before > 0 && others[place - 1].lowest - own[step - 1].lowest == shift
            run = goesOn ? before + 1 : 1
          }
          before = runs[place]
          runs[place] = run
          if run > best?.length ?? 0 { best = Copy(length: run, start: step + 1 - run, piece: number) }
        }
      }
    }
    return best
  }

  // MARK: File

  /// The file: of each piece the number of steps, of each step the number of keys, and the keys; numbers of 4 bytes, little-endian, and
  /// of 1.
  var bytes: [UInt8] {
    pieces.flatMap { piece in
      (0..<4).map { UInt8(truncatingIfNeeded: piece.count >> (8 * $0)) }
        + piece.flatMap { [UInt8($0.count)] + $0 }
    }
  }

  /// Reads the file.
  ///
  /// - Throws: ``BundleError/damaged(path:reason:)``.
  init(bytes: [UInt8], path: String) throws(BundleError) {
    pieces = []
    var index = 0
    let cut = BundleError.damaged(path: path, reason: "it is cut, or has steps that cannot be")
    while index < bytes.count {
      guard index + 4 <= bytes.count else { throw cut }
      let count = (0..<4).reduce(0) { $0 | Int(bytes[index + $1]) << (8 * $1) }
      index += 4
      guard count <= bytes.count - index else { throw cut }
      var piece: [[UInt8]] = []
      for _ in 0..<count {
        guard index < bytes.count, index + Int(bytes[index]) < bytes.count else { throw cut }
        let keys = Array(bytes[(index + 1)..<(index + 1 + Int(bytes[index]))])
        guard keys.allSatisfy({ $0 < 128 }) else { throw cut }
        piece.append(keys)
        index += 1 + keys.count
      }
      pieces.append(piece)
    }
  }
}

extension Optional<MusicCorpus.Copy> {
  /// A line that says how much of so many steps or notes stands in the training part, and where.
  func line(of count: Int, _ units: String, of whole: String) -> String {
    guard let copy = self else {
      return "longest copy: none of \(count) \(units) stands in the training part"
    }
    return
      "longest copy: \(copy.length) of \(count) \(units), as in \(whole) \(copy.piece + 1) of the training part"
  }
}
