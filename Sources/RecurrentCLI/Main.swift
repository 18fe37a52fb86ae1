import ArgumentParser
import Recurrent
import RecurrentServing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The root of the command line.
struct RecurrentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recurrent",
    abstract: "Recurrent neural networks: train, evaluate, generate.",
    discussion: """
      Train a language model on a text and let it write:

        recurrent train language-model book.txt --output book.bundle
        recurrent generate book.bundle --prompt "Once" --length 400

      Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted (Ctrl-C, termination, the end of the terminal).
      """,
    version: ProgramVersion.text,
    subcommands: [
      TrainCommand.self, GenerateCommand.self, EvaluateCommand.self, PredictCommand.self, ApplyCommand.self,
      InspectCommand.self, ExplainCommand.self, ImportCommand.self, ExportCommand.self, DriveCommand.self,
      ServeCommand.self, ReproduceCommand.self,
    ])
}

@main
enum Main {
  static func main() {
    StandardStreams.occupy()
    Interrupt.install()
    let words = CommandWords.joined(CommandWords.resolved(Array(CommandLine.arguments.dropFirst())))
    if let problem = CommandWords.problem(words) {
      Terminal.error(text: problem)
      exit(2)
    }
    do {
      var command = try RecurrentCommand.parseAsRoot(words)
      if let issue = ExpansionLimit.issue {
        Terminal.error("error: \(issue)")
        exit(2)
      }
      if let issue = CPUBackend.issue {
        Terminal.error("error: \(issue)")
        exit(1)
      }
      try command.run()
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch let error as ValidationError {
      // of a command that runs already, whose usage the root does not know
      Terminal.error(
        text:
          "error: \(error.message.namingFlags)\nSee '\(CommandWords.name(words)) --help' for more information."
      )
      exit(2)
    } catch {
      exit(report(error))
    }
  }

  /// Says what went wrong and returns the exit code.
  static func report(_ error: any Error) -> Int32 {
    if let text = failure(error) {
      Terminal.error("error: \(text.namingFlags)")
      return 1
    }
    let code = RecurrentCommand.exitCode(for: error)
    var message = RecurrentCommand.fullMessage(for: error)
    if code == .success {
      Terminal.output(text: message)
      return 0
    }
    if message.hasPrefix("Error:") { message = "error:" + message.dropFirst("Error:".count) }
    Terminal.error(text: message)
    return code == .validationFailure ? 2 : 1
  }

  /// What an error of the library says, in the words of the command line; nil for what is about the command line itself.
  private static func failure(_ error: any Error) -> String? {
    switch error {
    case TaskError.cannotResume(let path, let differences):
      let shown = differences.map { difference in
        if case .setting = difference { "--\(difference)" } else { "\(difference)" }
      }
      return "\(path): the unfinished training differs: \(shown.joined(separator: "; ")). "
        + "Repeat its command to go on, or start anew with --overwrite"
    case TaskError.unfinished: return "\(error); go on with --resume, or discard it with --overwrite"
    case TaskError.tooLarge:
      return "\(error). Lower --hidden, --layers or --batch-size"
    case BundleError.notFound(let path):
      return
        "\(error), or make one with `recurrent train TASK DATA --output \(path)`; `recurrent train --help` lists the tasks"
    case BundleError.exists: return "\(error); choose another --output, or replace it with --overwrite"
    case DataError.invalidSetting(let name, _, _) where settingNames.contains(name) || name == "rate":
      return "--\(error)"
    case is DataError, is FormatError, is BundleError, is ParameterError, is TrainingError, is RunError,
      is GraphError,
      is InterchangeError, is TaskError, is MusicError, is EnvironmentError, is CommunicationError,
      is ServingError, is ShardError:
      return "\(error)"
    default: return nil
    }
  }

  /// The names of all settings of all tasks.
  static var settingNames: Set<String> {
    func names<Task: SequenceTask>(_ task: Task.Type) -> [String] {
      Task.allSettings.flatMap(\.settings).map(\.name)
    }
    return Set(TaskCatalog.tasks.flatMap { names($0) })
  }
}

extension String {
  /// The text with the settings that stand between backticks as flags.
  var namingFlags: String {
    Main.settingNames.reduce(self) { $0.replacing("`\($1)`", with: "--\($1)") }
  }
}

/// What goes wrong in a command and not in the library.
enum RunError: Error, CustomStringConvertible {
  /// A file of settings cannot be used.
  case configuration(path: String, reason: String)
  /// A model cannot be applied to what is given.
  case apply(String)
  /// A stream cannot be predicted.
  case stream(String)
  /// Models cannot be served.
  case serve(String)
  /// A row of the results cannot be trained again.
  case recipe(String)

  var description: String {
    switch self {
    case .configuration(let path, let reason): "\(path): \(reason)"
    case .apply(let reason), .stream(let reason), .serve(let reason), .recipe(let reason): reason
    }
  }
}

extension ExitCode {
  /// Ended by a signal that asked the work to stop: SIGINT, SIGTERM or SIGHUP.
  static let interrupted = ExitCode(130)
}
