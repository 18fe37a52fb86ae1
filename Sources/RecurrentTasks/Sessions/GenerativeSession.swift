/// A session whose outputs say what the next step may be, so that it can write its own.
public protocol GenerativeSession: TaskSession {
  /// How to choose among what may come.
  associatedtype Sampler: Sendable
  /// Memory for choosing, kept from step to step.
  associatedtype Workspace: Sendable

  /// What is to be read before the first step can be chosen; nil where something was read.
  var opening: Step? { get }

  /// Chooses the next step.
  ///
  /// - Parameters:
  ///   - sampler: how to choose.
  ///   - uniform: a random number in [0, 1).
  ///   - workspace: memory.
  func sample(_ sampler: Sampler, uniform: Double, workspace: inout Workspace) -> Step
}

/// The steps that a session writes by reading what it has chosen, without end.
public struct GeneratedSteps<Session: GenerativeSession>: Sendable, Sequence, IteratorProtocol {
  /// What was read and written so far.
  public private(set) var session: Session
  /// Random numbers that were used, one for each step.
  public private(set) var drawCount: Int
  private let sampler: Session.Sampler
  private let key: RandomKey
  private var workspace: Session.Workspace

  /// Goes on from a session.
  ///
  /// - Parameters:
  ///   - session: what was read so far.
  ///   - sampler: how to choose.
  ///   - key: of the random numbers.
  ///   - drawCount: random numbers that were used before.
  ///   - workspace: memory for choosing.
  init(
    _ session: Session, _ sampler: Session.Sampler, key: RandomKey, drawCount: Int,
    workspace: Session.Workspace
  ) {
    (self.session, self.sampler, self.key, self.drawCount) = (session, sampler, key, drawCount)
    self.workspace = workspace
  }

  /// The next step, which the session has read.
  public mutating func next() -> Session.Step? {
    if let opening = session.opening { session.read(opening) }
    let step = session.sample(sampler, uniform: Double(key.uniform(at: drawCount)), workspace: &workspace)
    session.read(step)
    drawCount += 1
    return step
  }
}
