extension WordEvidence {
  /// The counting of evidence in texts that are shown one after the other, twice. Of the many pairs of tokens that occur once
  /// nothing is kept.
  struct Fit {
    private(set) var evidence: WordEvidence
    /// In how many texts each pair occurs.
    private var totals: [Int64: Int32] = [:]

    init(classCount: Int, vocabularySize: Int) {
      evidence = WordEvidence(classCount: classCount, vocabularySize: vocabularySize)
    }

    /// Counts in a text, of all in their order.
    mutating func count(_ text: [Int32], label: Int) {
      evidence.countWords(text, label: label)
      for pair in WordEvidence.pairs(text) { totals[pair, default: 0] += 1 }
    }

    /// Ends the first pass.
    mutating func keepFrequentPairs() {
      var keys: [Int64] = []
      for (key, total) in totals where total > 1 { keys.append(key) }
      keys.sort()
      evidence.keepPairs(keys, totals: keys.map { Int(totals[$0] ?? 0) })
      totals = [:]
    }

    /// Counts the pairs of a text, of all again in their order.
    mutating func countPairs(_ text: [Int32], label: Int, index: Int) {
      evidence.countPairs(text, label: label, index: index)
    }
  }

  /// What each tenth of the training texts has counted, to be taken away from the whole.
  struct Tenths: Sendable {
    static let count = 10
    /// N_c of each tenth, `[tenth * classCount + class]`.
    var texts: [Int32]
    /// n_c of each token, `[(tenth * V + token) * classCount + class]`.
    var words: [Int32]
    /// Of each pair where its cells begin, of which there is one for each tenth and class that has it.
    var starts: [Int] = [0]
    /// Tenth and class of a cell, `tenth * classCount + class`, and how many texts it stands for; 0 where it is free.
    var codes: [UInt16] = []
    var counts: [Int32] = []

    init(classCount: Int, vocabularySize: Int) {
      texts = [Int32](repeating: 0, count: Tenths.count * classCount)
      words = [Int32](repeating: 0, count: Tenths.count * classCount * vocabularySize)
    }

    /// Makes room for the cells of pairs that occur in so many texts.
    mutating func makeRoom(_ totals: [Int], classCount: Int) {
      starts.reserveCapacity(totals.count + 1)
      for total in totals { starts.append(starts[starts.count - 1] + min(total, Tenths.count * classCount)) }
      codes = [UInt16](repeating: 0, count: starts[totals.count])
      counts = [Int32](repeating: 0, count: starts[totals.count])
    }

    /// Counts a pair once more.
    mutating func count(pair: Int, code: Int) {
      for cell in starts[pair]..<starts[pair + 1] {
        if counts[cell] == 0 { codes[cell] = UInt16(code) }
        if codes[cell] == code {
          counts[cell] += 1
          return
        }
      }
    }

    /// Takes what a tenth has counted of a pair away from the counts of the classes.
    func subtract(tenth: Int, pair: Int, from result: inout [Float]) {
      let first = tenth * result.count
      for cell in starts[pair]..<starts[pair + 1] where counts[cell] > 0 {
        let label = Int(codes[cell]) - first
        if result.indices.contains(label) { result[label] -= Float(counts[cell]) }
      }
    }
  }
}
