/// A drawing of a file that may be half done, with the size of its paper, so that it can go on in the units of another one.
public struct BegunDrawing: Sendable, Equatable {
  /// Its strokes, with y downward, in the units of the file.
  public let strokes: StrokeSequence
  /// The larger side of the paper; nil where the file does not say, as in lines of JSON.
  public let side: Double?

  /// Reads the first drawing of a file: SVG, InkML, a line of JSON or `.npz`.
  ///
  /// - Throws: ``DataError`` or a format error.
  public init(_ source: DataSource) throws {
    if source.isPath, !source.isFolder {
      let file = try DataBytes(source)
      if file.withBytes({ SVGFile.recognizes($0) }) {
        let picture = try SVGFile(file)
        (strokes, side) = (picture.strokes, picture.side)
        return
      }
      if file.withBytes({ InkMLFile.recognizes($0) }) {
        (strokes, side) = (try InkMLFile(file).strokes.downward, nil)
        return
      }
    }
    guard case .strokes(let own) = try RecordSource.drawings([source]).first().content else {
      throw DataError.empty(path: source.name)
    }
    (strokes, side) = (own, nil)
  }

  /// The strokes on a paper of another side, with the points that lines within 2 of 255 parts of it need. Without a known side they are
  /// as they were.
  public func strokes(onSide other: Double) -> StrokeSequence {
    guard let side, side > 0, other > 0 else { return strokes }
    let moved = strokes.moved(from: StrokeSequence.Point(0, 0), times: Float(other / side))
    let tolerance = Float(other * 2 / 255)
    return StrokeSequence(
      moved.strokes.map { StrokeSequence.thinned($0, within: tolerance) }, isUpward: false)
  }
}
