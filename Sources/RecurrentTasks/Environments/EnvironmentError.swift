/// Why an environment cannot go on; who knows the episode and the step makes an ``EnvironmentError`` of it.
public struct EnvironmentFault: Error, Equatable, Sendable {
  /// What happened, as a part of a sentence: `it ended with exit code 1`.
  public let reason: String

  /// A fault.
  public init(_ reason: String) { self.reason = reason }
}

/// Why there is no environment, or none any more.
public enum EnvironmentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// None has such a name.
  case unknown(name: String, known: [String])
  /// It could not be started, or its spaces are impossible.
  case cannotStart(environment: String, reason: String)
  /// It failed in an episode, both counted from 1; step 0 is the beginning of the episode.
  case failed(environment: String, episode: Int, step: Int, reason: String)
  /// It is another one than the policy was trained in.
  case unfit(environment: String, reason: String)

  /// What happened.
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "there is no environment \"\(name)\"; built in are \(known.joined(separator: ", ")), and a command of several "
        + "words, such as \"python env.py\", runs one as a process"
    case .cannotStart(let environment, let reason):
      "\(environment): the environment cannot be used: \(reason)"
    case .failed(let environment, let episode, let step, let reason):
      "\(environment): episode \(episode), step \(step): \(reason)"
    case .unfit(let environment, let reason): "\(environment): \(reason)"
    }
  }
}
