/// A text that is being read or written, as a file: go on with it later, or from one beginning in several ways.
public struct SavedSession: Sendable {
  /// What was read.
  public var session: LanguageModelSession
  /// The seed of the random numbers; nil where none was used.
  public var seed: UInt64?
  /// Random numbers that were used.
  public var drawCount: Int
  /// Text that was written and not yet given out.
  public var heldText: String

  /// A session with what goes with it.
  public init(_ session: LanguageModelSession, seed: UInt64? = nil, drawCount: Int = 0, heldText: String = "")
  {
    self.session = session
    self.seed = seed
    self.drawCount = drawCount
    self.heldText = heldText
  }

  /// Reads what ``write(to:hash:)`` wrote.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - model: the model that the session belongs to.
  ///   - vocabulary: its vocabulary.
  ///   - hash: of that model.
  /// - Throws: ``InterchangeError`` where it is no state, or that of another model; or a format error.
  public init(path: String, model: LanguageModel, vocabulary: TextVocabulary, hash: String) throws {
    let file = try StateFile(path: path, model: hash)
    func damaged(_ reason: String) -> InterchangeError { .notAState(path: path, reason: reason) }
    func integers(_ name: String) -> [Int64]? { file.integers.first { $0.name == name }?.values }
    let count = model.vocabularySize
    let recent = integers("recent") ?? []
    guard recent.allSatisfy({ (0..<Int64(count)).contains($0) }) else {
      throw damaged("it names a token that the model does not know")
    }
    let state = try model.recurrent.state(from: file, batch: 1, path: path)
    let hasScores = file.tensors.contains { $0.name == "logits" }
    let logits = hasScores ? try file.tensor("logits", shape: [count], path: path).scalars : nil
    session = LanguageModelSession(
      model: model, vocabulary: vocabulary, state: state, logits: logits,
      recent: recent.map { Int32($0) })
    let draw = integers("draw") ?? []
    guard draw.isEmpty || draw.count == 2 && (0...1 << 48).contains(draw[1]) else {
      throw damaged("its random numbers are impossible")
    }
    seed = draw.first.map { UInt64(bitPattern: $0) }
    drawCount = draw.isEmpty ? 0 : Int(draw[1])
    heldText = file.notes["held"] ?? ""
  }

  /// Writes the session, for the model with the hash `hash`.
  ///
  /// - Throws: a format error.
  public func write(to path: String, hash: String) throws {
    var tensors = session.model.recurrent.named(session.state)
    if let logits = session.logits { tensors.append((name: "logits", value: Tensor(logits))) }
    var integers = [(name: "recent", values: session.recent.map { Int64($0) })]
    if let seed { integers.append((name: "draw", values: [Int64(bitPattern: seed), Int64(drawCount)])) }
    try StateFile(
      model: hash, tensors: tensors, integers: integers, notes: heldText.isEmpty ? [:] : ["held": heldText]
    ).write(to: path)
  }
}
