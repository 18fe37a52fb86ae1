#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The best items of a row of scores, of equal ones those with lower numbers.
struct TopItems: Sendable, Equatable {
  /// Their numbers, the best first.
  private(set) var items: [Int32] = []
  private var scores: [Float] = []
  private let limit: Int

  /// Room for so many.
  init(_ limit: Int) {
    self.limit = limit
    items.reserveCapacity(limit + 1)
    scores.reserveCapacity(limit + 1)
  }

  /// Chooses among all items of a row that are wanted; what is not a number is not chosen.
  mutating func choose(
    from row: UnsafeBufferPointer<Float>, isWanted: (Int32) -> Bool = { _ in true }
  ) {
    items.removeAll(keepingCapacity: true)
    scores.removeAll(keepingCapacity: true)
    guard limit > 0 else { return }
    var least = -Float.infinity
    for index in row.indices {
      let score = row[index]
      guard items.count < limit ? !score.isNaN : score > least, isWanted(Int32(index)) else { continue }
      var place = items.count
      while place > 0, scores[place - 1] < score { place -= 1 }
      items.insert(Int32(index), at: place)
      scores.insert(score, at: place)
      if items.count > limit {
        items.removeLast()
        scores.removeLast()
      }
      least = scores[scores.count - 1]
    }
  }

  /// The choices with their probabilities among all items of the row that are wanted.
  func choices(
    from row: UnsafeBufferPointer<Float>, isWanted: (Int32) -> Bool = { _ in true }
  ) -> [RecommendationTask.Prediction.Choice] {
    guard let best = scores.first else { return [] }
    var total = 0.0
    for index in row.indices where !row[index].isNaN && isWanted(Int32(index)) {
      total += Double(exp(row[index] - best))
    }
    return zip(items, scores).map { item, score in
      RecommendationTask.Prediction.Choice(
        item: item, probability: Float(Double(exp(score - best)) / max(total, 1e-300)))
    }
  }
}
