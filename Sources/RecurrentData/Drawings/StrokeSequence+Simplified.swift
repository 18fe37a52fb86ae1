extension StrokeSequence {
  /// The least and the largest of both coordinates.
  public var bounds: (low: Point, high: Point) {
    let first = strokes.first?.first ?? Point(0, 0)
    var (low, high) = (first, first)
    for stroke in strokes {
      for point in stroke {
        low = Point(Swift.min(low.x, point.x), Swift.min(low.y, point.y))
        high = Point(Swift.max(high.x, point.x), Swift.max(high.y, point.y))
      }
    }
    return (low, high)
  }

  /// The larger of width and height.
  public var side: Float {
    let (low, high) = bounds
    return Swift.max(high.x - low.x, high.y - low.y)
  }

  /// The same strokes with y downward, as on screens.
  public var downward: StrokeSequence {
    guard isUpward else { return self }
    return StrokeSequence(strokes.map { $0.map { Point($0.x, -$0.y) } }, isUpward: false, brush: brush)
  }

  /// The same strokes, each coordinate less `origin` and times `factor`, widths of a brush too.
  public func moved(from origin: Point, times factor: Float) -> StrokeSequence {
    StrokeSequence(
      strokes.map { $0.map { Point(($0.x - origin.x) * factor, ($0.y - origin.y) * factor) } },
      isUpward: isUpward, brush: brush?.scaled(by: factor))
  }

  /// As Quick, Draw! simplifies drawings: moved to the left and upper border, its larger side 255, a point at each unit of length, and
  /// of these those alone without which a line would be more than 2 units off (Ramer, Douglas and Peucker), or a channel of the brush more
  /// than a tenth of its range.
  public var simplified: StrokeSequence {
    let own = downward
    // no number for a drawing that is one point, or next to it
    let factor = 255 / own.side
    let moved = own.moved(from: own.bounds.low, times: factor.isFinite ? factor : 1)
    return moved.changed { $0.resampled().thinned(within: 2, $1) }
  }

  /// The strokes with the points alone that are needed to be nowhere farther off than `tolerance`, and no channel of the brush farther than
  /// a tenth of its range.
  func thinned(within tolerance: Float) -> StrokeSequence {
    changed { $0.thinned(within: tolerance, $1) }
  }

  /// The strokes after a change of each, which is also given what the columns of the brush may be off.
  private func changed(_ change: (StrokeLine, [Float]) -> StrokeLine) -> StrokeSequence {
    let tolerances = brush?.tolerances ?? []
    let lines = strokes.indices.map { index in
      change(StrokeLine(points: strokes[index], columns: brush?.columns(of: index) ?? []), tolerances)
    }
    return StrokeSequence(
      lines.map(\.points), isUpward: isUpward, brush: brush?.replacing(lines.map(\.columns)))
  }
}
