import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Every task and the graph that it is exported as compute the same, features and all, at odd sizes, ragged and in parts.
@Suite struct TaskGraphTests {
  static let options = [
    GraphOptions(), GraphOptions(takesLengths: true), GraphOptions(isStreaming: true),
  ]

  static func check<Task: SequenceTask>(
    _ task: Task, _ options: GraphOptions, most: Float = 1e-4
  ) throws {
    let model = task.makeModel(key: RandomKey(seed: 4)).mappingParameters { name, value in
      // nothing that begins with zeros stays hidden
      value + Tensor(uniformIn: -0.1...0.1, shape: value.shape, key: RandomKey(seed: UInt64(name.utf8.count)))
    }
    try checkGraph(task, model, options, most: most)
  }

  // MARK: Features

  static func series(marksMissing: Bool = false, hasRanges: Bool = false) -> SequenceFeaturizer {
    let scaler = ChannelScaler(method: .standard, fitting: [[1, 5, 2], [1000, 1003, 1007], [-2, 0, 1]])
    return .series(
      SeriesFeaturizer(
        channels: ["a", "b", "c"], scaler: scaler,
        missing: MissingValues(marksMissing: marksMissing, timeScale: 0.25),
        ranges: hasRanges ? [[-1, 0, 1], [-2, 2], [-1, -0.5, 0.5, 1]] : nil))
  }

  private static func fitted(
    _ contents: [Record.Content], labels: [Int]? = nil, _ settings: FeatureSettings
  ) throws -> SequenceFeaturizer {
    try SequenceFeaturizer.fit(
      RecordSource(contents.map { Record($0, origin: "x") }), labels: labels, classCount: 3,
      settings: settings
    ).featurizer
  }

  static func text(hasEvidence: Bool) throws -> SequenceFeaturizer {
    try fitted(
      ["one film and one more", "a dull film", "a fine one", "fine and dull"].map { .text($0) },
      labels: hasEvidence ? [0, 1, 2, 1] : nil, FeatureSettings(lengthLimit: 50))
  }

  static var pictures: SequenceFeaturizer {
    get throws {
      let frames = (0..<4).map { frame in
        RandomKey(seed: 9).child(frame).uniforms(35).flatMap { [UInt8](repeating: UInt8($0 * 200), count: 3) }
      }
      return try fitted(
        [.pictures(FrameSequence(width: 7, height: 5, frames: frames, durations: [1, 1, 1, 1]))],
        FeatureSettings())
    }
  }

  static var sound: SequenceFeaturizer {
    get throws {
      try fitted(
        [.sound(Sound(rate: 8000, channels: [RandomKey(seed: 3).uniforms(4000)]))],
        FeatureSettings(bandCount: 5, deltaOrder: 1))
    }
  }

  static var stackedSound: SequenceFeaturizer {
    get throws {
      try fitted(
        [.sound(Sound(rate: 8000, channels: [RandomKey(seed: 3).uniforms(4000)]))],
        FeatureSettings(bandCount: 5, deltaOrder: 0, stack: FrameStack(size: 3, stride: 2)))
    }
  }

  /// Characters of a pen by their shape.
  static var characters: SequenceFeaturizer {
    get throws {
      let points = RandomKey(seed: 6).uniforms(40)
      let strokes = StrokeSequence([
        (0..<12).map { .init(points[$0], points[12 + $0]) },
        (24..<32).map { .init(points[$0], points[$0 + 8]) },
      ])
      return try fitted(
        [.strokes(strokes)], FeatureSettings(strokes: StrokeSettings(scale: .box, features: .shape)))
    }
  }

  /// Joints of a body relative to one of them.
  static var joints: SequenceFeaturizer {
    get throws {
      var settings = FeatureSettings()
      settings.skeleton = "hip"
      let channels = ["hip_x", "hip_y", "knee_x", "knee_y", "head_x", "head_y", "score"]
      let series = NumericSeries(channels: channels, values: RandomKey(seed: 2).uniforms(7 * 20))
      return try fitted([.series(series)], settings)
    }
  }

  static func network(
    _ featurizer: SequenceFeaturizer, isCausal: Bool, cell: CellCatalog = .lstm,
    convolutions: [ConvolutionConfiguration] = []
  ) -> SequenceNetworkConfiguration {
    var own = SequenceNetworkConfiguration(
      vocabularySize: featurizer.vocabularySize, embeddingSize: 3, featureCount: featurizer.featureCount,
      convolutions: convolutions, isCausal: isCausal, cell: cell, hiddenSize: 5, layerCount: 2)
    own.readPictures(of: featurizer)
    if !own.pictureConvolutions.isEmpty { (own.pictureConvolutions, own.pictureSize) = ([2, 3], 4) }
    return own
  }

