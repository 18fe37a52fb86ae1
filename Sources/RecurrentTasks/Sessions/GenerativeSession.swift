/// A session whose outputs say what the next step may be, so that it can generate its own; see ``generate(_:_:key:drawCount:)``.
public protocol GenerativeSession: TaskSession {
  /// How to choose among what may come.
  associatedtype Sampler: Sendable
  /// Memory for choosing, kept from step to step; none where nothing else is said.
  associatedtype Workspace: Sendable = Void

  /// Memory that was not used yet.
  func makeWorkspace() -> Workspace

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

extension GenerativeSession where Workspace == Void {
  /// Choosing needs no memory.
  public func makeWorkspace() {}
}

/// The steps that a session generates, each chosen by what it has read and then read itself; without end.
///
///     var steps = generate(session, sampler, key: RandomKey(seed: 1))
///     let first = steps.next()
///     let next = Array(steps.prefix(99))
///
/// - Parameters:
///   - session: what was read so far; a copy goes on.
///   - sampler: how to choose.
///   - key: of the random numbers; the same key gives the same steps.
///   - drawCount: random numbers that were used before, where steps are gone on with.
public func generate<Session: GenerativeSession>(
  _ session: Session, _ sampler: Session.Sampler, key: RandomKey, drawCount: Int = 0
) -> GeneratedSteps<Session> {
  GeneratedSteps(session, sampler, key: key, drawCount: drawCount)
}

/// What ``generate(_:_:key:drawCount:)`` gives.
public struct GeneratedSteps<Session: GenerativeSession>: Sendable, Sequence, IteratorProtocol {
  /// What was read and generated so far.
  public private(set) var session: Session
  /// Random numbers that were used, one for each step.
  public private(set) var drawCount: Int
  private let sampler: Session.Sampler
  private let key: RandomKey
  private var workspace: Session.Workspace

  init(_ session: Session, _ sampler: Session.Sampler, key: RandomKey, drawCount: Int) {
    (self.session, self.sampler, self.key, self.drawCount) = (session, sampler, key, drawCount)
    workspace = session.makeWorkspace()
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
