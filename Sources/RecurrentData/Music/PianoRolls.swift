import RecurrentFormats

/// Piano rolls, as sets of pieces have them that were made for learning: a list of keys for each step of each piece, in parts to train
/// on, to validate and to test with.
///
/// In JSON an object `{"train": [[[60, 64, 67], ...], ...], "valid": ..., "test": ...}`, or a list of pieces; in a pickle of Python the
/// same; in a file of MATLAB cells of matrices `[steps, keys]` of zeros and ones, the first key being 21.
enum PianoRolls {
  /// The pieces of a value; keys below zero stand for silent voices.
  ///
  /// - Throws: ``DataError`` where it is no set of pieces.
  static func pieces(_ value: JSONValue, path: String) throws(DataError) -> [MusicPiece] {
    func malformed(_ expected: String, _ place: String, _ found: JSONValue) -> DataError {
      .malformed(path: path, place: .byte(0), expected: expected, found: "\(found.kind) at \(place)")
    }
    var pieces: [MusicPiece] = []
    func add(_ list: JSONValue, _ name: String, _ part: DataPart?) throws(DataError) {
      guard case .list(let all) = list else { throw malformed("a list of pieces", name, list) }
      for (number, piece) in all.enumerated() {
        let place = "\(name), piece \(number + 1)"
        guard case .list(let steps) = piece else { throw malformed("a list of steps", place, piece) }
        guard !steps.isEmpty else { continue }
        guard steps.count <= MusicGrid.stepLimit else {
          throw .malformed(
            path: path, place: .byte(0), expected: "at most \(MusicGrid.stepLimit) steps",
            found: "\(steps.count) at \(place)")
        }
        var keys: [[Int]] = []
        for (index, step) in steps.enumerated() {
          guard case .list(let tones) = step else {
            throw malformed("a list of keys", "\(place), step \(index + 1)", step)
          }
          var own: [Int] = []
          for tone in tones {
            guard case .number(let number) = tone, number < 0 || (0...127).contains(number),
              number == number.rounded()
            else { throw malformed("a key, 0 to 127", "\(place), step \(index + 1)", tone) }
            if number >= 0 { own.append(Int(number)) }
          }
          keys.append(own)
        }
        pieces.append(MusicPiece(name: "\(path), \(place)", keys: keys, part: part))
      }
    }
    switch value {
    case .list: try add(value, "the list", nil)
    case .object(let members):
      // the parts in their usual order
      let known = members.keys.compactMap { name in DataPart(word: name).map { (name: name, part: $0) } }
      for part in DataPart.allCases {
        for own in known.filter({ $0.part == part }).sorted(by: { $0.name < $1.name }) {
          try add(members[own.name] ?? .null, own.name, part)
        }
      }
      guard !known.isEmpty else {
        throw .malformed(
          path: path, place: .byte(0), expected: "an object with \"train\", \"valid\" and \"test\"",
          found: "one with " + members.keys.sorted().prefix(5).map { "\"\($0)\"" }.joined(separator: ", "))
      }
    default: throw malformed("a set of pieces: an object of lists, or a list", "the beginning", value)
    }
    return pieces
  }

  /// The key of the first column of a matrix: the lowest of a piano.
  private static let lowest = 21

  /// The pieces of a file of MATLAB: cells called `traindata`, `validdata` and `testdata`, or by the words of parts alone.
  ///
  /// - Throws: ``DataError`` where it has none.
  static func pieces(_ file: MATFile) throws(DataError) -> [MusicPiece] {
    var pieces: [MusicPiece] = []
    for part in DataPart.allCases {
      for variable in file.variables {
        let name = variable.name.hasSuffix("data") ? String(variable.name.dropLast(4)) : variable.name
        guard DataPart(word: name) == part, case .cells(_, let cells) = variable.value else { continue }
        for (number, cell) in cells.enumerated() {
          let place = "\(variable.name){\(number + 1)}"
          guard case .numbers(let shape, let values) = cell, shape.count == 2,
            values.isEmpty || shape[0] <= MusicGrid.stepLimit && shape[1] <= 128 - lowest
          else {
            throw .malformed(
              path: file.path, place: .byte(0),
              expected: "a matrix of at most \(MusicGrid.stepLimit) steps and \(128 - lowest) keys",
              found: "something else at \(place)")
          }
          // steps without columns take no bytes, and must not make a piece of any length
          if values.isEmpty { continue }
          // columns stand one behind the other
          let keys = (0..<shape[0]).map { step in
            (0..<shape[1]).filter { values[$0 * shape[0] + step] != 0 }.map { $0 + lowest }
          }
          pieces.append(MusicPiece(name: "\(file.path), \(place)", keys: keys, part: part))
        }
      }
    }
    guard !pieces.isEmpty else {
      let names = file.variables.prefix(5).map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw .malformed(
        path: file.path, place: .byte(0), expected: "cells \"traindata\", \"validdata\" or \"testdata\"",
        found: names.isEmpty ? "no variables" : names)
    }
    return pieces
  }
}

extension JSONValue {
  /// What it is, for errors.
  fileprivate var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number(let value): "\(value)"
    case .text: "a text"
    case .list: "a list"
    case .object: "an object"
    }
  }
}
