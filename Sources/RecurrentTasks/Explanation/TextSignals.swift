/// Numbers of the tokens of a text that units of language models are known to follow (Karpathy et al. 2015,
/// arXiv:1506.02078): where one is in the text, the line and the word, and what is open.
struct TextSignals {
  /// All signals that are not the same everywhere.
  let all: [StepSignal]

  /// - Parameters:
  ///   - tokens: as texts.
  ///   - areWords: whether each is a whole word.
  init(_ tokens: [String], areWords: Bool) {
    var states: [State] = []
    var state = State()
    for token in tokens {
      state.read(token, isWord: areWords)
      states.append(state)
    }
    func signal(_ name: String, _ value: (State) -> Int) -> StepSignal {
      StepSignal(name, states.map { Float(value($0)) })
    }
    let own = [
      signal("position", \.position), signal("position in the line", \.column),
      signal("length of the word", \.wordLength), signal("quote", { $0.isQuoted ? 1 : 0 }),
      signal("bracket", \.depth), signal("upper case", { $0.isUpperCase ? 1 : 0 }),
      signal("digit", { $0.isDigit ? 1 : 0 }), signal("space", { $0.isSpace ? 1 : 0 }),
      signal("punctuation", { $0.isPunctuation ? 1 : 0 }),
    ]
    all = own.filter { signal in signal.values.contains { $0 != signal.values[0] } }
  }

  /// What is known behind a token.
  private struct State {
    var (position, column, wordLength, depth) = (-1, 0, 0, 0)
    var (isQuoted, isUpperCase, isDigit, isSpace, isPunctuation) = (false, false, false, false, false)

    mutating func read(_ token: String, isWord: Bool) {
      position += 1
      column += 1
      if isWord { wordLength = token.count }
      for character in token {
        (isUpperCase, isDigit, isSpace) = (character.isUppercase, character.isNumber, character.isWhitespace)
        isPunctuation = character.isPunctuation
        switch character {
        case "\n", "\r\n": column = 0
        case "\"": isQuoted.toggle()
        case "“", "«", "„": isQuoted = true
        case "”", "»": isQuoted = false
        case "(", "[", "{": depth += 1
        case ")", "]", "}": depth = max(0, depth - 1)
        default: break
        }
        if !isWord { wordLength = character.isLetter || character.isNumber ? wordLength + 1 : 0 }
      }
    }
  }
}
