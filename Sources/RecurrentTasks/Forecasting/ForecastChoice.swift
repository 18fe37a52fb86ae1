/// What is chosen where nothing is set, from the length of the series, their frequency and their numbers.
struct ForecastChoice {
  let horizon: Int
  let seasonLength: Int
  let calendar: [CalendarFeature]
  let transform: ForecastTransform
  let normalization: WindowNormalization
  let kind: ForecastKind
  let output: ForecastOutput
  /// Steps of a segment, or of nothing.
  let segment: Int
  private let lookBack: Int
  private let settings: Settings
  private let traits: SeriesTraits
  /// What was chosen.
  private(set) var notes: [DataNote] = []

  init(_ table: SeriesTable, _ traits: SeriesTraits, horizon: Int, _ settings: Settings) {
    self.horizon = horizon
    self.settings = settings
    self.traits = traits
    seasonLength = settings[.season] ?? traits.seasonLength
    transform = settings[.transform] ?? (traits.arePrices ? .log : .none)
    let isCounted =
      settings[.distribution] == .negativeBinomial || (settings[.distribution] == nil && traits.areCounts)
    kind = settings[.kind] ?? (isCounted ? .autoregressive : .segments)
    output =
      settings[.distribution]
      ?? (kind == .segments ? .quantiles : isCounted ? .negativeBinomial : .studentT)
    if let asked = settings[.normalization] {
      normalization = asked
    } else if transform == .log {
      normalization = .lastAndVolatility
    } else if output == .negativeBinomial {
      normalization = .shrunkenMeanSize
    } else {
      normalization = traits.haveOwnSizes ? .lastAndDeviation : .last
    }
    calendar = CalendarFeature.standard(table.frequency, stepCount: traits.longest)
    let (lookBack, segment) = ForecastChoice.lookBack(traits, seasonLength, horizon, settings)
    (self.lookBack, self.segment) = (lookBack, segment)
    describe()
  }

  /// Thirty seasons, in fifteen segments, where the training part has enough of them.
  private static func lookBack(
    _ traits: SeriesTraits, _ season: Int, _ horizon: Int, _ settings: Settings
  ) -> (lookBack: Int, segment: Int) {
    let most = max(1, min(traits.longest - horizon, max(traits.longest / 6, 2 * season)))
    let wanted = settings[.lookBack] ?? min(most, season > 1 ? min(30 * season, 1440) : 96)
    var segment = settings[.segment] ?? max(1, wanted / 15)
    if settings[.segment] == nil, season > 1, segment > 1 {
      // segments of whole seasons, or of a part of one
      segment =
        segment >= season
        ? (segment / season) * season : (1...segment).last { season % $0 == 0 } ?? segment
    }
    segment = min(segment, wanted)
    return (max(1, wanted / segment) * segment, segment)
  }

  /// Whether there is much to learn from.
  private func isLarge(_ targetCount: Int) -> Bool { traits.total * targetCount >= 10_000 }

  /// Whether the horizon is within a segment and there is much to learn from: such forecasts are overfitted later.
  private func isEasy(_ targetCount: Int) -> Bool { horizon <= segment && isLarge(targetCount) }

  /// The sizes of the network.
  func network(_ featurizer: ForecastFeaturizer) -> ForecastNetworkConfiguration {
    let targetCount = featurizer.targets.count
    let isStepwise = kind == .autoregressive
    var sizes = ForecastNetworkConfiguration(
      kind,
      context: isStepwise
        // a longer season is read by its lag
        ? min(max(1, lookBack), max(2 * horizon, min(2 * seasonLength, 336), 28)) : lookBack,
      horizon: horizon, targetCount: targetCount, output: output)
    sizes.covariateCount = featurizer.covariateCount
    sizes.pastCount = featurizer.pastCount
    sizes.staticCount = featurizer.staticCount
    sizes.marksMissing = featurizer.marksMissing
    sizes.cell = CellChoice(settings, standard: sizes.cell.cell)
    if isStepwise {
      sizes.lags = seasonLength > 1 && traits.longest > 3 * seasonLength ? [seasonLength] : []
    } else {
      sizes.segment = segment
      sizes.levels = settings.value(.quantiles)
      sizes.hiddenSize = isLarge(targetCount) ? 128 : 64
      sizes.dropoutRate = isEasy(targetCount) ? 0.3 : 0.5
    }
    sizes.hiddenSize = settings[.hidden] ?? sizes.hiddenSize
    sizes.layerCount = settings[.layers] ?? sizes.layerCount
    sizes.dropoutRate = settings[.dropout].map { Float($0) } ?? sizes.dropoutRate
    return sizes
  }

  /// The batch for so many windows of an epoch, and how many of its steps an epoch has.
  private func batches(_ windowCount: Int) -> (size: Int, steps: Int) {
    let size = windowCount >= 2000 ? 64 : 32
    return (size, max(1, (windowCount + size - 1) / size))
  }

  /// What a training may cost.
  func budget(_ sizes: ForecastNetworkConfiguration, windowCount: Int) -> ForecastBudget {
    ForecastBudget(sizes, windowCount: windowCount) { windowCount in
      min(60, max(8, (isEasy(sizes.targetCount) ? 1000 : 600) / batches(windowCount).steps))
    }
  }

  /// How to train where nothing is set.
  func suggested(windowCount: Int, epochs: Int) -> TaskSettings {
    let (batch, steps) = batches(windowCount)
    return TaskSettings(
      batchSize: batch, learningRate: 3e-3,
      training: TrainerSettings(
        epochs: epochs, schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: min(20, steps)),
        clipNorm: 1, patience: max(4, epochs / 4)))
  }

  private mutating func describe() {
    func note(_ text: String, _ setting: String? = nil, isAsked: Bool = false) {
      notes.append(DataNote(isAsked ? .found : .assumed, text, setting: setting))
    }
    if traits.foundSeason, settings[.season] == nil {
      note("things repeat after \(seasonLength) steps", "season")
    } else {
      note(
        seasonLength > 1 ? "a season is \(seasonLength) steps" : "there is no season", "season",
        isAsked: settings[.season] != nil)
    }
    if settings[.kind] == nil {
      note(
        kind == .segments
          ? "\(lookBack) steps are read in segments of \(segment), and the horizon comes at once"
          : "the values are small counts: they are predicted step by step, as \(output.rawValue)", "kind")
    }
    if settings[.transform] == nil, transform == .log {
      note("the targets are prices: their logarithms are predicted", "transform")
    }
    if settings[.normalization] == nil, normalization == .lastAndDeviation {
      note("the series are of different sizes: each window is brought to a scale of its own", "normalization")
    }
    if !calendar.isEmpty {
      note("calendar features: \(calendar.map(\.rawValue).joined(separator: ", "))")
    }
  }
}
