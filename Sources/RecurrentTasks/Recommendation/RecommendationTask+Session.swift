extension RecommendationTask {
  /// A stream of sessions; each output is what is recommended behind an event.
  public func session(_ model: RecommendationModel) -> RecommendationSession? {
    RecommendationSession(self, packed: model.packed())
  }

  /// The items, one after the other.
  public func steps(of example: Example) -> [RecommendationStep] {
    example.items.map { RecommendationStep(item: $0, id: items.ids[Int($0)]) }
  }

  /// Events of sessions.
  public func stepReader() -> RecommendationStepReader? {
    RecommendationStepReader(items: items, columns: columns)
  }

  /// The event that was read, and what is recommended behind it.
  public func rows(of session: RecommendationSession, at moment: SessionMoment) -> [[Field]] {
    guard moment == .step, let step = session.step, !step.isEnd, let prediction = session.outputs.first else {
      return []
    }
    var row = [Field("item", .text(step.id))]
    if !step.session.isEmpty { row.insert(Field("session", .text(step.session)), at: 0) }
    if step.item == nil { row.append(Field("known", .bool(false))) }
    let choices = prediction.choices
    row.append(Field("next", .texts(choices.map { items.ids[Int($0.item)] })))
    if !items.titles.isEmpty {
      row.append(Field("names", .texts(choices.map { items.title($0.item) ?? "" })))
    }
    row.append(Field("probabilities", .numbers(choices.map { Double($0.probability) })))
    return [row]
  }

  /// Fields that the first row may not have.
  public var streamColumns: [String]? { ["session", "item", "known", "next", "names", "probabilities"] }
}

/// Reads events of sessions: `{"session": "a", "item": "42"}`, or the item alone where there is one session;
/// `{"session": "a", "end": true}` forgets a session.
public struct RecommendationStepReader: TaskStepReader {
  let items: ItemVocabulary
  let columns: InteractionColumns

  /// The event of a line.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [RecommendationStep] {
    func malformed(_ expected: String, _ found: String = "another value") -> DataError {
      .malformed(path: "<stream>", place: .line(line), expected: expected, found: found)
    }
    func text(_ value: JSONValue?) -> String? {
      switch value {
      case .text?, .number?: value?.field
      default: nil
      }
    }
    guard case .object(let object) = value else {
      guard let id = text(value) else {
        throw malformed("an object with \"session\" and \"item\", or an item")
      }
      return [RecommendationStep(item: items.number(id), id: id)]
    }
    let given = object["session"] ?? columns.session.flatMap { object[$0] }
    guard let session = given == nil ? "" : text(given) else {
      throw malformed("a session that is a text or a number")
    }
    if object["end"] == .bool(true) { return [RecommendationStep(session: session, item: nil, isEnd: true)] }
    let item = object["item"] ?? columns.item.flatMap { object[$0] }
    guard let id = text(item) else {
      throw malformed("\"item\", a text or a number", item == nil ? "none" : "another value")
    }
    return [RecommendationStep(session: session, item: items.number(id), id: id)]
  }

  /// Nothing: each line is an event.
  public var stored: [Int64] { [] }

  /// Accepts an empty state alone.
  public mutating func restore(_ stored: [Int64]) -> Bool { stored.isEmpty }
}
