/// At most four points for each pixel of a line: the first, the lowest, the highest and the last that lie on
/// it, so that no peak is lost. Points are by rising x; what cannot be drawn separates pieces.
func thinned(_ points: [(x: Double, y: Double)], in plot: PlotArea) -> [[(x: Double, y: Double)]] {
  var pieces: [[(x: Double, y: Double)]] = []
  var piece: [(x: Double, y: Double)] = []
  // the points of the current pixel
  var group: [(x: Double, y: Double)] = []
  func flush() {
    guard group.count > 3 else {
      piece += group
      group = []
      return
    }
    var kept: Set = [0, group.count - 1]
    kept.insert(group.indices.min { group[$0].y < group[$1].y }!)
    kept.insert(group.indices.max { group[$0].y < group[$1].y }!)
    piece += kept.sorted().map { group[$0] }
    group = []
  }
  for point in points {
    guard let place = plot.place(point.x, point.y) else {
      flush()
      if !piece.isEmpty { pieces.append(piece) }
      piece = []
      continue
    }
    if let first = group.first, place.x.rounded(.down) != first.x.rounded(.down) { flush() }
    group.append(place)
  }
  flush()
  return piece.isEmpty ? pieces : pieces + [piece]
}
