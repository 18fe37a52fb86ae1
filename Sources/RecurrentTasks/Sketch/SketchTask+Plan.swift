import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SketchTask {
  /// Reads drawings, cuts them into parts, and measures the offsets of the training part.
  ///
  /// - Throws: ``DataError`` or a format error.
  public static func plan(
    _ request: TaskRequest, progress: (String, Double) -> Void
  ) throws -> TrainingPlan<SketchTask> {
    let settings = request.settings
    let hasOthers = !request.validationData.isEmpty || !request.testData.isEmpty
    var sources = [try RecordSource.drawings(request.data, part: hasOthers ? .training : nil)]
    if !request.validationData.isEmpty {
      sources.append(try .drawings(request.validationData, part: .validation))
    }
    if !request.testData.isEmpty { sources.append(try .drawings(request.testData, part: .test)) }
    progress("reading", 1)
    let records = RecordSource.joined(sources)
    let split = DataParts(
      sizes: try settings.shares(), sparingCount: request.validationData.isEmpty ? 20 : nil,
      seed: request.seed
    ).split(records)
    let limit = settings.value(.maxPoints)
    var notes = records.notes + split.notes
    func drawings(_ part: [Int]) throws -> [(strokes: StrokeSequence, label: String?)] {
      try part.map { index in
        let record = try records.record(index)
        guard case .strokes(let strokes) = record.content else { return (StrokeSequence([]), nil) }
        return (strokes, record.label)
      }
    }
    let all = try [split.training, split.validation, split.test].map(drawings)
    let parts = all.map { part in part.filter { $0.strokes.pointCount <= limit } }
    let long = zip(all, parts).reduce(0) { $0 + $1.0.count - $1.1.count }
    if long > 0 {
      notes.append(
        DataNote(
          .warning, "\(counted(long, "drawing")) of more than \(limit) points left out", setting: "max-points"
        ))
    }
    guard !parts[0].isEmpty else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "at least one drawing of at most \(limit) points", found: "none")
    }
    let task = try fitted(parts[0], settings, seed: request.seed, &notes)
    progress("fitting the baseline", 1)
    func examples(_ part: [(strokes: StrokeSequence, label: String?)]) -> ExampleSource<Example> {
      ExampleSource(part.map { task.example($0.strokes, label: $0.label) })
    }
    var plan = TrainingPlan(
      task: task, training: examples(parts[0]), validation: examples(parts[1]), test: examples(parts[2]),
      suggested: standardSettings(parts[0].count, epochs: settings[.epochs]), settings: settings,
      notes: notes, unitName: "drawings")
    plan.facts.sequences = parts.reduce(0) { $0 + $1.count }
    plan.facts.steps = parts.reduce(0) { $0 + $1.reduce(0) { $0 + $1.strokes.pointCount } }
    plan.facts.step = "1"
    plan.facts.targets = task.labels.names.isEmpty ? nil : task.labels.names
    return plan
  }

  /// The task, measured by the training part.
  private static func fitted(
    _ drawings: [(strokes: StrokeSequence, label: String?)], _ settings: Settings, seed: UInt64,
    _ notes: inout [DataNote]
  ) throws -> SketchTask {
    let steps = drawings.map(\.strokes.penSteps)
    let offsets = steps.flatMap { $0.dropFirst() }
    let squares = offsets.reduce(0.0) { $0 + Double($1.dx * $1.dx) + Double($1.dy * $1.dy) }
    let sums = offsets.reduce((0.0, 0.0)) { ($0.0 + Double($1.dx), $0.1 + Double($1.dy)) }
    let count = Double(max(offsets.count, 1))
    let (mx, my) = (sums.0 / count, sums.1 / count)
    let variance = squares / (2 * count) - ((mx + my) / 2) * ((mx + my) / 2)
    let scale = max(variance, 1e-12).squareRoot()
    // whole numbers were rounded by up to a half: of less there is nothing to learn
    let areWhole = offsets.allSatisfy { $0.dx == $0.dx.rounded() && $0.dy == $0.dy.rounded() }
    let least = areWhole ? max(0.288_675_134_6 / scale, 1e-3) : 1e-3
    let network = network(settings, pointCount: steps.reduce(0) { $0 + $1.count }, &notes)
    var pens = [0, 0, drawings.count]
    for step in steps.lazy.flatMap({ $0 }) { pens[Int(step.pen.rawValue)] += 1 }
    let points = offsets.map { (x: Double($0.dx) / scale, y: Double($0.dy) / scale) }
    let labels = StyleNames(among: drawings.map(\.label), what: "what drawings show", settings, &notes)
    let brush = try SketchBrush.fitted(drawings.map(\.strokes), asked: settings[.brush], &notes)
    notes.append(
      DataNote(
        .found,
        "offsets are divided by their deviation, \(significant(scale)) units; nats are of points in these units and may be negative, for a "
          + "density may be above 1"))
    if (mx * mx + my * my).squareRoot() > scale {
      notes.append(
        DataNote(.warning, "the offsets are not centred: these may be positions instead of offsets"))
    }
    return SketchTask(
      network: network, scale: Float(scale), leastDeviation: Float(least), labels: labels,
      augmentation: SketchAugmentation(
        scaling: Float(settings.value(.scalingNoise)), dropRate: Float(settings.value(.dropPoints))),
      latent: LatentLoss(
        weight: settings.value(.latentWeight), epochs: settings.value(.latentEpochs),
        tolerance: settings.value(.latentTolerance)),
      brush: brush, drawings: DrawingStatistics(drawings.map(\.strokes)),
      baseline: MemorylessDrawing(
        points: points, pens: pens, count: network.mixtureCount, least: least,
        key: RandomKey(seed: seed).child(4)))
  }

  /// The network for so many points to train on; a larger one takes four times as long, so it is said.
  static func network(
    _ settings: Settings, pointCount: Int, _ notes: inout [DataNote]
  ) -> SketchConfiguration {
    var network = SketchConfiguration().applying(settings)
    if settings[.hidden] == nil, pointCount >= manyPoints {
      network.hiddenSize = manyUnits
      notes.append(
        DataNote(
          .assumed, "\(manyUnits) units in a layer, for there are \(pointCount) points to train on",
          setting: "hidden"))
    }
    return network
  }

  /// A course of training for so many drawings: small sets are read more often.
  static func standardSettings(_ count: Int, epochs asked: Int? = nil) -> TaskSettings {
    let batchSize = count < 1000 ? 16 : 64
    let stepsInEpoch = max(1, (count + batchSize - 1) / batchSize)
    let epochs = min(200, max(8, 5000 / stepsInEpoch))
    // the average forgets the beginning several times over
    let decay = 1 - 20 / Double((asked ?? epochs) * stepsInEpoch)
    return TaskSettings(
      batchSize: batchSize, optimizer: .adam, learningRate: 2e-3, weightDecay: 0,
      training: TrainerSettings(
        epochs: epochs,
        schedule: LearningRateSchedule(.cosine(final: 0.02), warmUpSteps: 50), clipNorm: 1,
        averageDecay: min(max(decay, 0.8), 0.995)))
  }

  /// A drawing as an example.
  public func example(_ strokes: StrokeSequence, label: String? = nil) -> Example {
    Example(steps: steps(of: strokes), label: labels.number(of: label))
  }

  /// Reads drawings.
  ///
  /// - Throws: ``DataError`` or a format error.
  public func examples(
    _ data: [DataSource], settings: Settings, needsTargets: Bool
  ) throws -> ExampleSource<Example> {
    let records = try RecordSource.drawings(data)
    let own = needsTargets ? records.evaluated : records
    let task = self
    var source = ExampleSource<Example>(
      count: own.count, name: { own.name($0) },
      example: { index in
        let record = try own.record(index)
        guard case .strokes(let strokes) = record.content else {
          throw DataError.malformed(
            path: record.origin, place: .record, expected: "strokes of a pen", found: "something else")
        }
        return task.example(strokes, label: record.label)
      })
    source.notes =
      [own.partNote].compactMap { $0 } + records.notes.filter { $0.kind != .found }
      + labels.unknown((0..<own.count).lazy.map { own.label($0) }) + (try unknownBrush(own))
    return source
  }

  /// Drawings without what the model knows of a brush.
  private func unknownBrush(_ records: RecordSource) throws -> [DataNote] {
    guard let brush else { return [] }
    var counts: [String: Int] = [:]
    for index in 0..<records.count {
      guard case .strokes(let strokes) = try records.record(index).content else { continue }
      for name in brush.missing(in: strokes.penSteps) { counts[name, default: 0] += 1 }
    }
    return brush.names.compactMap { name in
      counts[name].map {
        DataNote(.assumed, "\(counted($0, "drawing")) without \(name): it is neither read nor scored there")
      }
    }
  }
}
