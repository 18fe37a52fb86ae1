/// A drawing of a file that may be half done, with the size of its paper, so that it can go on in the units of another one.
public struct BegunDrawing: Sendable, Equatable {
  /// Its strokes, with y downward: of SVG in the units of the file, of all else as ``RecordSource/drawings(_:part:)`` gives them.
  public let strokes: StrokeSequence
  /// The larger side of the paper; nil where the file does not say, as in InkML and lines of JSON.
  public let side: Double?

  /// Reads the first drawing of a file: SVG, InkML, a line of JSON or `.npz`.
  ///
  /// - Throws: ``DataError`` or a format error.
  public init(_ source: DataSource) throws {
    var data = source
    if source.memoryName == nil, !source.isFolder {
      let file = try DataBytes(source)
      if file.withBytes({ SVGFile.recognizes($0) }) {
        let picture = try SVGFile(file)
        (strokes, side) = (picture.strokes, picture.side)
        return
      }
      // a pipe has no bytes a second time
      data = DataSource(bytes: file.withBytes { Array($0) }, name: source.name)
    }
    guard case .strokes(let own) = try RecordSource.drawings([data]).first().content else {
      throw DataError.empty(path: source.name)
    }
    (strokes, side) = (own, nil)
  }

  /// The strokes on a paper of another side, with the points that lines within 2 of 255 parts of it need. Without a known side they are
  /// as they were.
  public func strokes(onSide other: Double) -> StrokeSequence {
    guard let side, side > 0, other > 0 else { return strokes }
    let moved = strokes.moved(from: StrokeSequence.Point(0, 0), times: Float(other / side))
    return moved.thinned(within: Float(other * 2 / 255))
  }
}
