extension SegmentForecasterConfiguration {
  /// The keys in bundles, all of which stay readable.
  enum CodingKeys: String, CodingKey {
    case lookBack, segment, horizon, targetCount, covariateCount, staticCount, marksMissing, cell, cellOptions
    case precision, hiddenSize, layerCount, dropoutRate
    case hasLinearSkip = "hasHighway"
    case output, levels
  }
}
