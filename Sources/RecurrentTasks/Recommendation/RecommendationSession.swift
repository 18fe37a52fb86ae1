/// An event of a stream.
public struct RecommendationStep: Sendable, Equatable {
  /// The session; empty for the only one.
  public var session: String
  /// The number of the item; nil for one that is not known.
  public var item: Int32?
  /// The item as the stream names it.
  public var id: String
  /// Whether the session ends instead.
  public var isEnd: Bool

  /// An event.
  public init(session: String = "", item: Int32?, id: String = "", isEnd: Bool = false) {
    (self.session, self.item, self.id, self.isEnd) = (session, item, id, isEnd)
  }
}

/// Any number of sessions whose events come one after the other in one stream, each with a state of its own.
///
/// The states of the sessions that were last active are kept, up to a limit; one that comes again after that begins anew.
public struct RecommendationSession: TaskSession {
  /// What is kept of a session.
  struct Visit: Sendable, Equatable {
    var name: String
    /// The state of the layers, as a flat list; that of the session that was read last stands in the stepper.
    var numbers: [Float]
    /// What it has seen, each item once, the oldest first.
    var seen: [Int32] = []
    /// What was recommended last.
    var choices: [RecommendationTask.Prediction.Choice]
    /// The session that was active before this one, and the one after it; -1 for none.
    var older = -1, newer = -1
  }

  let task: RecommendationTask
  let model: RecommendationModel
  private let limit: Int
  private var stepper: RecurrentStepper<AnyCell>
  private var visits: [Visit] = []
  private var places: [String: Int] = [:]
  private var free: [Int] = []
  private var oldest = -1
  private var newest = -1
  private var latest: RecommendationTask.Prediction?
  /// The last event.
  public private(set) var step: RecommendationStep?
  /// Whether there was an event.
  private(set) var hasRead = false

  /// Sessions whose states are kept.
  public static let standardLimit = 1 << 16
  /// Items that a session remembers to have seen.
  static let memory = 1000

  /// No session yet.
  ///
  /// - Parameters:
  ///   - task: says what is recommended.
  ///   - model: its weights packed.
  ///   - limit: sessions whose states are kept.
  init(
    _ task: RecommendationTask, packed model: RecommendationModel,
    limit: Int = RecommendationSession.standardLimit
  ) {
    (self.task, self.model, self.limit) = (task, model, max(1, limit))
    stepper = RecurrentStepper(model.recurrent, heads: model.heads, batchSize: 1)
  }

  /// Sessions whose states are kept now.
  public var sessionCount: Int { places.count }

  /// Reads an event. An item that is not known leaves its session where it is.
  public mutating func read(_ step: RecommendationStep) {
    self.step = step
    hasRead = true
    latest = nil
    if step.isEnd {
      if let place = places[step.session] { remove(place) }
      return
    }
    let place = activate(step.session)
    if let item = step.item {
      withUnsafePointer(to: item) {
        stepper.step(UnsafeBufferPointer(start: $0, count: 1), in: model.embedding)
      }
      remember(item, place)
      let seen = task.excludesSeen ? Set(visits[place].seen) : []
      visits[place].choices = stepper.withOutput { task.prediction($0, seen: seen) }.choices
    }
    latest = RecommendationTask.Prediction(choices: visits[place].choices)
  }

  private mutating func remember(_ item: Int32, _ place: Int) {
    guard task.excludesSeen else { return }
    visits[place].seen.removeAll { $0 == item }
    visits[place].seen.append(item)
    if visits[place].seen.count > RecommendationSession.memory { visits[place].seen.removeFirst() }
  }

  /// Nothing comes any more: where nothing came at all, what is sought for whatever came before.
  public mutating func end() {
    latest = hasRead ? nil : beginning
    step = nil
  }

  /// What is recommended before the first event.
  private var beginning: RecommendationTask.Prediction { task.prediction(model.bias.scalars, seen: []) }

  /// What is recommended behind the last event; nothing behind the end of a session.
  public var outputs: [RecommendationTask.Prediction] { latest.map { [$0] } ?? [] }

  // MARK: Sessions

  /// Makes a session the one that the stepper reads.
  private mutating func activate(_ name: String) -> Int {
    if let place = places[name] {
      if place == newest { return place }
      put()
      unlink(place)
      link(place)
      take(visits[place].numbers)
      return place
    }
    if places.count == limit { remove(oldest) }
    put()
    let fresh = model.initialState(batch: 1).tensors.flatMap(\.scalars)
    let place = add(Visit(name: name, numbers: fresh, choices: beginning.choices))
    take(fresh)
    return place
  }

  /// Adds a session as the one that was active last.
  private mutating func add(_ visit: Visit) -> Int {
    let place = free.popLast() ?? visits.count
    if place == visits.count { visits.append(visit) } else { visits[place] = visit }
    places[visit.name] = place
    link(place)
    return place
  }

  /// Keeps what the stepper has of the session that was read last.
  private mutating func put() {
    guard newest >= 0 else { return }
    visits[newest].numbers = stepper.state.tensors.flatMap(\.scalars)
  }

  /// Gives the stepper a state.
  private mutating func take(_ numbers: [Float]) {
    let shapes = model.initialState(batch: 1)
    var rest = numbers[...]
    stepper.state = shapes.replacing(
      shapes.tensors.map { part in
        defer { rest = rest.dropFirst(part.count) }
        return Tensor(Array(rest.prefix(part.count)), shape: part.shape, like: model.bias)
      })
  }

  private mutating func unlink(_ place: Int) {
    let (older, newer) = (visits[place].older, visits[place].newer)
    if older >= 0 { visits[older].newer = newer } else { oldest = newer }
    if newer >= 0 { visits[newer].older = older } else { newest = older }
  }

  private mutating func link(_ place: Int) {
    (visits[place].older, visits[place].newer) = (newest, -1)
    if newest >= 0 { visits[newest].newer = place } else { oldest = place }
    newest = place
  }

  /// Forgets a session. Where it was the one that was read last, the one before it goes into the stepper.
  private mutating func remove(_ place: Int) {
    let wasNewest = place == newest
    places[visits[place].name] = nil
    unlink(place)
    visits[place] = Visit(name: "", numbers: [], choices: [])
    free.append(place)
    if wasNewest, newest >= 0 { take(visits[newest].numbers) }
  }

  /// All sessions, the one that was active last at the end.
  var kept: [Visit] {
    var (all, place) = ([Visit](), oldest)
    while place >= 0 {
      var visit = visits[place]
      if place == newest { visit.numbers = stepper.state.tensors.flatMap(\.scalars) }
      all.append(visit)
      place = visit.newer
    }
    return all
  }

  /// Goes on from sessions that were kept.
  mutating func restore(_ kept: [Visit], hasRead: Bool) {
    (visits, places, free, oldest, newest) = ([], [:], [], -1, -1)
    (latest, step, self.hasRead) = (nil, nil, hasRead)
    for visit in kept.suffix(limit) { _ = add(visit) }
    if newest >= 0 { take(visits[newest].numbers) }
  }
}
