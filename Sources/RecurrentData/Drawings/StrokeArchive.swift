import RecurrentFormats

/// Drawings in the `.npz` form of sketch-rnn: lists `train`, `valid` and `test` of arrays `[N, 3]`, the offsets dx and dy from the point
/// before and whether the pen is lifted after a point.
///
/// The pickles within are read as data: nothing but arrays of numbers may stand in them.
public struct StrokeArchive: Sendable {
  /// The drawings of a list, in order.
  public struct Part: Sendable, Equatable {
    /// The name of the list.
    public let name: String
    /// The drawings, with y downward.
    public let drawings: [StrokeSequence]
  }

  /// The lists in the order of the file.
  public let parts: [Part]

  /// Whether bytes begin as zip files do.
  static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: [0x50, 0x4B, 3, 4]) }

  /// Reads a file.
  ///
  /// - Throws: ``DataError`` or a format error.
  public init(_ file: DataBytes) throws {
    let archive = try NPZObjects(bytes: file.withBytes { Array($0) }, path: file.path)
    parts = try archive.names.map { name in
      Part(
        name: name,
        drawings: try archive.arrays(named: name).enumerated().map { index, array in
          try StrokeArchive.drawing(array) { expected, found in
            .malformed(
              path: "\(file.path)/\(name)", place: .line(index + 1), expected: expected, found: found)
          }
        })
    }
  }

  private static func drawing(
    _ array: StoredArray, malformed: (_ expected: String, _ found: String) -> DataError
  ) throws -> StrokeSequence {
    guard array.shape.count == 2, array.shape[1] == 3, array.shape[0] > 0 else {
      throw malformed("an array of the shape [points, 3] with at least one point", "the shape \(array.shape)")
    }
    let numbers = try array.floats(convertsIntegers: true)
    var (strokes, x, y, isDown): ([[StrokeSequence.Point]], Double, Double, Bool) = ([], 0, 0, false)
    for place in stride(from: 0, to: numbers.count, by: 3) {
      (x, y) = (x + Double(numbers[place]), y + Double(numbers[place + 1]))
      guard StrokeSequence.coordinates.contains(x), StrokeSequence.coordinates.contains(y) else {
        throw malformed(
          "coordinates within \(StrokeSequence.coordinates.upperBound)",
          "\(x), \(y) at point \(place / 3 + 1)")
      }
      let point = StrokeSequence.Point(Float(x), Float(y))
      if isDown { strokes[strokes.count - 1].append(point) } else { strokes.append([point]) }
      guard numbers[place + 2] == 0 || numbers[place + 2] == 1 else {
        throw malformed("0 or 1 for a lifted pen", "\(numbers[place + 2]) at point \(place / 3 + 1)")
      }
      isDown = numbers[place + 2] == 0
    }
    return StrokeSequence(strokes, isUpward: false)
  }
}
