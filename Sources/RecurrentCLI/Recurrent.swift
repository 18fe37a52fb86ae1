import ArgumentParser
import Recurrent

@main
struct RecurrentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "recurrent", abstract: "Recurrent neural networks.")
}
