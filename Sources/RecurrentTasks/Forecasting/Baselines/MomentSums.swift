/// Sums of products of inputs with inputs and with outputs: all that a regression has to know.
struct MomentSums {
  /// Inputs of an example, the last of which is 1.
  let count: Int
  /// Outputs of an example.
  let outputs: Int
  /// Examples.
  var rows = 0
  /// The upper triangle of `[count, count]`, row by row.
  var inner: [Double]
  /// `[count, outputs]`.
  var outer: [Double]

  /// The sums of no examples.
  ///
  /// - Parameters:
  ///   - count: inputs of an example, the last of which is always 1, for the bias.
  ///   - outputs: numbers that a regression is to give.
  init(count: Int, outputs: Int) {
    (self.count, self.outputs) = (count, outputs)
    inner = [Double](repeating: 0, count: count * (count + 1) / 2)
    outer = [Double](repeating: 0, count: count * outputs)
  }

  /// Calls `body` with each place in ``inner`` and its place in `[count, count]`.
  private static func forEachPlace(_ count: Int, _ body: (_ place: Int, _ full: Int) -> Void) {
    var place = 0
    for row in 0..<count {
      for column in row..<count {
        body(place, row * count + column)
        place += 1
      }
    }
  }

  mutating func add(_ other: MomentSums) {
    rows += other.rows
    for place in inner.indices { inner[place] += other.inner[place] }
    for place in outer.indices { outer[place] += other.outer[place] }
  }

  /// Adds the rows of a target whose truths are all known.
  ///
  /// - Parameter past: further inputs of each window, the same of all targets.
  mutating func add(_ batch: ForecastBatch, target: Int, past: [Float]) {
    let width = past.count / max(batch.windows.count, 1)
    var (x, y) = ([Float](), [Float]())
    var added = 0
    for row in stride(from: target, to: batch.rowCount, by: batch.targetCount) {
      let truths = row * batch.horizon..<(row + 1) * batch.horizon
      guard batch.weights[truths].allSatisfy({ $0 > 0 }) else { continue }
      x += batch.history[row * batch.lookBack..<(row + 1) * batch.lookBack]
      let window = row / batch.targetCount
      x += past[window * width..<(window + 1) * width]
      x.append(1)
      y += batch.truths[truths]
      added += 1
    }
    guard added > 0 else { return }
    rows += added
    let inputs = Tensor(x, shape: [added, count])
    let products = matmul(inputs, inputs, transposeA: true).scalars
    MomentSums.forEachPlace(count) { inner[$0] += Double(products[$1]) }
    let others = matmul(inputs, Tensor(y, shape: [added, outputs]), transposeA: true).scalars
    for place in outer.indices { outer[place] += Double(others[place]) }
  }

  /// The ridge solution `[count, outputs]`; the bias is not shrunk. Nil where there is none.
  func solved(ridge: Double) -> [Double]? {
    var matrix = [Double](repeating: 0, count: count * count)
    MomentSums.forEachPlace(count) { matrix[$1] = inner[$0] }
    let square = (0..<count - 1).reduce(0) { $0 + matrix[$1 * count + $1] } / Double(max(count - 1, 1))
    // rounding must not make the smallest direction negative
    for place in 0..<count { matrix[place * count + place] += 1e-6 * square + 1e-9 }
    for place in 0..<count - 1 { matrix[place * count + place] += ridge * square }
    return choleskySolution(&matrix, outer, size: count, columns: outputs)
  }
}
