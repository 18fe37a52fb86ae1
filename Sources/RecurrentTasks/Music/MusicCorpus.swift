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

  /// A step of the training part.
  private struct Step {
    let piece: Int
    let lowest: Int
  }

  /// Runs of steps that two pieces share, by where they end in one of them.
  private struct Run {
    /// The step of the other piece at which it ended last.
    var end = -2
    var length = 0
    /// By how many semitones the two differ.
    var shift = 0
  }

  /// The longest run that a piece shares with the training part, moved by up to `semitones`; nil where they share none. Of several the
  /// first one of the first piece.
  ///
  /// - Complexity: O(n + m + k) for n steps of the piece, m of the training part and k pairs of steps with the same intervals.
  public func longestCopy(in steps: [[MusicPiece.Tone]], semitones: Int = 6) -> Copy? {
    // the steps of all pieces one behind the other, each piece behind a place of nothing, by their intervals above the lowest key
    var all: [Step] = []
    var places: [[Int]: [Int]] = [:]
    for (number, piece) in pieces.enumerated() {
      all.append(Step(piece: number, lowest: 0))
      for step in piece {
        let lowest = Int(step.last ?? 0)
        if !step.isEmpty { places[step.map { Int($0) - lowest }, default: []].append(all.count) }
        all.append(Step(piece: number, lowest: lowest))
      }
    }
    var runs = [Run](repeating: Run(), count: all.count)
    var best: Copy?
    for (number, step) in steps.enumerated() {
      guard let lowest = step.last?.key else { continue }
      // from the last place on, so that the one before still has the run that ended a step before
      for place in (places[step.map { $0.key - lowest }] ?? []).reversed() {
        let shift = all[place].lowest - lowest
        guard abs(shift) <= semitones else { continue }
        let before = runs[place - 1]
        let goesOn = before.end == number - 1 && before.shift == shift
        let run = Run(end: number, length: goesOn ? before.length + 1 : 1, shift: shift)
        runs[place] = run
        let copy = Copy(length: run.length, start: number + 1 - run.length, piece: all[place].piece)
        if best.map({ (-copy.length, copy.piece, copy.start) < (-$0.length, $0.piece, $0.start) }) ?? true {
          best = copy
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
