/// Looks now and then at how a training does: gradients by layer and by lag, units that are stuck, how often gradients are
/// clipped; and says what is wrong, with the setting that changes it. It changes no bit of the training.
///
/// Recurrent layers show a few rows of a step that is looked at. Behind the step, these are read once more, cell by cell and
/// step by step, as ``observe(_:_:)`` does, for the gradients of single losses with respect to earlier states.
public final class TrainingWatch: Probe {
  /// Which steps are looked at.
  public struct Interval: Sendable, Equatable {
    /// Every so many steps of an epoch, and its last; nil for as often as a fiftieth of the time allows.
    public var steps: Int?

    /// Every so many steps; nil for the first step and from there on as often as a fiftieth of the time allows.
    public init(steps: Int? = nil) { self.steps = steps }

    /// The share of the time of a training that looking may take.
    static let share = 0.02
    /// The same with a look at the last step.
    static let lastShare = 0.03
    /// Steps between looks at least.
    static let least = 10
  }

  /// The last report.
  public private(set) var report: WatchReport?

  private let interval: Interval
  private let epochs: Int
  private let settings: Set<String>?
  private let clock: () -> Double
  private var course: TrainingCourse
  private var observer: RecurrentObserver?
  private var said: Set<String> = []
  private var decision: (position: StepPosition, isWanted: Bool)?
  private var (stepsSince, began, spent, lastCost) = (0, Double?.none, 0.0, 0.0)

  /// Rows of a batch that are looked at, and losses that are followed back.
  static let (rowCount, lossCount) = (8, 8)
  /// Readings of a step that are looked at.
  static let readingCount = 4

  /// A watch.
  ///
  /// - Parameters:
  ///   - training: how the training runs.
  ///   - interval: which steps are looked at.
  ///   - judgesLoss: whether the loss is to fall; that of reinforcement learning need not.
  ///   - settings: names of those that advice may name; nil for any.
  ///   - clock: seconds that only grow.
  public init(
    _ training: TrainerSettings, interval: Interval = Interval(), judgesLoss: Bool = true,
    settings: Set<String>? = nil, clock: @escaping () -> Double
  ) {
    (self.interval, epochs, self.settings, self.clock) = (interval, training.epochs, settings, clock)
    course = TrainingCourse(clipNorm: training.clipNorm, judgesLoss: judgesLoss)
  }

  /// Whether a step is looked at.
  public func wantsStep(at position: StepPosition, of stepsInEpoch: Int) -> Bool {
    if let decision, decision.position == position { return decision.isWanted }
    let isWanted = decide(position, stepsInEpoch)
    decision = (position, isWanted)
    return isWanted
  }

  private func decide(_ position: StepPosition, _ stepsInEpoch: Int) -> Bool {
    if let steps = interval.steps {
      return position.step % max(steps, 1) == 0 || position.step + 1 == stepsInEpoch
    }
    let now = clock()
    guard let began else {
      began = now
      return true
    }
    let isLast = position.epoch + 1 == epochs && position.step + 1 == stepsInEpoch
    let share = isLast ? Interval.lastShare : Interval.share
    return (isLast || stepsSince >= Interval.least) && spent + lastCost <= share * (now - began - spent)
  }

  /// An observer of a few rows.
  public func observer(at position: StepPosition) -> RecurrentObserver? {
    guard decision?.position == position, decision?.isWanted == true else { return nil }
    observer = RecurrentObserver(rowCount: TrainingWatch.rowCount)
    return observer
  }

  /// Counts a step; to be told of each.
  public func count(_ step: StepReport) {
    course.add(step)
    stepsSince += 1
  }

  /// Looks at a step.
  public func see<M: Module>(_ step: StepReport, model: M, gradient: M) throws {
    let begin = clock()
    var cells: [CellHealth] = []
    for (number, reading) in readings.enumerated() {
      let rows = (0..<reading.batch.batchSize).filter { reading.length(ofRow: $0) > 1 }
      cells += CellHealth.all(reading.traced(), number: number, rows: rows, limit: TrainingWatch.lossCount)
    }
    observer = nil
    var found = WatchReport(
      position: step.position, stepCount: step.stepCount,
      layers: WatchReport.layers(model, gradient: gradient), cells: cells,
      clippedShare: course.takeClippedShare(), advice: [])
    found.advice = advice(found.cells).filter { said.insert("\($0.kind) \($0.remedies)").inserted }
    report = found
    lastCost = clock() - begin
    spent += lastCost
    stepsSince = 0
  }

  /// What recurrent layers read over several steps, with a gradient.
  private var readings: [RecurrentReading] {
    let all = (observer?.readings ?? []).filter {
      ($0.outputGradient != nil || !$0.finalGradient.isEmpty) && !$0.parts.isEmpty
    }
    return Array(all.prefix(TrainingWatch.readingCount))
  }

  /// What there is to say at the end.
  public var advice: [Advice] { advice(report?.cells ?? []) }

  private func advice(_ cells: [CellHealth]) -> [Advice] {
    (Advice.all(of: cells) + course.advice).map { advice in settings.map { advice.only($0) } ?? advice }
  }
}
