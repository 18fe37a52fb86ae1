import RecurrentCore
import RecurrentData

/// The errors of one transcript, or of several.
struct TranscriptErrors: Sendable {
  var words = EditCounts()
  var characters = EditCounts()

  /// The errors of transcripts taken together, without rates and intervals.
  init(_ pairs: [TranscriptionMetrics.Pair]) {
    for pair in pairs {
      let form = TranscriptForm.normalized
      let (reference, hypothesis) = (form.words(pair.reference), form.words(pair.hypothesis))
      let own = TranscriptErrors(
        EditAlignment(reference: reference, hypothesis: hypothesis).counts, reference, hypothesis)
      (words, characters) = (words + own.words, characters + own.characters)
    }
  }

  /// The errors of one transcript.
  ///
  /// - Parameters:
  ///   - counts: of its words.
  ///   - reference: the words, in the form in which they are compared.
  ///   - hypothesis: the words that were found, in the same form.
  init(_ counts: EditCounts, _ reference: [String], _ hypothesis: [String]) {
    words = counts
    characters =
      EditAlignment(
        reference: Array(reference.joined(separator: " ")),
        hypothesis: Array(hypothesis.joined(separator: " ")),
        costs: .unit
      ).counts
  }

  /// Errors for each word of the references; 0 without words.
  var wordErrorRate: Double { Double(words.errors) / Double(max(words.referenceCount, 1)) }
  /// Errors for each character of the references; 0 without characters.
  var characterErrorRate: Double { Double(characters.errors) / Double(max(characters.referenceCount, 1)) }

  /// What is summed over transcripts.
  enum Sum: Int, CaseIterable {
    case transcripts, wrongTranscripts, words, wordErrors, substitutions, deletions, insertions, characters
    case characterErrors
  }

  /// The numbers that are summed, in the order of their names.
  var summands: [Int] {
    [
      1, words.errors > 0 ? 1 : 0, words.referenceCount, words.errors, words.substitutions, words.deletions,
      words.insertions, characters.referenceCount, characters.errors,
    ]
  }
}

/// What rates would be for other transcripts of the same kind: as many are drawn with replacement, 1,000 times.
struct ErrorBootstrap {
  private let sums: [Int]
  /// The sums of each draw.
  private let draws: [[Int]]

  init(_ errors: [TranscriptErrors], seed: UInt64) {
    let (count, width) = (errors.count, TranscriptErrors.Sum.allCases.count)
    let summands = errors.flatMap(\.summands)
    func sum(_ places: some Sequence<Int>) -> [Int] {
      var sums = [Int](repeating: 0, count: width)
      for place in places { for column in 0..<width { sums[column] += summands[place * width + column] } }
      return sums
    }
    sums = sum(0..<count)
    // draws of one transcript say nothing
    guard count > 1 else {
      draws = []
      return
    }
    let key = RandomKey(seed: seed)
    draws = (0..<1000).map { draw in
      sum(key.child(draw).uniforms(count).lazy.map { min(Int(Double($0) * Double(count)), count - 1) })
    }
  }

  /// A rate of sums with the bounds between which 95 % of the draws lie. Over nothing it is 0 without errors, and 1 with any.
  func rate(_ errors: TranscriptErrors.Sum, over size: TranscriptErrors.Sum) -> TranscriptionMetrics.Rate {
    func ratio(_ sums: [Int]) -> Double {
      let (error, size) = (sums[errors.rawValue], sums[size.rawValue])
      return size > 0 ? Double(error) / Double(size) : error > 0 ? 1 : 0
    }
    let value = ratio(sums)
    guard !draws.isEmpty else { return TranscriptionMetrics.Rate(value: value, low: value, high: value) }
    let rates = draws.map(ratio).sorted()
    return TranscriptionMetrics.Rate(
      value: value, low: rates[rates.count * 25 / 1000], high: rates[rates.count * 975 / 1000])
  }
}
