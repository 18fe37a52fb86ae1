import RecurrentReports

extension TaggingTask {
  static func featureSettings(
    _ settings: Settings, isTable: Bool, isOfBases: Bool
  ) -> FeatureSettings {
    var own = FeatureSettings(settings)
    own.rangeCount = settings[.ranges] ?? (isTable ? 16 : nil)
    own.usesEvidence = false
    // every base has a label
    if isOfBases { (own.lengthLimit, own.bases.readsBothStrands) = (TaggingTask.mostBases, false) }
    return own
  }

  /// Whether steps with labels have several channels: sensors and the like, whose thresholds matter more than their course.
  static func isTable(_ recordings: RecordSource) throws -> Bool {
    guard recordings.events(0) == nil, case .series(let series) = try recordings.record(0).content else {
      return false
    }
    return series.channelCount >= 2
  }

  /// A task for the training part; `others` are the recordings of the other parts, whose labels may be rare ones.
  init(
    _ recordings: [Record], _ featurizer: SequenceFeaturizer, _ settings: Settings, isTable: Bool,
    others: [Record]
  ) throws {
    let hasEvents = recordings.contains { $0.events != nil }
    let names =
      hasEvents
      ? Set(recordings.flatMap { ($0.events ?? []).map(\.label) })
      : Set(recordings.flatMap { $0.stepLabels ?? [] })
    guard names.count > (hasEvents ? 0 : 1) else {
      throw DataError.invalidSetting(
        name: "the training part", expected: hasEvents ? "at least one event" : "two or more labels",
        found: names.first.map { "\"\($0)\" alone" } ?? "none")
    }
    self.featurizer = featurizer
    let isOfBases = recordings[0].clock?.countsBases ?? false
    let rare =
      isOfBases
      ? Set(others.flatMap { ($0.events ?? []).map(\.label) })
      : hasEvents ? [] : Set(others.flatMap { $0.stepLabels ?? [] })
    let background = isOfBases ? TaggingTask.noFeature : ""
    labels =
      (hasEvents ? [background] : []) + names.union(rare).subtracting(isOfBases ? [background] : []).sorted()
    rate = TaggingTask.featureRate(featurizer, recordings[0].rate)
    let isCounted = if case .series = featurizer { recordings[0].clock == nil } else { false }
    timeUnit = isCounted ? .counts("step") : recordings[0].clock?.unit
    columns = settings.recordingColumns
    var network = SequenceNetworkConfiguration(
      vocabularySize: featurizer.vocabularySize, featureCount: featurizer.featureCount,
      convolutions: TaggingTask.standardConvolutions(featurizer, rate, isTable: isTable),
      hiddenSize: TaggingTask.standardHiddenSize,
      inputDropoutRate: featurizer.modality == .text && !isOfBases ? 0.3 : 0, dropoutRate: 0.2)
    if isOfBases { network.embeddingSize = 16 }
    try network.apply(settings, reading: featurizer)
    self.network = network
    usesCRF = settings[.crf] ?? false
    tolerance = settings[.tolerance]?.seconds(rate: rate) ?? max(0.05, 2 / rate)
    let hasExtent = recordings.contains { ($0.events ?? []).contains { $0.end > $0.start } }
    picker =
      hasEvents && !isOfBases
      ? EventPicker(
        minimumDuration: settings[.minimumDuration]?.seconds(rate: rate) ?? 0,
        minimumGap: settings[.minimumGap]?.seconds(rate: rate) ?? (hasExtent ? 0 : tolerance),
        hasExtent: hasExtent) : nil
    let ahead = settings[.ahead]?.seconds(rate: rate)
    try setAhead(ahead, hasEvents: hasEvents)
    try setScore(settings[.score], hasExtent: hasEvents && hasExtent)
    let seconds =
      settings[.delay]?.seconds(rate: rate) ?? (network.isCausal && hasEvents && ahead == nil ? tolerance : 0)
    guard seconds * rate < 1e9 else {
      throw DataError.invalidSetting(
        name: "delay", expected: "less than \(1e9) steps", found: "\(seconds * rate) of them")
    }
    delay = Int((seconds * rate).rounded())
    augmentation = Augmentation()
  }

