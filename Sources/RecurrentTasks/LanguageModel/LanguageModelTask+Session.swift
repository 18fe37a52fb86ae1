#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension LanguageModelTask {
  /// The beginning of a text; each output is a token with its cross-entropy.
  public func session(_ model: LanguageModel) -> LanguageModelSession? {
    LanguageModelSession(model: model, vocabulary: vocabulary)
  }

  /// The tokens.
  public func steps(of example: EncodedText) -> [Int32] { Array(example.ids) }

  /// The cross-entropies one after the other.
  public func prediction(of outputs: [LanguageModelHead.Output]) -> Prediction {
    Prediction(nats: outputs.compactMap(\.nats))
  }

  /// Pieces of a text.
  public func stepReader() -> LanguageModelStepReader? { LanguageModelStepReader(vocabulary: vocabulary) }

  /// The token that was read, its cross-entropy, and what most likely comes next.
  public func rows(of session: LanguageModelSession, at moment: SessionMoment) -> [[Field]] {
    guard moment == .step, let last = session.outputs.first, let logits = session.logits else { return [] }
    let best = Int32(logits.argmax)
    let nats = LanguageModelTask.nats(Tensor(logits, shape: [1, logits.count]), [best])[0]
    var fields = [Field("token", .text(text(of: last.token)))]
    if let own = last.nats { fields.append(Field("nats", .number(Double(own)))) }
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

/// Reads pieces of a text, each a text of JSON, as tokens.
public struct LanguageModelStepReader: TaskStepReader {
  let vocabulary: any Tokenizer

  /// The tokens of a line.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [Int32] {
    guard case .text(let text) = value else {
      throw .malformed(path: "<stream>", place: .line(line), expected: "a text", found: "another value")
    }
    return Array(vocabulary.encode(text).ids)
  }

  /// Nothing: each line is cut into tokens by itself.
  public var stored: [Int64] { [] }

  /// Accepts an empty state alone.
  public mutating func restore(_ stored: [Int64]) -> Bool { stored.isEmpty }
}
