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

  /// The places of three with the most errors for their length, and of the first three others.
  ///
  /// - Parameter pairs: nil for what cannot be compared.
  static func shown(_ pairs: [TranscriptionMetrics.Pair?]) -> [Int] {
    let shares = pairs.map { $0.map { TranscriptErrors([$0]).wordErrorRate } ?? -1 }
    let worst = shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }.prefix(3)
    let first = shares.indices.filter { shares[$0] >= 0 && !worst.contains($0) }.prefix(3)
    return worst.filter { shares[$0] >= 0 } + first
  }

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

extension SumBootstrap {
  /// The sums over transcripts.
  init(_ errors: [TranscriptErrors], seed: UInt64) {
    self.init(errors.flatMap(\.summands), width: TranscriptErrors.Sum.allCases.count, seed: seed)
  }

  /// A rate of sums. Over nothing it is 0 without errors, and 1 with any.
  func rate(_ errors: TranscriptErrors.Sum, over size: TranscriptErrors.Sum) -> ScoreInterval {
    interval { sums in
      let (error, size) = (sums[errors.rawValue], sums[size.rawValue])
      return size > 0 ? Double(error) / Double(size) : error > 0 ? 1 : 0
    }
  }
}
