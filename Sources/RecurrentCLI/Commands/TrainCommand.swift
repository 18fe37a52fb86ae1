import ArgumentParser
import Recurrent

/// `recurrent train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model and save it as a bundle.",
    discussion: """
      Example:

        recurrent train language-model book.txt --output book.bundle
        recurrent train classification reviews/ --output sentiment.bundle
      """,
    subcommands: TaskCatalog.tasks.map { command($0) } + [TrainNGramCommand.self])

  private static func command<Task: SequenceTask>(_ task: Task.Type) -> any ParsableCommand.Type {
    TrainTaskCommand<Task>.self
  }
}
