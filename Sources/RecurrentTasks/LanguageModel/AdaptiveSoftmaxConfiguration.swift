/// The shape of the adaptive softmax of a language model.
public struct AdaptiveSoftmaxConfiguration: Sendable, Equatable, Codable {
  /// The first token of each cluster, by falling frequency; empty to let the size of the vocabulary decide.
  public var cutoffs: [Int]
  /// How much narrower each cluster is than the one before.
  public var division: Double

  /// A shape.
  public init(cutoffs: [Int] = [], division: Double = 4) {
    (self.cutoffs, self.division) = (cutoffs, division)
  }

  /// Cutoffs for a vocabulary: the most frequent tenth, which makes up most of a text, then up to two fifths, then the
  /// rest. Empty for fewer than two tokens.
  public static func standardCutoffs(vocabularySize: Int) -> [Int] {
    let first = Swift.max(1, vocabularySize / 10)
    return [first, Swift.max(first + 1, vocabularySize * 2 / 5)].filter { $0 < vocabularySize }
  }

  /// The same shape with cutoffs for a vocabulary of V tokens, checked.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)``.
  public func resolved(vocabularySize: Int) throws(DataError) -> AdaptiveSoftmaxConfiguration {
    var result = self
    if cutoffs.isEmpty {
      result.cutoffs = AdaptiveSoftmaxConfiguration.standardCutoffs(vocabularySize: vocabularySize)
    }
    guard AdaptiveSoftmax.isValid(cutoffs: result.cutoffs, classCount: vocabularySize) else {
      throw .invalidSetting(
        name: "cutoffs", expected: "whole numbers that rise from 1 to below the \(vocabularySize) tokens",
        found: result.cutoffs.map { "\($0)" }.joined(separator: ","))
    }
    guard division >= 1, division.isFinite else {
      throw .invalidSetting(name: "adaptive-division", expected: "at least 1", found: "\(division)")
    }
    return result
  }

  /// The number of parameters, without making them.
  func parameterCount(inputSize: Int, vocabularySize: Int) -> Int {
    guard let first = cutoffs.first else { return 0 }
    let head = (first + cutoffs.count) * (inputSize + 1)
    let widths = AdaptiveSoftmax.widths(inputSize: inputSize, clusterCount: cutoffs.count, division: division)
    return zip(zip(cutoffs, cutoffs.dropFirst() + [vocabularySize]), widths).reduce(head) { sum, cluster in
      let ((start, end), width) = cluster
      return sum + width * (inputSize + end - start)
    }
  }
}

extension LanguageModelConfiguration {
  /// The same configuration with its adaptive softmax, if any, fitted to a vocabulary.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` for cutoffs that do not fit, or tied embeddings beside
  ///   an adaptive softmax.
  public func resolved(vocabularySize: Int) throws(DataError) -> LanguageModelConfiguration {
    guard let adaptiveSoftmax else { return self }
    guard !tiesEmbeddings else {
      throw .invalidSetting(name: "softmax", expected: "full with tied embeddings", found: "adaptive")
    }
    var result = self
    result.adaptiveSoftmax = try adaptiveSoftmax.resolved(vocabularySize: vocabularySize)
    return result
  }
}
