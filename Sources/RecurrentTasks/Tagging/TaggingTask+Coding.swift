extension TaggingTask {
  /// The keys in bundles, all of which stay readable.
  enum CodingKeys: String, CodingKey {
    case featurizer, labels, network
    case usesCRF = "hasField"
    case picker, rate, delay, tolerance, timeUnit, columns, augmentation, labelWeights, scaling, wordColumn,
      format, score
  }
}