  // MARK: Tasks

  private static func classification(
    _ featurizer: SequenceFeaturizer, _ network: SequenceNetworkConfiguration,
    _ poolings: [SequencePooling] = SequencePooling.allCases, poolsInputs: Bool = false,
    sumsFeatures: Bool = false
  ) -> ClassificationTask {
    var task = ClassificationTask(
      featurizer: featurizer, labels: ["x", "y", "z"],
      classifier: PooledNetworkConfiguration(
        network: network, poolings: poolings, poolsInputs: poolsInputs, sumsFeatures: sumsFeatures,
        classCount: 3))
    task.scaling = TemperatureScaling(temperature: 1.7)
    return task
  }

  private static let strided = [
    ConvolutionConfiguration(size: 4, width: 3, stride: 2), .init(size: 6, width: 4),
  ]

  @Test(arguments: [CellCatalog.lstm, .gru, .elman, .slstm], [true, false])
  func classification(_ cell: CellCatalog, _ isCausal: Bool) throws {
    let featurizer = Self.series()
    for convolutions in [[], Self.strided] {
      let network = Self.network(featurizer, isCausal: isCausal, cell: cell, convolutions: convolutions)
      for options in Self.options where isCausal || !options.isStreaming {
        let poolings = SequencePooling.allCases.filter { !options.isStreaming || $0 != .attention }
        try Self.check(
          Self.classification(featurizer, network, poolings, poolsInputs: true), options)
      }
    }
  }

  @Test(arguments: 0..<options.count) func everyFeature(_ number: Int) throws {
    let options = Self.options[number]
    let poolings: [SequencePooling] = [.mean, .max, .last]
    let features = [
      Self.series(), Self.series(hasRanges: true), try Self.text(hasEvidence: false), try Self.sound,
      try Self.stackedSound, try Self.characters, try Self.joints,
    ]
    for featurizer in features {
      let network = Self.network(featurizer, isCausal: true, cell: .gru)
      try Self.check(Self.classification(featurizer, network, poolings), options)
    }
    let evidence = try Self.text(hasEvidence: true)
    let summed = Self.classification(
      evidence, Self.network(evidence, isCausal: true), poolings, sumsFeatures: true)
    try Self.check(summed, options)
    for featurizer in [
      try Self.pictures, Self.series(marksMissing: true), Self.series(marksMissing: true, hasRanges: true),
    ] {
      let network = Self.network(
        featurizer, isCausal: options.isStreaming, cell: .gru, convolutions: Self.strided)
      try Self.check(Self.classification(featurizer, network, poolings), options)
    }
  }

  @Test(arguments: [true, false], [true, false]) func tagging(_ isCausal: Bool, _ usesField: Bool) throws {
    let featurizer = Self.series()
    for (convolutions, cell) in [([], CellCatalog.minGRU), (Self.strided, .gru)] {
      let network = Self.network(featurizer, isCausal: isCausal, cell: cell, convolutions: convolutions)
      var task = TaggingTask(
        featurizer: featurizer, labels: ["x", "y", "z"], network: network, usesCRF: usesField, rate: 1,
        delay: 2)
      task.scaling = TemperatureScaling(temperature: 0.6)
      for options in Self.options where isCausal || !options.isStreaming { try Self.check(task, options) }
    }
  }

  /// Without convolutions and pooling, streams may be ragged.
  @Test func raggedStreams() throws {
    let featurizer = try Self.text(hasEvidence: false)
    let task = TaggingTask(
      featurizer: featurizer, labels: ["x", "y"], network: Self.network(featurizer, isCausal: true), rate: 1)
    try Self.check(task, GraphOptions(isStreaming: true, takesLengths: true))
  }

  @Test(arguments: 0..<options.count) func regression(_ number: Int) throws {
    let featurizer = Self.series(marksMissing: true)
    let network = Self.network(featurizer, isCausal: true)
    let task = RegressionTask(
      featurizer: featurizer,
      reader: PooledNetworkConfiguration(network: network, poolings: [.mean, .last], classCount: 1),
      center: 70_000, scale: 12)
    try Self.check(task, Self.options[number], most: 1e-9)
  }

