import ArgumentParser
import Recurrent

/// `recurrent drive`.
struct DriveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drive",
    abstract: "Let a policy act in an environment, and measure its returns.",
    discussion: """
      The environment is that of the training, another one that is built in, or a process: a command of several words that speaks in \
      lines of JSON over its standard input and output. The state of the policy is reset at the start of each episode.

      Example:

        recurrent drive balance.bundle --episodes 100 --json
        recurrent drive balance.bundle --environment cartpole-no-velocity --plot episode.svg --report report.html
        recurrent drive policy.bundle --environment "python env.py" --timeout 5
      """)

  @Argument(help: "The bundle of a policy.")
  var bundle: String

  @Option(
    help: ArgumentHelp("Where to act (default: where the policy was trained).", valueName: "name"))
  var environment: String?

  @Option(help: ArgumentHelp("Episodes.", valueName: "n"))
  var episodes = 100

  @Option(help: ArgumentHelp("The same seed gives the same episodes.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(help: "Draw actions by their probabilities, and do not take the likeliest ones.")
  var sample = false

  @Option(help: ArgumentHelp("Seconds that a process has for each answer.", valueName: "s"))
  var timeout = ProcessEnvironment.standardTimeout

  @Option(help: ArgumentHelp("Draw the first episode, as SVG.", valueName: "file"))
  var plot: String?

  @Option(help: ArgumentHelp("Write the evaluation as a page of HTML.", valueName: "file"))
  var report: String?

  @Flag(help: "The result as one line of JSON.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard (1...1 << 20).contains(episodes) else {
      throw ValidationError("--episodes is \(episodes), expected a whole number from 1 to \(1 << 20)")
    }
    guard timeout > 0, timeout <= 1e6 else {
      throw ValidationError("--timeout is \(timeout), expected a positive number of seconds")
    }
  }

  func run() throws {
    try OutputFile.check(plot, flag: "--plot", apartFrom: [bundle])
    try OutputFile.check(report, flag: "--report", apartFrom: [bundle])
    try compute.run {
      guard let trained = try TrainedModel.open(bundle) as? TrainedTask<ReinforcementTask> else {
        throw BundleError.otherTask(
          path: bundle, expected: ReinforcementTask.name, found: try ModelBundleHead.task(of: bundle))
      }
      var drive = PolicyDrive(trained, in: environment.map { EnvironmentChoice($0, timeout: timeout) })
      (drive.seed, drive.drawsActions) = (seed, sample)
      defer { Terminal.clearProgress() }
      var latencies = LatencyHistogram()
      let stopwatch = Stopwatch()
      let result = try drive.run(
        episodeCount: episodes, clock: { stopwatch.seconds }, latency: { latencies.add($0) },
        progress: Terminal.progressing("driving"))
      Terminal.clearProgress()
      if let plot { try AtomicFile.write(Array(result.picture.utf8), to: plot) }
      if let report { try AtomicFile.write(Array(result.evaluation.report.utf8), to: report) }
      try show(result.evaluation, DriveLatency(latencies))
    }
  }

  private func show(_ evaluation: TaskEvaluation, _ latency: DriveLatency) throws {
    if json { return try JSONLine.output(DriveLine(evaluation: evaluation, latencyMicroseconds: latency)) }
    for line in evaluation.lines { Terminal.output(line) }
    for warning in evaluation.warnings { Terminal.error("warning: \(warning)") }
    Terminal.error(
      "\(counted(latency.steps, "step")): \(rounded(latency.median, 1)) us each, 99 % within "
        + "\(rounded(latency.percentile99, 1)), longest \(rounded(latency.longest, 1))")
  }
}

/// How long the policy took for its steps, in microseconds.
struct DriveLatency: Encodable {
  let steps: Int
  let median, percentile99, longest: Double

  init(_ latencies: LatencyHistogram) {
    steps = latencies.count
    (median, percentile99) = (1e6 * latencies.quantile(0.5), 1e6 * latencies.quantile(0.99))
    longest = 1e6 * latencies.quantile(1)
  }
}

/// The result as a line of JSON.
struct DriveLine: Encodable {
  let evaluation: TaskEvaluation
  let latencyMicroseconds: DriveLatency

  private enum Key: CodingKey { case latencyMicroseconds }

  func encode(to encoder: any Encoder) throws {
    try evaluation.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(latencyMicroseconds, forKey: .latencyMicroseconds)
  }
}
