extension FeatureTask {
  /// The featurizer of nucleotide sequences of which both strands are read; nil where one is.
  var strandFeaturizer: TextFeaturizer? {
    guard augmentation.oppositeStrands == true, case .text(let own) = featurizer,
      own.vocabulary.unit.isOfBases
    else { return nil }
    return own
  }

  /// Whether a training reads the opposite strand of an example, which it does every other time.
  func drawsOppositeStrand(_ key: RandomKey) -> Bool {
    strandFeaturizer != nil && key.child(6).uniforms(1)[0] < 0.5
  }

  /// The featurizer where predictions are the mean of those of both strands; nil where they are those of one: where that is asked
  /// for, and of networks that look back alone, whose predictions do not wait for the end.
  var meanOfStrands: TextFeaturizer? { network.isCausal ? nil : strandFeaturizer }
}

extension SequenceFeaturizer {
  /// Throws where both strands are asked for and there are no nucleotide sequences.
  func checkStrands(_ settings: Settings) throws(DataError) {
    guard settings[.reverseComplement] == true else { return }
    if readsBases { return }
    throw .invalidSetting(
      name: "reverse-complement", expected: "off, for the data are no nucleotide sequences", found: "on")
  }
}

extension SequenceFeaturizer {
  /// Whether the steps are made of bases of nucleotide sequences.
  var readsBases: Bool {
    if case .text(let own) = self { own.vocabulary.unit.isOfBases } else { false }
  }
}
