extension ForecastNetworkConfiguration {
  /// What is impossible about the sizes; nil where nothing is.
  public var issue: String? {
    let isStepwise = kind == .autoregressive
    // products of three sizes stay below 2^63
    let sizes = [context, segment, horizon, targetCount, outputSize, levels.count, pathCount] + lags
    guard sizes.allSatisfy({ (1...1 << 20).contains($0) }),
      ((isStepwise ? 1 : 2)...1 << 14).contains(hiddenSize), (1...64).contains(layerCount),
      (0...1 << 16).contains(covariateCount), (0...covariateCount).contains(pastCount),
      (0...1 << 16).contains(staticCount)
    else { return "the sizes of the forecaster are impossible" }
    if isStepwise {
      guard pathCount * horizon <= 1 << 24, context + horizon <= 1 << 18, lags.allSatisfy({ $0 <= 1 << 18 }),
        lags.count <= 1 << 10
      else { return "the paths, steps or lags of the forecaster are too many" }
      guard output.isDistribution else { return "\(output.rawValue) cannot be drawn from, step by step" }
    }
    guard context % segment == 0 else {
      return "\(context) steps are no whole number of segments of \(segment)"
    }
    guard !hasLinearSkip || output != .negativeBinomial else {
      return "counts are not predicted by a linear map"
    }
    guard cell.cell.outputSize(hiddenSize: hiddenSize, options: cell.options ?? CellOptions()) == hiddenSize
    else { return "\(cell.cell.rawValue) gives out another width than it keeps" }
    if let issue = cell.issue(hiddenSize: hiddenSize) { return issue }
    guard dropoutRate >= 0, dropoutRate < 1 else { return "the dropout rate is not from 0 to below 1" }
    return nil
  }
}
