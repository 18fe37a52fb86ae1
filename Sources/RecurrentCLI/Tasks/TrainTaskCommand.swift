import ArgumentParser
import Recurrent

/// `recurrent train` for a task of the catalogue.
struct TrainTaskCommand<Task: CatalogTask>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Task.name, abstract: Task.summary,
      usage: "recurrent train \(Task.name) <data> ... --output <bundle> [options]",
      discussion: """
        The data are looked at first: what was found and what was assumed is printed, with the flag that changes it. --dry-run \
        stops there.

        Example:

        \(Task.usages.map { "  recurrent train \(Task.name) \($0)" }.joined(separator: "\n"))

        \(TaskWords<Task>.help)
        """)
  }

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("Files or folders with data, and settings of the task.", valueName: "data"))
  var words: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "bundle"))
  var output: String?

  @Option(
    help: ArgumentHelp("Data to choose and calibrate by; may be given more than once.", valueName: "data"))
  var valid: [String] = []

  @Option(help: ArgumentHelp("Data to judge by; may be given more than once.", valueName: "data"))
  var test: [String] = []

  @Option(
    help: ArgumentHelp("Settings under the names of these flags, JSON or YAML; flags win.", valueName: "file")
  )
  var config: String?

  @OptionGroup(title: "Training") var training: TaskTrainingOptions

  @Flag(help: "Look at the data, say what was found and would be done, and stop.")
  var dryRun = false

  @Flag(help: "Go on with an interrupted training.")
  var resume = false

  @Flag(help: "Replace a bundle or an unfinished training that stands at the output.")
  var overwrite = false

  @Option(help: ArgumentHelp("Write an event file for TensorBoard and metrics.csv.", valueName: "folder"))
  var tensorboard: String?

  @Flag(help: "Write one event a line, as JSON, to the standard output.")
  var json = false

  @Option(help: .hidden)
  var checkpointSeconds = 30.0

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    let own = try TaskWords<Task>(words)
    if own.paths.isEmpty { throw ValidationError("name the data: files or folders") }
    if output == nil, !dryRun { throw ValidationError("--output is missing, expected the path of a folder") }
    if output?.isEmpty ?? false { throw ValidationError("--output is empty, expected the path of a folder") }
    if let problem = training.problem { throw ValidationError(problem) }
  }

  /// What the file of settings says, where there is one, and on top of it what the flags say.
  private func settings() throws -> (own: TaskWords<Task>, training: TaskTrainingOptions) {
    guard let config else { return (try TaskWords<Task>(words), training) }
    let names = Task.flags.flatMap(\.flags).map(\.name)
    let file = try ConfigurationWords(config, known: names + TaskTrainingOptions.names)
    var (own, general) = ([String](), [String]())
    try file.each(where: names.contains) {
      _ = try TaskWords<Task>($0)
      own += $0
    }
    try file.each(where: TaskTrainingOptions.names.contains) {
      let options = try TaskTrainingOptions.parse($0)
      if let problem = options.problem { throw ValidationError(problem) }
      general += $0
    }
    return (
      try TaskWords<Task>(own + words), training.filled(from: try TaskTrainingOptions.parse(general))
    )
  }

  func run() throws {
    let (own, training) = try settings()
    let request = TaskRequest(
      paths: own.paths, validationPaths: valid, testPaths: test, settings: own.settings,
      seed: training.seed ?? 1)
    try compute.run {
      try TaskRun<Task>(
        request: request, training: training,
        place: TrainingPlace(output: output ?? "", resumes: resume, overwrites: overwrite), isDryRun: dryRun,
        isJSON: json, tensorBoard: tensorboard, checkpointSeconds: checkpointSeconds
      ).run()
    }
  }
}

/// How a task is trained, as flags.
struct TaskTrainingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Passes over the data.", valueName: "n"))
  var epochs: Int?
  @Option(help: ArgumentHelp("Examples of a step.", valueName: "n"))
  var batchSize: Int?
  @Option(help: ArgumentHelp("The optimiser (default: adamw).", valueName: "name"))
  var optimizer: OptimizerCatalog?
  @Option(help: ArgumentHelp("The learning rate, after warm-up.", valueName: "x"))
  var learningRate: Double?
  @Option(help: ArgumentHelp("The decay of the weights (default: 0.01).", valueName: "x"))
  var weightDecay: Double?
  @Option(
    help: ArgumentHelp("The largest norm of the gradient; 0 for no limit (default: 1).", valueName: "x"))
  var clipNorm: Double?
  @Option(help: ArgumentHelp("Stop after so many epochs without a better validation loss.", valueName: "n"))
  var patience: Int?
  @Option(
    help: ArgumentHelp("The decay of the running average of the weights; 0 for none.", valueName: "x"))
  var average: Double?
  @Option(
    help: ArgumentHelp("The same seed gives the same model, byte for byte (default: 1).", valueName: "n"))
  var seed: UInt64?

  /// The names of the flags.
  static let names = [
    "epochs", "batch-size", "optimizer", "learning-rate", "weight-decay", "clip-norm", "patience", "average",
    "seed",
  ]

  /// These, and for what they do not say the others.
  func filled(from other: TaskTrainingOptions) -> TaskTrainingOptions {
    var result = self
    result.epochs = epochs ?? other.epochs
    result.batchSize = batchSize ?? other.batchSize
    result.optimizer = optimizer ?? other.optimizer
    result.learningRate = learningRate ?? other.learningRate
    result.weightDecay = weightDecay ?? other.weightDecay
    result.clipNorm = clipNorm ?? other.clipNorm
    result.patience = patience ?? other.patience
    result.average = average ?? other.average
    result.seed = seed ?? other.seed
    return result
  }

  /// What is out of range; nil where nothing is.
  var problem: String? {
    if let epochs, !(1...1 << 20).contains(epochs) {
      return "--epochs is \(epochs), expected 1 to \(1 << 20)"
    }
    if let batchSize, !(1...1 << 20).contains(batchSize) {
      return "--batch-size is \(batchSize), expected 1 to \(1 << 20)"
    }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      return "--learning-rate is \(learningRate), expected a positive number"
    }
    if let weightDecay, !(weightDecay >= 0 && weightDecay.isFinite) {
      return "--weight-decay is \(weightDecay), expected 0 or more"
    }
    if let clipNorm, !(clipNorm >= 0 && clipNorm.isFinite) {
      return "--clip-norm is \(clipNorm), expected 0 or more"
    }
    if let patience, patience < 1 { return "--patience is \(patience), expected 1 or more" }
    if let average, !(average >= 0 && average < 1) {
      return "--average is \(average), expected at least 0 and below 1"
    }
    return nil
  }

  /// The settings that were suggested, with what was said.
  func applied(to suggested: TaskSettings) -> TaskSettings {
    var result = suggested
    result.training.epochs = epochs ?? result.training.epochs
    result.batchSize = batchSize ?? result.batchSize
    if let optimizer, optimizer != result.optimizer {
      result.optimizer = optimizer
      result.learningRate = optimizer.usualLearningRate
    }
    result.learningRate = learningRate ?? result.learningRate
    result.weightDecay = weightDecay ?? result.weightDecay
    result.training.clipNorm = clipNorm.map { $0 > 0 ? $0 : nil } ?? result.training.clipNorm
    result.training.patience = patience ?? result.training.patience
    result.training.averageDecay = average.map { $0 > 0 ? $0 : nil } ?? result.training.averageDecay
    return result
  }
}
