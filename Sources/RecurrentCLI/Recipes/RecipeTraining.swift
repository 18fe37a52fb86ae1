import ArgumentParser
import Recurrent

/// The training of a recipe, by the calls that `train` makes.
struct RecipeTraining {
  let recipe: Recipe
  /// The words behind `recurrent`, with the paths of the files.
  let words: [String]
  /// Where the bundle goes; nil to keep none.
  let output: TrainingOutput?
  let isJSON: Bool

  /// Trains and evaluates.
  ///
  /// - Returns: the metric of the recipe, and seconds of training.
  /// - Throws: `ExitCode` where it was interrupted, and what a training throws.
  func figure() throws -> (value: Double, seconds: Double) {
    let (task, words) = try RecipeTraining.task(of: recipe, words)
    return try figure(task, words)
  }

  /// Verifies that the words of a recipe are those of its task, wherever its files are.
  ///
  /// - Throws: a validation error or ``DataError``.
  static func check(_ recipe: Recipe) throws {
    func check<Task: SequenceTask>(_ task: Task.Type, _ words: [String]) throws {
      _ = try request(task, words)
    }
    let (task, words) = try task(of: recipe, recipe.words { $0.isEmpty ? "." : $0 })
    try check(task, words)
  }

  /// The task of a recipe, and the words for it.
  private static func task(of recipe: Recipe, _ words: [String]) throws -> (any SequenceTask.Type, [String]) {
    let words = CommandWords.resolved(words)
    guard words.count > 1, let task = TaskCatalog.task(named: words[1]) else {
      throw RunError.recipe("\(recipe.name): \"\(recipe.command)\" trains no task")
    }
    return (task, Array(words.dropFirst(2)))
  }

  private func figure<Task: SequenceTask>(_ task: Task.Type, _ words: [String]) throws
    -> (value: Double, seconds: Double)
  {
    let request = try RecipeTraining.request(task, words)
    var display = TrainingDisplay<Task>(isJSON: isJSON, output: output?.path ?? "")
    var spreads: [MetricSpread] = []
    let clock = Stopwatch()
    defer { Terminal.clearProgress() }
    let outcome = try TaskTraining<Task>(request, output: output).run(
      report: { event in
        if case .crossValidated(let own) = event { spreads = own }
        try display.show(event)
      }, shouldStop: { Interrupt.isRequested })
    if output != nil {
      try display.show(outcome)
    } else if outcome.isInterrupted {
      Terminal.clearProgress()
      Terminal.error("interrupted; without --output nothing is kept")
      throw ExitCode.interrupted
    }
    var figures = Dictionary(spreads.map { ($0.name, $0.mean) }, uniquingKeysWith: { own, _ in own })
    if spreads.isEmpty, let trained = try outcome.trained ?? finished(task) {
      let results = trained.description.results.figures
      for (name, value) in results where name.hasPrefix("test ") {
        figures[String(name.dropFirst(5))] = value
      }
    }
    guard let value = figures[recipe.metric] else {
      throw RunError.recipe(
        "\(recipe.name): the evaluation has no \"\(recipe.metric)\", but \(figures.keys.sorted().joined(separator: ", "))"
      )
    }
    return (value, clock.seconds)
  }

  /// A bundle that was written before; of a cross-validation it does not have the figures.
  private func finished<Task: SequenceTask>(_ task: Task.Type) throws -> TrainedTask<Task>? {
    guard let output, !recipe.command.contains(" --folds "), !recipe.command.contains("--leave-one-out")
    else {
      throw RunError.recipe(
        "\(recipe.name): the training is finished, and the figures of its parts are not kept; repeat it with --overwrite"
      )
    }
    return try TrainedTask<Task>(bundle: output.path)
  }

  /// The request that `train` makes of the same words.
  ///
  /// - Throws: a validation error or ``DataError`` where they are no words of the task.
  private static func request<Task: SequenceTask>(_ task: Task.Type, _ words: [String]) throws -> TaskRequest
  {
    var (rest, valid, test) = ([String](), [DataSource](), [DataSource]())
    var words = words[...]
    while let word = words.popFirst() {
      switch word {
      case "--valid": valid += words.popFirst().map { [DataSource($0)] } ?? []
      case "--test": test += words.popFirst().map { [DataSource($0)] } ?? []
      default: rest.append(word)
      }
    }
    let own = try SettingWords(rest, task.allSettings)
    var settings = own.settings
    settings[.seed] = 1
    return TaskRequest(
      own.paths.map { DataSource($0) }, validationData: valid, testData: test, settings: settings)
  }
}

extension TaskOutcome {
  /// Whether it was asked to stop.
  fileprivate var isInterrupted: Bool {
    switch self {
    case .interrupted, .interruptedAtEnd: true
    case .finished, .alreadyDone, .followed: false
    }
  }
}
