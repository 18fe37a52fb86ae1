#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The memory of a ``Sampler``: after the first token of a vocabulary it chooses without allocation.
public struct SamplerWorkspace: Sendable {
  /// The score of each token.
  private(set) var scores: [Double] = []
  /// What each token is drawn by.
  private var weights: [Double] = []
  /// Tokens, the likeliest first from behind; in front of those that were not asked for.
  private var order: [Int32] = []
  /// Tokens whose scores were lowered.
  private var isLowered: [Bool] = []

  /// Nothing yet.
  public init() {}

  /// Begins with the scores of a model.
  mutating func load(_ logits: UnsafeBufferPointer<Float>) {
    if scores.count != logits.count {
      scores = Array(repeating: 0, count: logits.count)
      weights = scores
      isLowered = Array(repeating: false, count: logits.count)
    }
    for index in logits.indices { scores[index] = Double(logits[index]) }
  }

  /// Divides positive and multiplies negative scores of the given tokens, each once.
  mutating func lower(_ ids: ArraySlice<Int32>, by penalty: Double) {
    for id in ids where !isLowered[Int(id)] {
      let score = scores[Int(id)]
      scores[Int(id)] = score > 0 ? score / penalty : score * penalty
      isLowered[Int(id)] = true
    }
    for id in ids { isLowered[Int(id)] = false }
  }

  /// Adds to the scores of tokens.
  mutating func add(_ bias: [Int32: Double]) {
    for (id, value) in bias where scores.indices.contains(Int(id)) { scores[Int(id)] += value }
  }

  /// Takes from the scores of the given tokens something once, and something for each time.
  mutating func lower(_ ids: [Int32], presence: Double, frequency: Double) {
    for id in ids {
      scores[Int(id)] -= frequency
      if !isLowered[Int(id)] { scores[Int(id)] -= presence }
      isLowered[Int(id)] = true
    }
    for id in ids { isLowered[Int(id)] = false }
  }

  /// Makes a token impossible.
  mutating func exclude(_ id: Int32) { scores[Int(id)] = -.infinity }

  /// The first of the likeliest tokens.
  var likeliest: Int32 {
    var best = 0
    for index in scores.indices where scores[best] < scores[index] { best = index }
    return Int32(best)
  }

  /// Weighs each token by e to its distance from the best, divided by the temperature.
  mutating func weigh(largest: Double, temperature: Double) {
    for index in scores.indices { weights[index] = exp((scores[index] - largest) / temperature) }
  }

  /// Takes the weight of all but the `count` likeliest tokens, and of these but the smallest set that holds the share
  /// `probability`.
  mutating func keepLikeliest(_ count: Int, probability: Double) {
    sort(count)
    let last = order.count - 1
    var kept = count
    if probability < 1 {
      var total = 0.0
      for place in 0..<count { total += weights[Int(order[last - place])] }
      let enough = probability * total
      var sum = 0.0
      kept = 0
      while kept < count, sum < enough {
        sum += weights[Int(order[last - kept])]
        kept += 1
      }
      kept = max(kept, 1)
    }
    for id in order.dropLast(kept) { weights[Int(id)] = 0 }
  }

  /// The token at the share `uniform` of all weights.
  func draw(_ uniform: Double) -> Int32 {
    var rest = uniform * weights.reduce(0, +)
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      last = index
      rest -= weight
      if rest < 0 { break }
    }
    return Int32(last)
  }

  // MARK: Order

  /// Puts the `count` likeliest tokens at the end, the likeliest last: a heap from which they are taken one by one.
  private mutating func sort(_ count: Int) {
    if order.count != scores.count { order = scores.indices.map { Int32($0) } }
    for root in stride(from: order.count / 2 - 1, through: 0, by: -1) { sink(root, below: order.count) }
    for taken in 0..<count {
      let end = order.count - 1 - taken
      order.swapAt(0, end)
      sink(0, below: end)
    }
  }

  /// Moves the token at `root` down the heap of the first `end` places.
  private mutating func sink(_ root: Int, below end: Int) {
    var parent = root
    while true {
      var child = 2 * parent + 1
      guard child < end else { return }
      if child + 1 < end, precedes(order[child + 1], order[child]) { child += 1 }
      guard precedes(order[child], order[parent]) else { return }
      order.swapAt(child, parent)
      parent = child
    }
  }

  /// Likelier, or as likely with a smaller number.
  private func precedes(_ a: Int32, _ b: Int32) -> Bool {
    let (first, second) = (scores[Int(a)], scores[Int(b)])
    return first != second ? first > second : a < b
  }
}
