#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Reads a text token by token, with the cross-entropies that the whole gives.
public struct LanguageModelStream: SequenceStream {
  /// The task whose predictions these are.
  public typealias Task = LanguageModelTask

  /// Each prediction is that of the last token.
  public static let isIncremental = true

  private var session: LanguageModelSession
  /// The cross-entropy of the last token; empty for the first one.
  public private(set) var prediction = LanguageModelTask.Prediction(nats: [])

  init(_ task: LanguageModelTask, _ model: LanguageModel) {
    session = LanguageModelSession(model: model, vocabulary: task.vocabulary)
  }

  /// The scores of what may come next, `[V]`; nil before the first token.
  public var logits: [Float]? { session.logits }

  /// The token that was read last; nil before the first one.
  public var last: Int32? { session.recent.last }

  /// Reads a token.
  public mutating func push(_ step: Int32) {
    let scores = session.logits
    prediction.nats =
      scores.map { LanguageModelTask.nats(Tensor($0, shape: [1, $0.count]), [step]) } ?? []
    session.push([step])
  }

  /// Nothing waits.
  public mutating func finish() { prediction.nats = [] }

  /// The cross-entropies one after the other.
  public static func joined(_ parts: [LanguageModelTask.Prediction]) -> LanguageModelTask.Prediction {
    LanguageModelTask.Prediction(nats: parts.flatMap(\.nats))
  }

  /// The state, to be kept and gone on with.
  public var state: StreamState {
    get {
      StreamState(
        tensors: session.model.recurrent.named(session.state)
          + [(name: "logits", value: Tensor(session.logits ?? []))],
        integers: [(name: "recent", values: session.recent.map { Int64($0) })])
    }
    set {
      let recurrent = session.model.recurrent
      var state = recurrent.initialState(batch: 1)
      var names = recurrent.named(state).map(\.name)[...]
      for cell in state.cells.indices {
        state.cells[cell].tensors = state.cells[cell].tensors.map { _ in newValue.tensor(names.removeFirst())
        }
      }
      let logits = newValue.tensor("logits").scalars
      session = LanguageModelSession(
        model: session.model, vocabulary: session.vocabulary, state: state,
        logits: logits.isEmpty ? nil : logits, recent: newValue.integers("recent").map { Int32($0) })
    }
  }
}

/// Reads pieces of a text, each a text of JSON, as tokens.
public struct LanguageModelStepReader: TaskStepReader {
  let vocabulary: TextVocabulary

  /// The tokens of a line.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [Int32] {
    guard case .text(let text) = value else {
      throw .malformed(path: "<stream>", place: .line(line), expected: "a text", found: "another value")
    }
    return Array(vocabulary.encode(text).ids)
  }
}

extension LanguageModelTask {
  /// The beginning of a text.
  public func stream(_ model: LanguageModel) -> LanguageModelStream? { LanguageModelStream(self, model) }

  /// The tokens.
  public func steps(of example: EncodedText) -> [Int32] { Array(example.ids) }

  /// Pieces of a text.
  public func stepReader() -> LanguageModelStepReader? { LanguageModelStepReader(vocabulary: vocabulary) }

  /// The token that was read, its cross-entropy, and what most likely comes next.
  public func rows(of stream: LanguageModelStream, isEnd: Bool) -> [[Field]] {
    guard !isEnd, let last = stream.last, let logits = stream.logits else { return [] }
    let best = Int32(logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 })
    let nats = LanguageModelTask.nats(Tensor(logits, shape: [1, logits.count]), [best])[0]
    var fields = [Field("token", .text(text(of: last)))]
    if let own = stream.prediction.nats.first { fields.append(Field("nats", .number(Double(own)))) }
    return [
      fields + [Field("next", .text(text(of: best))), Field("probability", .number(exp(-Double(nats))))]
    ]
  }

  /// Fields that the first row does not have.
  public var streamColumns: [String]? { ["token", "nats", "next", "probability"] }

  private func text(of id: Int32) -> String {
    vocabulary.bytes(of: id).map { String(decoding: $0, as: UTF8.self) } ?? "<unk>"
  }
}
