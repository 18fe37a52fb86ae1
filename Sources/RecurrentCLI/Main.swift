import ArgumentParser
import Recurrent

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
    version: "0.1.0",
    subcommands: [
      TrainCommand.self, GenerateCommand.self, EvaluateCommand.self, PredictCommand.self, ApplyCommand.self,
      InspectCommand.self,
      ImportCommand.self, ExportCommand.self,
    ])
}

@main
enum Main {
  static func main() {
    StandardStreams.occupy()
    Interrupt.install()
    let words = Array(CommandLine.arguments.dropFirst())
    if let problem = CommandWords.problem(words) {
      Terminal.error(text: problem)
      exit(2)
    }
    do {
      var command = try RecurrentCommand.parseAsRoot(CommandWords.joined(words))
      if let issue = ExpansionLimit.issue {
        Terminal.error("error: \(issue)")
        exit(2)
      }
      if let obstacle = CPUBackend.obstacle {
        Terminal.error("error: \(obstacle)")
        exit(1)
      }
      try command.run()
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch {
      exit(report(error))
    }
  }

  /// Says what went wrong and returns the exit code.
  private static func report(_ error: any Error) -> Int32 {
    if isFailure(error) {
      let shown: any Error = (error as? DataError)?.namingFlags ?? error
      Terminal.error("error: \(shown)".namingFlags)
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

  /// Whether an error says itself what went wrong, rather than being about the command line.
  private static func isFailure(_ error: any Error) -> Bool {
    error is DataError || error is FormatError || error is BundleError || error is ParameterError
      || error is TrainingError || error is RunError || error is GraphError || error is InterchangeError
  }
}

/// What goes wrong in a command and not in the library.
enum RunError: Error, CustomStringConvertible {
  /// Settings differ from those of the training that is to go on.
  case cannotResume(path: String, differences: [String])
  /// A training that was not finished stands where a new one would begin.
  case unfinished(path: String)
  /// Another process trains to the same output.
  case inUse(path: String, holder: String)
  /// A file of settings cannot be used.
  case configuration(path: String, reason: String)
  /// The units of a cell with heads cannot be shared out.
  case heads(hidden: Int, heads: Int)
  /// The model does not fit into the memory.
  case tooLarge(parameters: Int, needed: Int, memory: Int, advice: String)
  /// A model cannot be applied to what is given.
  case apply(String)
  /// A stream cannot be answered.
  case stream(String)
  /// The cells of the model do not follow a precision.
  case precision(String)
  /// The data of several files together cannot be used.
  case unfit(paths: [String], reason: String)

  var description: String {
    switch self {
    case .cannotResume(let path, let differences):
      "\(path): the unfinished training differs: \(differences.joined(separator: "; ")). "
        + "Repeat its command to go on, or start anew with --overwrite"
    case .unfinished(let path):
      "\(path): holds an unfinished training; go on with --resume, or discard it with --overwrite"
    case .inUse(let path, let holder):
      "\(path): another training, \(holder), writes to this output; wait for its end, stop it, or choose another --output"
    case .configuration(let path, let reason): "\(path): \(reason)"
    case .heads(let hidden, let heads):
      "heads is \(heads), expected a divisor of the \(hidden) units of a layer"
    case .tooLarge(let parameters, let needed, let memory, let advice):
      "the model would have \(grouped(parameters)) parameters and its training need about \(gigabytes(needed)) of memory; "
        + "this machine has \(gigabytes(memory)). \(advice)"
    case .apply(let reason), .stream(let reason): reason
    case .precision(let objection): "--precision: \(objection)"
    case .unfit(let paths, let reason): "\(paths.joined(separator: ", ")): \(reason)"
    }
  }
}

extension ExitCode {
  /// Ended by a signal that asked the work to stop: SIGINT, SIGTERM or SIGHUP.
  static let interrupted = ExitCode(130)
}
