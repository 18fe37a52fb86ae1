import ArgumentParser

/// `recurrent train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model and save it as a bundle.",
    discussion: """
      Example:

        recurrent train language-model book.txt --output book.bundle
      """,
    subcommands: [TrainLanguageModelCommand.self])
}
