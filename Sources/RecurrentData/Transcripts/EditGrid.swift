/// The costs of all beginnings of two sequences, in a band around the diagonal.
struct EditGrid {
  private let reference, hypothesis: [Int32]
  private let gap, substitution: Int32
  /// Costs beyond the band; no sum of them overflows.
  private static let beyond = Int32.max / 4
  /// Directions that are kept at once; of more the rows are computed again, part by part.
  private static let cellLimit = 1 << 24

  init(_ reference: [Int32], _ hypothesis: [Int32], _ costs: EditAlignment.Costs) {
    (self.reference, self.hypothesis) = (reference, hypothesis)
    gap = Int32(min(max(costs.gap, 1), 1 << 10))
    substitution = Int32(min(max(costs.substitution, 1), 1 << 10))
  }

  /// Where the cheapest way into a cell comes from.
  private enum Direction {
    static let diagonal: UInt8 = 0
    static let insertion: UInt8 = 1
    static let deletion: UInt8 = 2
  }

  /// A band: the columns `row + low` to `row + low + width - 1` of each row.
  private struct Band {
    var low, width: Int
  }

  /// The cheapest steps.
  func steps() -> [EditAlignment.Step] {
    let (rows, columns) = (reference.count, hypothesis.count)
    let difference = columns - rows
    var slack = 16
    while true {
      let low = max(min(0, difference) - slack, -rows)
      let high = min(max(0, difference) + slack, columns)
      let band = Band(low: low, width: high - low + 1)
      let (marks, cost) = passes(band)
      // a way that leaves the band has more insertions and deletions than one that costs as much
      let needed = (Int(cost) / Int(gap) - abs(difference)) / 2
      if low == -rows && high == columns || slack >= needed { return traced(marks, band) }
      slack = min(4 * slack, needed)
    }
  }

  /// Rows from one whose costs are kept to the next.
  private func blockSize(_ band: Band) -> Int {
    let rows = reference.count
    if (rows + 1) * band.width <= EditGrid.cellLimit { return max(rows, 1) }
    return max(64, Int(Double(rows).squareRoot()))
  }

  /// The costs of each first row of a block, and that of the last cell.
  private func passes(_ band: Band) -> (marks: [[Int32]], cost: Int32) {
    var row = firstRow(band)
    var marks = [row]
    let size = blockSize(band)
    for index in 0..<reference.count {
      if index > 0, index % size == 0 { marks.append(row) }
      advance(&row, from: index, band)
    }
    return (marks, row[hypothesis.count - reference.count - band.low])
  }

  /// The costs of row 0, and one behind the band.
  private func firstRow(_ band: Band) -> [Int32] {
    (0...band.width).map { place in
      let column = place + band.low
      return column < 0 || column > hypothesis.count || place == band.width
        ? EditGrid.beyond : Int32(column) * gap
    }
  }

  /// From the costs of row `index` to those of the next one.
  private func advance(_ row: inout [Int32], from index: Int, _ band: Band) {
    advance(&row, from: index, band) { _, _ in }
  }

  /// From the costs of row `index` to those of the next one, with the direction of each place.
  @inline(__always)
  private func advance(
    _ row: inout [Int32], from index: Int, _ band: Band, _ note: (_ place: Int, _ direction: UInt8) -> Void
  ) {
    let token = reference[index]
    let (gap, substitution) = (gap, substitution)
    // the place of a column is one less than in the row before
    let first = index + 1 + band.low
    let (start, end) = (max(0, -first), min(band.width, hypothesis.count - first + 1))
    row.withUnsafeMutableBufferPointer { row in
      hypothesis.withUnsafeBufferPointer { hypothesis in
        var (left, place) = (EditGrid.beyond, start)
        if first + start == 0 {
          left = min(row[start + 1] + gap, EditGrid.beyond)
          row[start] = left
          note(start, Direction.deletion)
          place += 1
        }
        while place < end {
          let isSame = hypothesis[first + place - 1] == token
          let diagonal = row[place] &+ (isSame ? 0 : substitution)
          let (deletion, insertion) = (row[place + 1] &+ gap, left &+ gap)
          let gapped = min(deletion, insertion)
          note(
            place,
            diagonal <= gapped
              ? Direction.diagonal : deletion < insertion ? Direction.deletion : Direction.insertion)
          left = min(diagonal, gapped)
          row[place] = left
          place += 1
        }
      }
    }
  }

  /// The steps of the cheapest way, found from the end on, block by block.
  private func traced(_ marks: [[Int32]], _ band: Band) -> [EditAlignment.Step] {
    var steps: [EditAlignment.Step] = []
    var column = hypothesis.count
    let size = blockSize(band)
    var directions = [UInt8](repeating: 0, count: min(size, reference.count) * band.width)
    for block in marks.indices.reversed() {
      let rows = block * size..<min((block + 1) * size, reference.count)
      var costs = marks[block]
      directions.withUnsafeMutableBufferPointer { directions in
        for row in rows {
          let start = (row - rows.lowerBound) * band.width
          advance(&costs, from: row, band) { directions[start + $0] = $1 }
        }
      }
      var row = rows.upperBound
      while row > rows.lowerBound {
        let place = column - row - band.low
        switch directions[(row - 1 - rows.lowerBound) * band.width + place] {
        case Direction.diagonal:
          (row, column) = (row - 1, column - 1)
          steps.append(
            reference[row] == hypothesis[column]
              ? .match(reference: row, hypothesis: column) : .substitution(reference: row, hypothesis: column)
          )
        case Direction.insertion:
          column -= 1
          steps.append(.insertion(hypothesis: column))
        default:
          row -= 1
          steps.append(.deletion(reference: row))
        }
      }
    }
    // what stands before the first of the reference
    while column > 0 {
      column -= 1
      steps.append(.insertion(hypothesis: column))
    }
    return steps.reversed()
  }
}
