#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A network of events that reads tokens of several beginnings of a piece side by side.
struct HarmonyRows {
  /// The model, its weights packed.
  let events: LanguageModel
  let tokens: MusicTokens

  /// What a beginning has come to: the state behind its last token, and the scores of the next one.
  struct Place {
    fileprivate let state: LanguageModel.State
    fileprivate let row: Int
    let scores: [Float]
  }

  /// Reads what stands at the beginning of a piece.
  func beginning() -> Place { read([tokens.beginning], state: nil)[0] }

  /// Reads a token behind each of the places.
  func read(_ ids: [Int32], behind places: [Place]) -> [Place] {
    guard !ids.isEmpty else { return [] }
    // rows of one state are taken out of it together
    var parts: [LanguageModel.State] = []
    for place in places { parts.append(place.state.rows([place.row])) }
    return read(ids, state: LanguageModel.State.joined(parts))
  }

  private func read(_ ids: [Int32], state: LanguageModel.State?) -> [Place] {
    let (logits, next) = events(Indices(ids, shape: [1, ids.count]), state: state)
    let scores = logits.scalars
    return ids.indices.map {
      Place(state: next, row: $0, scores: Array(scores[$0 * tokens.count..<($0 + 1) * tokens.count]))
    }
  }

  /// The first token of a step under a tone: held where it is and may be; the end of the step where there is none.
  func first(of tone: MusicPiece.Tone?, _ grammar: MusicGrammar) -> Int32 {
    guard let tone else { return tokens.stepEnd }
    let token = tokens.token(tone)
    return grammar.allows(token) ? token : tokens.token(MusicPiece.Tone(tone.key))
  }

  /// The logarithm of the sum of the exponentials of scores, of which one is finite.
  static func logSum(_ scores: [Float]) -> Double {
    let largest = Double(scores.max() ?? 0)
    return largest + log(scores.reduce(0) { $0 + exp(Double($1) - largest) })
  }
}

extension LanguageModel.State {
  fileprivate func rows(_ chosen: [Int]) -> LanguageModel.State {
    LanguageModel.State(cells: cells.map { $0.rows(chosen) })
  }

  /// The states of rows, one below the other.
  fileprivate static func joined(_ parts: [LanguageModel.State]) -> LanguageModel.State {
    let cells = parts[0].cells.indices.map { cell in
      let tensors = parts[0].cells[cell].tensors.indices.map { index in
        concatenate(parts.map { $0.cells[cell].tensors[index] }, axis: 0)
      }
      return AnyCell.State(tensors: tensors)
    }
    return LanguageModel.State(cells: cells)
  }
}
