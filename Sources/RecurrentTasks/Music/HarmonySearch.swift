/// Finds the likeliest steps below a melody: a beam search over the events of each step, of which the first one is given.
struct HarmonySearch {
  let rows: HarmonyRows
  /// Harmonies that are kept.
  let width: Int
  /// Tones of a step at most.
  let voices: Int?

  /// A beginning of the piece.
  private struct Hypothesis {
    var steps: [[MusicPiece.Tone]] = []
    var grammar: MusicGrammar
    /// The logarithm of its probability.
    var score = 0.0
    /// What the network has read.
    var place: HarmonyRows.Place
  }

  /// The steps under the highest tones of each.
  func steps(under top: [MusicPiece.Tone?]) -> [[MusicPiece.Tone]] {
    let tokens = rows.tokens
    var beam = [
      Hypothesis(grammar: MusicGrammar(tokens, after: [], voices: voices), place: rows.beginning())
    ]
    for tone in top {
      var (open, done) = (beam, [Hypothesis]())
      for place in 0... {
        // the next token of each open harmony
        var found: [(parent: Int, token: Int32, score: Double)] = []
        for (number, own) in open.enumerated() {
          let masked = own.place.scores.withUnsafeBufferPointer { own.grammar.masked($0) }
          let normalizer = HarmonyRows.logSum(masked)
          for token in masked.indices where masked[token] > -.infinity {
            if place == 0, Int32(token) != rows.first(of: tone, own.grammar) { continue }
            found.append((number, Int32(token), own.score + Double(masked[token]) - normalizer))
          }
        }
        found.sort { ($0.score, $1.parent, $1.token) > ($1.score, $0.parent, $0.token) }
        var (next, given) = ([Hypothesis](), [Int32]())
        for entry in found.prefix(width) {
          var own = open[entry.parent]
          own.score = entry.score
          if own.grammar.push(entry.token) {
            done.append(own)
          } else {
            next.append(own)
            given.append(entry.token)
          }
        }
        let least = done.map(\.score).sorted(by: >).dropFirst(width - 1).first ?? -.infinity
        if next.isEmpty || next[0].score < least { break }
        for (index, read) in rows.read(given, behind: next.map(\.place)).enumerated() {
          next[index].place = read
        }
        open = next
      }
      // the ends of steps are read by all that are kept
      let best = done.indices.sorted { (done[$0].score, $1) > (done[$1].score, $0) }.prefix(width)
      beam = best.map { done[$0] }
      let ends = [Int32](repeating: tokens.stepEnd, count: beam.count)
      for (index, read) in rows.read(ends, behind: beam.map(\.place)).enumerated() {
        let tones = beam[index].grammar.tones
        beam[index].steps.append(tones)
        beam[index].grammar = MusicGrammar(tokens, after: tones, voices: voices)
        beam[index].place = read
      }
    }
    return beam.max { $0.score < $1.score }?.steps ?? []
  }
}
