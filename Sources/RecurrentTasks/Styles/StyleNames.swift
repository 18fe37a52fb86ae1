import RecurrentReports

/// The words by which the data of a model that makes things are told apart, and by which it can be asked for one of them: what a drawing
/// shows, who composed a piece.
public struct StyleNames: Sendable, Equatable, Codable, ExpressibleByArrayLiteral {
  /// The words, sorted; empty where nothing is told apart.
  public var names: [String]

  /// Words.
  public init(_ names: [String] = []) { self.names = names }

  /// Words, sorted.
  public init(arrayLiteral names: String...) { self.names = names }

  /// The words as they are written: a list.
  public init(from decoder: any Decoder) throws { names = try [String](from: decoder) }

  /// A list.
  public func encode(to encoder: any Encoder) throws { try names.encode(to: encoder) }

  /// How often training forgets a word: a model must be right where none is told, too.
  static let forgetRate: Float = 0.1

  /// The words of training data: those that occur, where there are several, each of four examples on the mean; else none, unless they are
  /// asked for.
  ///
  /// - Parameters:
  ///   - own: of each example, nil where nobody says.
  ///   - what: what the words are, such as "what drawings show".
  ///   - settings: where `styles` says whether.
  ///   - notes: where what was assumed is said.
  init(among own: [String?], what: String, _ settings: Settings, _ notes: inout [DataNote]) {
    let known = Set(own.compactMap { $0 }).sorted()
    let isAsked = settings[.styles]
    guard isAsked ?? (known.count > 1 && own.count >= 4 * known.count), !known.isEmpty else {
      names = []
      if isAsked == true {
        notes.append(DataNote(.warning, "no style is learnt: nothing says \(what)", setting: "styles"))
      }
      return
    }
    names = known
    notes.append(
      DataNote(
        isAsked == nil ? .assumed : .found,
        "\(what) is learnt: \(counted(known.count, "word")), such as \(known.prefix(3).joined(separator: ", "))",
        setting: isAsked == nil ? "styles" : nil))
  }

  /// S.
  public var count: Int { names.count }
  /// Whether nothing is told apart.
  public var isEmpty: Bool { names.isEmpty }

  /// The number of a word; nil for one that is not known.
  public func number(of name: String?) -> Int? { name.flatMap { names.firstIndex(of: $0) } }

  /// How much of each word: all of one, or nothing.
  public func shares(of number: Int?) -> [Float] {
    var shares = [Float](repeating: 0, count: count)
    if let number { shares[number] = 1 }
    return shares
  }

  /// How much of each word is asked for: `cat`, or `cat:0.7,dog:0.3` for something between two.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` for words that are not known, and where none is.
  public func shares(_ text: String, setting: String = "style") throws(DataError) -> [Float] {
    func invalid(_ expected: String, _ found: String) -> DataError {
      .invalidSetting(name: setting, expected: expected, found: found)
    }
    guard !names.isEmpty else {
      throw invalid("none, for the model was trained without words", "\"\(text)\"")
    }
    var shares = shares(of: nil)
    for part in text.split(separator: ",") {
      // a word may have a colon itself
      var (word, share) = (String(part), Float(1))
      if number(of: word) == nil, let colon = part.lastIndex(of: ":") {
        guard let own = Float(part[part.index(after: colon)...]), own >= 0, own <= 1 else {
          throw invalid("a share from 0 to 1 behind the colon", "\"\(part)\"")
        }
        (word, share) = (String(part[..<colon]), own)
      }
      guard let place = number(of: word) else {
        throw invalid("words of \(names.prefix(12).joined(separator: ", "))", "\"\(word)\"")
      }
      shares[place] += share
    }
    guard shares.contains(where: { $0 > 0 }) else {
      throw invalid("a word with a share above 0", "\"\(text)\"")
    }
    return shares
  }

  /// A warning where words are not known.
  func unknown(_ own: some Sequence<String?>) -> [DataNote] {
    guard !names.isEmpty else { return [] }
    let unknown = Set(own.compactMap { $0 }).subtracting(names).sorted()
    guard let first = unknown.first else { return [] }
    return [
      DataNote(
        .warning,
        "\(counted(unknown.count, "word")) not in the training part, such as \"\(first)\": read as of no word"
      )
    ]
  }
}

/// What is asked for along something that is made: one mixture of words, or a way from one to another.
public struct StyleCourse: Sendable, Equatable {
  /// How much of each word at the beginning.
  public var first: [Float]
  /// How much of each at the end; nil for the same all the way.
  public var last: [Float]?

  /// A course.
  public init(_ first: [Float], to last: [Float]? = nil) { (self.first, self.last) = (first, last) }

  /// How much of each word at a part of the way, 0 to 1.
  public func shares(at part: Double) -> [Float] {
    guard let last else { return first }
    let share = Float(part)
    return zip(first, last).map { (1 - share) * $0 + share * $1 }
  }
}

extension Setting where Value == Bool {
  /// Whether examples of several words are told apart.
  static var styles: Setting {
    Setting(
      "styles", .bool,
      help:
        "Learn what each drawing shows, so that it can be asked for: the `word` of a line, the folder of a file (default: where there are "
        + "several, each of 4 drawings on the mean).")
  }
}
