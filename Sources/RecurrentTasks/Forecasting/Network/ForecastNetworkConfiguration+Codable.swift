/// An object under the name of the kind: `{"segments": {"_0": {"lookBack": 720, ...}}}`, with the sizes of that kind alone.
extension ForecastNetworkConfiguration: Codable {
  private enum Key: String, CodingKey {
    case segments, autoregressive
    case sizes = "_0"
    case horizon, targetCount, covariateCount, pastCount, staticCount, marksMissing, output
    case cell, cellOptions, precision, hiddenSize, layerCount, dropoutRate
    case lookBack, segment, levels
    case hasLinearSkip = "hasHighway"
    case context, lags, pathCount
  }

  /// Reads what `encode(to:)` writes, also without a precision or columns of the past.
  public init(from decoder: any Decoder) throws {
    let kinds = try decoder.container(keyedBy: Key.self)
    let kind: ForecastKind = kinds.contains(.segments) ? .segments : .autoregressive
    let sizes = try kinds.nestedContainer(
      keyedBy: Key.self, forKey: kind == .segments ? .segments : .autoregressive
    ).nestedContainer(keyedBy: Key.self, forKey: .sizes)
    func value<Value: Decodable>(_ key: Key) throws -> Value { try sizes.decode(Value.self, forKey: key) }
    self.init(
      kind, context: try value(kind == .segments ? .lookBack : .context), horizon: try value(.horizon),
      targetCount: try value(.targetCount), output: try value(.output))
    (covariateCount, staticCount) = (try value(.covariateCount), try value(.staticCount))
    pastCount = try sizes.decodeIfPresent(Int.self, forKey: .pastCount) ?? 0
    marksMissing = try value(.marksMissing)
    cell = CellChoice(
      try value(.cell), try sizes.decodeIfPresent(CellOptions.self, forKey: .cellOptions),
      try sizes.decodeIfPresent(Precision.self, forKey: .precision) ?? .float32)
    (hiddenSize, layerCount) = (try value(.hiddenSize), try value(.layerCount))
    dropoutRate = try value(.dropoutRate)
    switch kind {
    case .segments:
      (segment, hasLinearSkip, levels) = (try value(.segment), try value(.hasLinearSkip), try value(.levels))
    case .autoregressive: (lags, pathCount) = (try value(.lags), try value(.pathCount))
    }
  }

  /// Writes the kind and its sizes.
  public func encode(to encoder: any Encoder) throws {
    var kinds = encoder.container(keyedBy: Key.self)
    var own = kinds.nestedContainer(
      keyedBy: Key.self, forKey: kind == .segments ? .segments : .autoregressive)
    var sizes = own.nestedContainer(keyedBy: Key.self, forKey: .sizes)
    try sizes.encode(horizon, forKey: .horizon)
    try sizes.encode(targetCount, forKey: .targetCount)
    try sizes.encode(covariateCount, forKey: .covariateCount)
    try sizes.encode(pastCount, forKey: .pastCount)
    try sizes.encode(staticCount, forKey: .staticCount)
    try sizes.encode(marksMissing, forKey: .marksMissing)
    try sizes.encode(output, forKey: .output)
    try sizes.encode(cell.cell, forKey: .cell)
    try sizes.encodeIfPresent(cell.options, forKey: .cellOptions)
    try sizes.encode(cell.precision, forKey: .precision)
    try sizes.encode(hiddenSize, forKey: .hiddenSize)
    try sizes.encode(layerCount, forKey: .layerCount)
    try sizes.encode(dropoutRate, forKey: .dropoutRate)
    switch kind {
    case .segments:
      try sizes.encode(context, forKey: .lookBack)
      try sizes.encode(segment, forKey: .segment)
      try sizes.encode(hasLinearSkip, forKey: .hasLinearSkip)
      try sizes.encode(levels, forKey: .levels)
    case .autoregressive:
      try sizes.encode(context, forKey: .context)
      try sizes.encode(lags, forKey: .lags)
      try sizes.encode(pathCount, forKey: .pathCount)
    }
  }
}
