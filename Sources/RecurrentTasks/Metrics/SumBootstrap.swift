/// Sums over the items of a set, and what they would be for other items of the same kind: as many are drawn with replacement,
/// 1,000 times (Efron 1979, doi:10.1214/aos/1176344552).
struct SumBootstrap {
  /// The sums over the set.
  let sums: [Int]
  /// The sums of each draw; none of a single item, of which draws say nothing.
  private let draws: [[Int]]

  /// - Parameters:
  ///   - rows: the numbers of all items that are summed, `width` of each, one item after the other.
  ///   - width: at least 1.
  ///   - seed: of the draws.
  init(_ rows: [Int], width: Int, seed: UInt64) {
    let count = rows.count / width
    func sum(_ items: some Sequence<Int>) -> [Int] {
      var sums = [Int](repeating: 0, count: width)
      rows.withUnsafeBufferPointer { rows in
        sums.withUnsafeMutableBufferPointer { sums in
          for item in items { for column in 0..<width { sums[column] += rows[item * width + column] } }
        }
      }
      return sums
    }
    sums = sum(0..<count)
    guard count > 1 else {
      draws = []
      return
    }
    let key = RandomKey(seed: seed)
    draws = (0..<1000).map { draw in
      sum(key.child(draw).uniforms(count).lazy.map { min(Int(Double($0) * Double(count)), count - 1) })
    }
  }

  /// A score of sums with the bounds between which 95 % of the draws lie.
  func interval(_ score: ([Int]) -> Double) -> ScoreInterval {
    ScoreInterval(score(sums), draws: draws.map(score))
  }
}
