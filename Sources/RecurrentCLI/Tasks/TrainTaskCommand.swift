import ArgumentParser
import Recurrent

/// `recurrent train` for a task of the catalogue.
struct TrainTaskCommand<Task: SequenceTask>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Task.name, abstract: Task.summary,
      usage: "recurrent train \(Task.name) <data> ... --output <bundle> [options]",
      discussion: """
        The data are looked at first: what was found and what was assumed is printed, with the flag that changes it. --dry-run \
        stops there. Where no default is given the data decide; every setting is written into the bundle. A training that was \
        interrupted, even by kill -9, goes on with --resume and ends in the same model, bit for bit. Under mpirun the ranks train \
        together, each on its shards of every step (a program built with the trait MPI); with the same --shards any number of ranks \
        that can share them gives the same model, also one alone, and --resume may have another number. SIGUSR1 asks for a stop.

        Example:

        \(Task.usages.map { "  recurrent train \(Task.name) \($0)" }.joined(separator: "\n"))

        \(SettingWords.help(of: Self.self, Task.allSettings))
        """)
  }

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("Files or folders with data, and settings of the task.", valueName: "data"))
  var words: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "bundle"))
  var output: String?

  @Option(
    help: ArgumentHelp("Data to validate and calibrate with; may be given more than once.", valueName: "data")
  )
  var valid: [String] = []

  @Option(help: ArgumentHelp("Data to test with; may be given more than once.", valueName: "data"))
  var test: [String] = []

  @Option(
    help: ArgumentHelp("Settings under the names of these flags, JSON or YAML; flags win.", valueName: "file")
  )
  var config: String?

  @Flag(help: "Look at the data, say what was found and would be done, and stop.")
  var dryRun = false

  @Flag(help: "Go on with an interrupted training.")
  var resume = false

  @Flag(help: "Replace a bundle or an unfinished training that stands at the output.")
  var overwrite = false

  @Option(
    help: ArgumentHelp(
      "Write an event file for TensorBoard (losses, rates, histograms of weights and gradients, samples) and metrics.csv.",
      valueName: "folder"))
  var tensorboard: String?

  @Flag(
    help:
      "Look inside while it trains: gradients by layer and by lag, stuck units, clipping; and say what is wrong and which setting changes it."
  )
  var watch = false

  @Option(
    help: ArgumentHelp(
      "Steps between looks (default: the first step, then as often as 2 % of the time allows).",
      valueName: "n"))
  var watchInterval: Int?

  @Flag(help: "Write one event a line, as JSON, to the standard output.")
  var json = false

  @Flag(
    help:
      "Train together with the other ranks of MPI, also where the launcher does not say in the environment that there are some."
  )
  var distributed = false

  @Option(help: .hidden)
  var checkpointSeconds = 30.0

  @OptionGroup var input: InputOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    let own = try SettingWords(words, Task.allSettings)
    if own.paths.isEmpty, Task.needsData(own.settings) {
      throw ValidationError("name the data: files or folders")
    }
    if output == nil, !dryRun { throw ValidationError("--output is missing, expected the path of a folder") }
    if output?.isEmpty ?? false { throw ValidationError("--output is empty, expected the path of a folder") }
    if let watchInterval, watchInterval < 1 {
      throw ValidationError("--watch-interval is \(watchInterval), expected 1 or more steps")
    }
    guard checkpointSeconds >= 0 else {
      throw ValidationError("--checkpoint-seconds is \(checkpointSeconds), expected 0 or more")
    }
  }

  func run() throws {
    let own = try SettingWords(words, Task.allSettings)
    var settings = own.settings
    if let config {
      settings = settings.filled(from: try ConfigurationFile.settings(config, Task.allSettings))
    }
    if let issue = Task.anyIssue(of: settings) {
      let names = Task.allSettings.flatMap(\.settings).map(\.name)
      throw ValidationError(names.contains { issue.hasPrefix($0 + " ") } ? "--" + issue : issue)
    }
    let sources = try input.sources(own.paths + valid + test)
    let request = TaskRequest(
      Array(sources.prefix(own.paths.count)),
      validationData: Array(sources.dropFirst(own.paths.count).prefix(valid.count)),
      testData: Array(sources.suffix(test.count)), settings: settings)
    let ranks = try Ranks.joined(isDistributed: distributed)
    try ranks.run {
      try compute.run(sharedBy: ranks) { try train(request, ranks) }
    }
  }

  private func train(_ request: TaskRequest, _ ranks: Ranks) throws {
    var display = TrainingDisplay<Task>(isJSON: json, output: output ?? "")
    if dryRun {
      guard ranks.isFirst else { return }
      display.showsColumns = true
      _ = try TaskTraining<Task>(request).plan { try display.show($0) }
      return
    }
    let output = TrainingOutput(
      output ?? "", resumes: resume, overwrites: overwrite, checkpointInterval: checkpointSeconds)
    defer { Terminal.clearProgress() }
    do {
      var training = TaskTraining<Task>(request, output: output, logFolder: tensorboard)
      training.ranks = ranks.communicator
      if watch || watchInterval != nil { training.watch = TrainingWatch.Interval(steps: watchInterval) }
      let outcome = try training.run(
        report: { if ranks.isFirst { try display.show($0) } }, shouldStop: { Interrupt.isRequested })
      if ranks.isFirst { return try display.show(outcome) }
      if case .interrupted = outcome { throw ExitCode.interrupted }
    } catch {
      if display.hasBegun { explain(error, output.folder) }
      throw error
    }
  }

  /// Says, before the error itself, what is left of a training that failed.
  private func explain(_ error: any Error, _ folder: CheckpointFolder) {
    guard folder.hasCheckpoint, !(error is ExitCode) else { return }
    Terminal.error(
      "the training up to its last checkpoint is kept in \(folder.path)"
        + (error is TrainingError
          ? ", but going on with the same settings would end here again; change them and add --overwrite to start anew"
          : "; when the cause is gone, repeat the command with --resume to go on"))
  }
}