  /// Steps of the features in a second.
  static func featureRate(_ featurizer: SequenceFeaturizer, _ rate: Double) -> Double {
    featurizer.stepRate ?? (rate > 0 ? rate : 1)
  }

  var standardAugmentation: Augmentation {
    var own = Augmentation()
    switch featurizer.modality {
    case .text where featurizer.readsBases: own.wordDropout = 0.02
    case .text: own.wordDropout = 0.1
    case .pictures: (own.noise, own.shift) = (0.02, 3)
    default: (own.noise, own.scale) = picker == nil ? (0.01, 0) : (0.05, 0.1)
    }
    return own
  }

  /// Convolutions that bring recordings to about fifty steps a second, which are as fine as most tolerances.
  private static func standardConvolutions(
    _ featurizer: SequenceFeaturizer, _ rate: Double, isTable: Bool
  ) -> [ConvolutionConfiguration] {
    if isTable {
      return [ConvolutionConfiguration](repeating: .init(size: 64, width: 1), count: 2)
    }
    if featurizer.readsBases {
      return [ConvolutionConfiguration](repeating: .init(size: 64, width: 9), count: 2)
    }
    if featurizer.modality == .text { return [] }
    var convolutions: [ConvolutionConfiguration] = []
    var fine = rate
    while fine > 100, convolutions.count < 6 {
      convolutions.append(ConvolutionConfiguration(size: 32, width: 7, stride: 2))
      fine /= 2
    }
    return convolutions.isEmpty ? [ConvolutionConfiguration(size: 48, width: 3)] : convolutions
  }

  func notes(_ recordings: [Record], stepCount steps: Int) -> [DataNote] {
    var notes = [
      DataNote(
        .found,
        "\(counted(recordings.count, "recording")) to train on, \(counted(steps, "step")), "
          + "\(rounded(rate, 2)) a \(unitName)")
    ]
    var counts: [String: Int] = [:]
    for recording in recordings {
      for label in recording.events?.map(\.label) ?? recording.stepLabels ?? [] {
        counts[label, default: 0] += 1
      }
    }
    let shown = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(12).map {
      "\($0.key) \($0.value)"
    }
    notes.append(
      DataNote(
        .found,
        "\(counts.count) \(picker != nil ? "kinds of events" : featurizer.readsBases ? "kinds of features" : "labels"): \(shown.joined(separator: ", "))\(counts.count > 12 ? ", ..." : "")"
      ))
    counts[TaggingTask.noFeature, default: 0] += featurizer.readsBases ? 1 : 0
    let unseen = picker == nil ? labels.filter { counts[$0] == nil } : []
    if !unseen.isEmpty {
      notes.append(
        DataNote(
          .warning,
          "the training part lacks \(unseen.prefix(8).joined(separator: ", "))\(unseen.count > 8 ? ", ..." : ""), which other parts "
            + "have: it cannot be learnt, and each of them is a miss", setting: "split"))
    }
    if let ahead {
      notes.append(
        DataNote(
          .assumed,
          "a warning counts where an event of its kind begins within \(amount(ahead)) behind it; while it lasts there is no other",
          setting: "ahead"))
    } else if picker != nil {
      notes.append(
        DataNote(
          .assumed, "a found event may be \(amount(tolerance)) from a known one", setting: "tolerance"))
      if tolerance < 0.5 / outputRate {
        notes.append(
          DataNote(
            .warning,
            "that is less than half a step of the output, \(amount(1 / outputRate)): few events can be so near",
            setting: "tolerance"))
      }
      notes.append(DataNote(.assumed, scoringNote, setting: "score"))
    }
    if network.isCausal, ahead == nil {
      notes.append(
        DataNote(
          .assumed, "labels are delayed by \(amount(Double(delay) / rate))", setting: "delay"))
    }
    return notes
  }
}
