/// Music on a grid: what sounds at each step.
public struct MusicPiece: Sendable, Equatable {
  /// A key that sounds at a step.
  public struct Tone: Sendable, Hashable, Codable {
    /// The number of the key, 0 to 127; 60 is the middle C.
    public var key: Int
    /// Whether it goes on from the step before, and is not struck.
    public var isHeld: Bool

    /// A key that is struck, or held.
    public init(_ key: Int, isHeld: Bool = false) { (self.key, self.isHeld) = (key, isHeld) }
  }

  /// Where it comes from.
  public var name: String
  /// For each step what sounds, the highest key first, each at most once.
  public var steps: [[Tone]]
  /// Whether it tells held tones from struck ones; without, all are struck.
  public var tellsHeld: Bool
  /// What it is for; nil where nobody says.
  public var part: DataPart?
  /// The word that it is told apart by, such as its composer; nil where nobody says.
  public var label: String?

  /// A piece.
  public init(name: String = "", steps: [[Tone]], tellsHeld: Bool = true, part: DataPart? = nil) {
    (self.name, self.steps, self.tellsHeld, self.part) = (name, steps, tellsHeld, part)
  }

  /// A piece of keys alone, in any order, each step by step.
  public init(name: String = "", keys: [[Int]], part: DataPart? = nil) {
    let steps = keys.map { step in Set(step).sorted(by: >).map { Tone($0) } }
    self.init(name: name, steps: steps, tellsHeld: false, part: part)
  }

  /// The keys of each step, the highest first.
  public var keys: [[Int]] { steps.map { $0.map(\.key) } }

  /// The range of its keys; nil where nothing sounds.
  public var range: ClosedRange<Int>? {
    let keys = steps.lazy.flatMap { $0 }.map(\.key)
    guard let low = keys.min(), let high = keys.max() else { return nil }
    return low...high
  }

  /// The piece so many semitones higher; keys beyond a range are moved by octaves into it. Traps unless the range holds an octave.
  public func transposed(by semitones: Int, within range: ClosedRange<Int> = 0...127) -> MusicPiece {
    var copy = self
    for index in steps.indices { copy.steps[index] = steps[index].transposed(by: semitones, within: range) }
    return copy
  }
}

extension [MusicPiece.Tone] {
  /// The tones so many semitones higher; keys beyond a range are moved by octaves into it, where they may meet others.
  public func transposed(by semitones: Int, within range: ClosedRange<Int> = 0...127) -> [MusicPiece.Tone] {
    trapUnless(range.count >= 12, "transposed: expected a range of an octave or more, received \(range)")
    var isFolded = false
    let moved = map { tone in
      var key = tone.key + semitones
      while key < range.lowerBound { key += 12 }
      while key > range.upperBound { key -= 12 }
      isFolded = isFolded || key != tone.key + semitones
      return MusicPiece.Tone(key, isHeld: tone.isHeld)
    }
    guard isFolded else { return moved }
    let unique = Dictionary(moved.map { ($0.key, $0) }) { $0.isHeld ? $1 : $0 }
    return unique.values.sorted { $0.key > $1.key }
  }
}
