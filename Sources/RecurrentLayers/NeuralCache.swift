/// The continuous cache of a recurrent network (Grave, Joulin and Usunier 2017, arXiv:1612.04426): what came behind outputs of its
/// last layer that were like the present one is likely to come again.
///
///     p_cache(w) = sum over i with w_i = w of exp(flatness h_i . h) / sum over i of exp(flatness h_i . h)
///
/// over the last entries (h_i, w_i), each an output of the network and the symbol that came behind it. Mixed with the
/// probabilities of the network, p = (1 - weight) p_network + weight p_cache; see ``weight(of:)``.
///
/// Products are made for many outputs at once, probabilities are added to the symbols that are in the cache and no others: a
/// symbol costs the same whatever V is. Entries are taken one after the other: how a text is cut changes no bit.
public struct NeuralCache: Sendable {
  /// How a cache is used.
  public struct Settings: Sendable, Equatable, Codable {
    /// The most entries.
    public var window: Int
    /// What products are multiplied by: 0 to count symbols alone, the larger the more the likest outputs decide.
    public var flatness: Double
    /// The share of the cache in the mixture, when it is full; 0 ..< 1.
    public var weight: Double

    /// Settings.
    public init(window: Int, flatness: Double, weight: Double) {
      (self.window, self.flatness, self.weight) = (window, flatness, weight)
    }
  }

  /// How it is used.
  public let settings: Settings
  /// H.
  public let width: Int
  /// The outputs, one row after the other, the oldest first; more than the window for a while.
  private var keys: [Float] = []
  private var symbols: [Int32] = []
  /// The outputs as a matrix, while no entry is added.
  private var matrix: Tensor?

  /// An empty cache.
  ///
  /// - Parameters:
  ///   - settings: how it is used. Traps unless the window is at least 1, the flatness at least 0, the weight in 0 ..< 1.
  ///   - width: H.
  public init(_ settings: Settings, width: Int) {
    trapUnless(
      settings.window >= 1 && settings.flatness >= 0 && settings.weight >= 0 && settings.weight < 1,
      "NeuralCache: expected a window of at least 1, a flatness of at least 0 and a weight in 0 ..< 1, received "
        + "\(settings.window), \(settings.flatness) and \(settings.weight)")
    (self.settings, self.width) = (settings, width)
  }

  /// Entries that count.
  public var count: Int { min(symbols.count, settings.window) }

  /// The share of the cache in the mixture where it has so many entries: it grows with them.
  public func weight(of count: Int) -> Double {
    settings.weight * Double(min(count, settings.window)) / Double(settings.window)
  }

  /// Reads outputs with what came behind each.
  ///
  /// - Parameters:
  ///   - outputs: `[n, H]`.
  ///   - symbols: n of them.
  /// - Returns: for each, how likely the entries before it made it, and the share of that in a mixture.
  public mutating func read(
    _ outputs: Tensor, _ symbols: [Int32]
  ) -> [(probability: Double, weight: Double)] {
    guard !symbols.isEmpty else { return [] }
    let first = self.symbols.count
    append(outputs, symbols)
    let ranges = symbols.indices.map { entries(before: first + $0) }
    let (weights, all) = (exponentials(of: outputs, over: ranges), self.symbols.count)
    let found = zip(symbols, ranges).enumerated().map { row, item -> (probability: Double, weight: Double) in
      let (symbol, range) = item
      var (total, own) = (0.0, 0.0)
      for entry in range {
        let weight = Double(weights[row * all + entry])
        total += weight
        if self.symbols[entry] == symbol { own += weight }
      }
      return (range.isEmpty ? 0 : own / total, self.weight(of: range.count))
    }
    forget()
    return found
  }

  /// Mixes into the probabilities of what may come behind an output what the entries make likely.
  ///
  /// - Parameters:
  ///   - output: `[1, H]`.
  ///   - probabilities: of V symbols; changed.
  public mutating func mix(_ output: Tensor, into probabilities: inout [Double]) {
    let range = entries(before: symbols.count)
    guard !range.isEmpty else { return }
    let weights = exponentials(of: output, over: [range])
    var total = 0.0
    for entry in range { total += Double(weights[entry]) }
    let share = weight(of: range.count)
    for place in probabilities.indices { probabilities[place] *= 1 - share }
    for entry in range {
      probabilities[Int(symbols[entry])] += share * (Double(weights[entry]) / total)
    }
  }

  /// The entries that count, the oldest first: the outputs `[count, H]` and what came behind each.
  public var entries: (outputs: Tensor, symbols: [Int32]) {
    let range = entries(before: symbols.count)
    return (
      Tensor(
        Array(keys[range.lowerBound * width..<range.upperBound * width]), shape: [range.count, width]),
      Array(symbols[range])
    )
  }

  /// Adds entries: outputs `[n, H]` and what came behind each.
  public mutating func add(_ outputs: Tensor, _ symbols: [Int32]) {
    append(outputs, symbols)
    forget()
  }

  private mutating func append(_ outputs: Tensor, _ symbols: [Int32]) {
    trapUnless(
      outputs.shape == [symbols.count, width],
      "NeuralCache: expected outputs [\(symbols.count), \(width)], received \(outputs.shape)")
    keys += outputs.scalars
    self.symbols += symbols
    matrix = nil
  }

  /// The places of the entries that count for an output with so many entries before it.
  private func entries(before count: Int) -> Range<Int> { max(0, count - settings.window)..<count }

  /// Drops entries that count no more, when there are a quarter more than count.
  private mutating func forget() {
    let dropped = symbols.count - settings.window
    guard dropped >= max(settings.window / 4, 256) else { return }
    symbols.removeFirst(dropped)
    keys.removeFirst(dropped * width)
    matrix = nil
  }

  /// exp(flatness (h_i . h - the largest of these)) of the entries in a range for each output, `[n, entries]`; of others it
  /// means nothing.
  private mutating func exponentials(of outputs: Tensor, over ranges: [Range<Int>]) -> [Float] {
    let all = symbols.count
    let matrix = matrix ?? Tensor(keys, shape: [all, width], like: outputs)
    self.matrix = matrix
    var products = matmul(outputs, matrix, transposeB: true).scalars
    let flatness = Float(settings.flatness)
    products.withUnsafeMutableBufferPointer { products in
      for (row, range) in ranges.enumerated() {
        let start = row * all
        var largest = -Float.infinity
        for entry in range { largest = max(largest, products[start + entry]) }
        for entry in 0..<range.lowerBound { products[start + entry] = 0 }
        for entry in range { products[start + entry] = flatness * (products[start + entry] - largest) }
        for entry in range.upperBound..<all { products[start + entry] = 0 }
      }
    }
    return exp(Tensor(products, shape: [ranges.count, all], like: outputs)).scalars
  }
}
