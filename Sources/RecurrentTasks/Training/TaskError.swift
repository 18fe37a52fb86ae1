import RecurrentReports

/// Why a training cannot begin or go on.
public enum TaskError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The settings or data of an interrupted training were others.
  case cannotResume(path: String, differences: [Difference])
  /// An unfinished training stands where a new one would begin.
  case unfinished(path: String)
  /// Another process trains to the same output.
  case inUse(path: String, holder: String)
  /// The training does not fit into the memory of the machine.
  case tooLarge(parameters: Int, needed: Int, memory: Int)
  /// Settings cannot go together.
  case settings(String)
  /// The data of several files together cannot be used.
  case unfit(paths: [String], reason: String)
  /// The model cannot do what is asked of it.
  case unsupported(String)

  /// What differs between two trainings.
  public enum Difference: Equatable, Sendable, CustomStringConvertible {
    /// The value of a setting; nil where there was none.
    case setting(String, was: String?, isNow: String?)
    /// Anything else, as a sentence.
    case other(String)

    /// What differs.
    public var description: String {
      switch self {
      case .setting(let name, let was, let isNow):
        "\(name) was \(was ?? "not set") and is now \(isNow ?? "not set")"
      case .other(let sentence): sentence
      }
    }
  }

  /// What is wrong.
  public var description: String {
    switch self {
    case .cannotResume(let path, let differences):
      "\(path): the unfinished training differs: \(differences.map(\.description).joined(separator: "; "))"
    case .unfinished(let path): "\(path): holds an unfinished training"
    case .inUse(let path, let holder):
      "\(path): another training, \(holder), writes to this output; wait for its end, stop it, or choose another output"
    case .tooLarge(let parameters, let needed, let memory):
      "the model would have \(grouped(parameters)) parameters and its training need about \(gigabytes(needed)) of memory; "
        + "this machine has \(gigabytes(memory))"
    case .settings(let issue), .unsupported(let issue): issue
    case .unfit(let paths, let reason): "\(paths.joined(separator: ", ")): \(reason)"
    }
  }
}
