#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds the steps below a melody: a beam search over the events of each step whose first one is given, or of independent keys the likely
/// ones below it.
struct HarmonySearch {
  let task: MusicTask
  /// The model, its weights packed.
  let model: MusicModel
  /// How much of each style; nil where none is told.
  let style: [Float]?
  /// Harmonies that are kept.
  let width: Int
  let sampler: MusicSampler
  let key: RandomKey

  /// A beginning of the piece.
  private struct Hypothesis {
    var steps: [[MusicPiece.Tone]] = []
    var grammar: MusicGrammar
    /// The logarithm of its probability, with noise where chance is asked for.
    var score = 0.0
    /// The row of the network's state and scores.
    var row = 0
  }

  /// The states and scores of hypotheses side by side.
  private struct Rows {
    var state: LanguageModel.State
    var scores: [Float]
  }

  /// The steps under the highest tones of each.
  func steps(under top: [MusicPiece.Tone?]) -> [[MusicPiece.Tone]] {
    if let events = style.map({ model.events(of: $0) }) ?? model.events { return search(events, top) }
    var session = task.session(model, style: style)
    return top.enumerated().map { index, tone in
      var step: [MusicPiece.Tone] = []
      if let tone {
        let chosen = session.stepper.sample(MusicSampler(sampler.tokens), key: key.child(index))
        step = Array(([tone] + chosen.filter { $0.key < tone.key }).prefix(sampler.voices ?? .max))
      }
      session.read(step)
      return step
    }
  }

  private func search(_ events: LanguageModel, _ top: [MusicPiece.Tone?]) -> [[MusicPiece.Tone]] {
    let tokens = task.tokens
    var rows = read(events, [tokens.beginning], after: nil)
    var beam = [Hypothesis(grammar: MusicGrammar(tokens, after: [], voices: sampler.voices))]
    for (index, tone) in top.enumerated() {
      var (open, done) = (beam, [(hypothesis: Hypothesis, token: Int32)]())
      var doneRows: [(rows: Rows, row: Int)] = []
      for place in 0... {
        // the next token of each open harmony
        var found: [(parent: Int, token: Int32, score: Double)] = []
        for (number, own) in open.enumerated() {
          let start = own.row * tokens.count
          let masked = rows.scores[start..<start + tokens.count].withUnsafeBufferPointer {
            own.grammar.masked($0)
          }
          let normalizer = HarmonySearch.logSum(masked)
          for token in masked.indices where masked[token] > -.infinity {
            if place == 0, Int32(token) != first(of: tone, own.grammar) { continue }
            let noise =
              sampler.tokens.temperature > 0
              ? sampler.tokens.temperature * gumbel(index, place, number * tokens.count + token) : 0
            found.append((number, Int32(token), own.score + Double(masked[token]) - normalizer + noise))
          }
        }
        found.sort { ($0.score, $1.parent, $1.token) > ($1.score, $0.parent, $0.token) }
        var next: [Hypothesis] = []
        var (given, parents) = ([Int32](), [Int]())
        for entry in found.prefix(width) {
          var own = open[entry.parent]
          own.score = entry.score
          let isEnd = own.grammar.push(entry.token)
          if isEnd {
            done.append((own, entry.token))
            doneRows.append((rows, open[entry.parent].row))
          } else {
            own.row = next.count
            next.append(own)
            given.append(entry.token)
            parents.append(open[entry.parent].row)
          }
        }
        let least = done.map(\.hypothesis.score).sorted(by: >).dropFirst(width - 1).first ?? -.infinity
        if next.isEmpty || next[0].score < least { break }
        let state = LanguageModel.State(cells: rows.state.cells.map { $0.rows(parents) })
        rows = read(events, given, after: state)
        open = next
      }
      // the ends of steps are read by all that are kept
      let best = done.indices.sorted { done[$0].hypothesis.score > done[$1].hypothesis.score }.prefix(width)
      var kept: [Hypothesis] = []
      var states: [LanguageModel.State] = []
      for place in best {
        var own = done[place].hypothesis
        let tones = own.grammar.tones
        own.steps.append(tones)
        own.grammar = MusicGrammar(tokens, after: tones, voices: sampler.voices)
        own.row = kept.count
        kept.append(own)
        let (before, row) = doneRows[place]
        states.append(LanguageModel.State(cells: before.state.cells.map { $0.rows([row]) }))
      }
      rows = read(
        events, [Int32](repeating: tokens.stepEnd, count: kept.count), after: joined(states))
      beam = kept
    }
    return beam.max { $0.score < $1.score }?.steps ?? []
  }

  /// The first token of a step under a tone: held where it is and may be; the end of the step where there is none.
  private func first(of tone: MusicPiece.Tone?, _ grammar: MusicGrammar) -> Int32 {
    guard let tone else { return task.tokens.stepEnd }
    let token = task.tokens.token(tone)
    return grammar.allows(token) ? token : task.tokens.token(MusicPiece.Tone(tone.key))
  }

  /// Reads a token of each row; without a state at the beginning.
  private func read(_ events: LanguageModel, _ tokens: [Int32], after state: LanguageModel.State?) -> Rows {
    let (logits, next) = events(Indices(tokens, shape: [1, tokens.count]), state: state)
    return Rows(state: next, scores: logits.scalars)
  }

  /// The states of rows, one below the other.
  private func joined(_ parts: [LanguageModel.State]) -> LanguageModel.State {
    let cells = parts[0].cells.indices.map { cell in
      let tensors = parts[0].cells[cell].tensors.indices.map { index in
        concatenate(parts.map { $0.cells[cell].tensors[index] }, axis: 0)
      }
      return AnyCell.State(tensors: tensors)
    }
    return LanguageModel.State(cells: cells)
  }

  /// A number of Gumbel's distribution: with the temperature as its scale the best of noisy scores is a draw.
  private func gumbel(_ step: Int, _ place: Int, _ index: Int) -> Double {
    let uniform = Double(key.child(step).child(place).uniform(at: index)) + 0x1p-25
    return -log(-log(uniform))
  }

  /// The logarithm of the sum of the exponentials of scores, of which one is finite.
  private static func logSum(_ scores: [Float]) -> Double {
    let largest = Double(scores.max() ?? 0)
    return largest + log(scores.reduce(0) { $0 + exp(Double($1) - largest) })
  }
}