  @Test(arguments: WindowNormalization.allCases, [true, false])
  func forecasts(_ normalization: WindowNormalization, _ hasGaps: Bool) throws {
    let series = [
      ForecastExamples.wave(steps: 60, missing: hasGaps, id: "a"),
      ForecastExamples.wave(steps: 60, missing: hasGaps, id: "b", phase: 0.4),
    ]
    for output in [ForecastOutput.quantiles, .studentT, .mean, .gaussian] {
      var task = try ForecastExamples.task(series, .segments, output: output, normalization: normalization)
      let windows = try ForecastExamples.windows(task, series)
      try task.calibrate(task.makeModel(key: RandomKey(seed: 2)), on: ExampleSource(windows))
      for options in Self.options where !options.isStreaming {
        try Self.check(task, options)
      }
    }
  }

  /// Columns of the past, beside others that are known ahead and without any.
  @Test(arguments: [true, false]) func columnsOfThePast(_ areAlone: Bool) throws {
    let series = ["a", "b"].map { ForecastExamples.wave(steps: 60, id: $0, past: 2) }.map { series in
      var own = series
      if areAlone { (own.known, own.knownValues) = ([], []) }
      return own
    }
    var task = try ForecastExamples.task(series, .segments, output: .quantiles)
    if areAlone { task.featurizer.calendar = [] }
    task.network.covariateCount = task.featurizer.covariateCount
    let windows = try ForecastExamples.windows(task, series)
    try task.calibrate(task.makeModel(key: RandomKey(seed: 2)), on: ExampleSource(windows))
    for share in [nil, 0.5] {
      task.calibration?.changeShare = share
      for options in Self.options where !options.isStreaming { try Self.check(task, options) }
    }
  }

  /// What is left of a price when the last one is taken away is small, and all of it counts.
  @Test func prices() throws {
    var series = ForecastExamples.wave(steps: 60)
    series.values = series.values.map { 50_000 + $0 }
    let featurizer = try ForecastFeaturizer.fit(
      [series], training: [0..<60], calendar: [], transform: .log, normalization: .lastAndVolatility)
    var task = try ForecastExamples.task([series], .segments, output: .quantiles)
    task.featurizer = featurizer
    task.network.covariateCount = 1
    try Self.check(task, GraphOptions(), most: 1e-9)
  }

  @Test(arguments: [ForecastOutput.studentT, .gaussian, .negativeBinomial], 0..<options.count)
  func steps(_ output: ForecastOutput, _ number: Int) throws {
    let task = try ForecastExamples.task(
      [ForecastExamples.wave(steps: 60)], .autoregressive, output: output, normalization: .meanSize)
    try Self.check(task, Self.options[number])
  }

  /// Streams of networks that see some steps ahead give out as many steps later what the whole gives.
  @Test(arguments: [1, 2, 6]) func transcriptsAhead(_ lookahead: Int) throws {
    let task = try Transcribing.task(.character, isCausal: true, lookahead: lookahead)
    for options in Self.options { try Self.check(task, options) }
    let graph = try task.graph(task.makeModel(key: RandomKey(seed: 1)), GraphOptions(isStreaming: true))
    #expect(graph.graph.inputs.contains { $0.name == "end" && $0.elementType == .i64 })
    #expect(graph.metadata["recurrent.card"]?.contains("\(lookahead) step") == true)
  }

  // MARK: What is refused, and what is said

  @Test func whatCannotStreamIsRefused() throws {
    let featurizer = Self.series()
    let causal = Self.network(featurizer, isCausal: true, convolutions: Self.strided)
    for (task, options) in [
      (Self.classification(featurizer, causal), GraphOptions(isStreaming: true)),
      (Self.classification(featurizer, causal, [.mean]), GraphOptions(isStreaming: true, takesLengths: true)),
      (
        Self.classification(featurizer, Self.network(featurizer, isCausal: false), [.mean]),
        GraphOptions(isStreaming: true)
      ),
    ] {
      #expect(throws: InterchangeError.self) {
        try task.graph(task.makeModel(key: RandomKey(seed: 1)), options)
      }
    }
  }

  @Test func cardsSayWhatTheCallerDoes() throws {
    let featurizer = try Self.sound
    let task = Self.classification(featurizer, Self.network(featurizer, isCausal: true))
    let card = try #require(
      try task.graph(task.makeModel(key: RandomKey(seed: 1)), GraphOptions()).metadata["recurrent.card"])
    for part in [
      "`spectra` (f32 [time, batch, 10])", "`probabilities`", "256 samples every 80", "5 mel bands",
    ] {
      #expect(card.contains(part), "\(card)")
    }
    let stacked = try Self.stackedSound
    let other = Self.classification(stacked, Self.network(stacked, isCausal: true))
    let second = try other.graph(other.makeModel(key: RandomKey(seed: 1)), GraphOptions()).metadata
    #expect(
      second["recurrent.card"]?.contains("3 neighbouring frames beside each other, every 2 frames") == true)
  }
}
