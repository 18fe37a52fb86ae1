/// Sentences with their translations, captions or other texts that belong to them: only the texts are held, in one piece of
/// memory.
///
///     let corpus = try ParallelCorpus(reading: ["train.en", "train.de"])
///     for index in corpus.completeIndices { learn(corpus[index].source, corpus[index].target) }
///     if let note = corpus.gaps.note { show(note) }
public struct ParallelCorpus: Sendable {
  /// A sentence with its translations.
  public struct Pair: Sendable, Equatable {
    /// The sentence.
    public var source: String
    /// Its translations, the first being the one to learn; empty where only sources were read.
    public var references: [String]

    /// A sentence with its translations.
    public init(source: String, references: [String]) {
      (self.source, self.references) = (source, references)
    }

    /// The first translation; empty where there is none.
    public var target: String { references.first ?? "" }
  }

  /// Where pairs come from.
  struct Section: Sendable {
    /// The first pair of it.
    var start: Int
    /// The file, whose lines those of the sources are.
    var name: String
    /// What it is for, where its name says so.
    var part: DataPart?
  }

  /// What was found and assumed.
  public internal(set) var notes: [DataNote] = []
  /// The languages of both sides, where the data or somebody said so.
  public internal(set) var sourceLanguage, targetLanguage: String?
  /// The columns of the first table, by what they were taken for: `source` and `target`; nil where there is none.
  public internal(set) var columns: [String: [String]]?
  private var sources = TextStore()
  private var targets = TextStore()
  /// The first target of each pair, and one more for the end.
  private var starts = [0]
  private var sections: [Section] = []

  init() {}

  /// Pairs in memory.
  public init(_ pairs: some Sequence<Pair>, name: String = "<memory>") {
    beginSection(name)
    for (index, pair) in pairs.enumerated() {
      appendSource(pair.source.utf8, line: index + 1)
      for reference in pair.references { appendTarget(reference.utf8, line: index + 1) }
      endPair()
    }
  }

  /// The number of pairs.
  public var count: Int { starts.count - 1 }

  /// A pair.
  public subscript(index: Int) -> Pair {
    Pair(source: source(index), references: (starts[index]..<starts[index + 1]).map(targets.text))
  }

  /// The sentence of a pair.
  public func source(_ index: Int) -> String { sources.text(index) }

  /// The first translation of a pair; empty where there is none.
  public func target(_ index: Int) -> String {
    starts[index] < starts[index + 1] ? targets.text(starts[index]) : ""
  }

  /// How many translations a pair has.
  public func referenceCount(_ index: Int) -> Int { starts[index + 1] - starts[index] }

  /// Where a pair comes from: the file of its sentence with the line, `train.en:17`.
  public func name(_ index: Int) -> String { "\(section(of: index)?.name ?? ""):\(sources.line(index))" }

  /// The part that a pair belongs to; nil where the data do not say.
  public func part(_ index: Int) -> DataPart? { section(of: index)?.part }

  private func section(of index: Int) -> Section? {
    var (low, high) = (0, sections.count)
    while low < high {
      let middle = (low + high) / 2
      if sections[middle].start <= index { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? sections[low - 1] : nil
  }

  /// Whether a pair has text on both sides, so that something can be learnt from it.
  public func isComplete(_ index: Int) -> Bool { hasSource(index) && hasTarget(index) }

  /// Whether the sentence of a pair has text.
  func hasSource(_ index: Int) -> Bool { !sources.isBlank(index) }

  /// Whether a translation of a pair has text.
  func hasTarget(_ index: Int) -> Bool {
    (starts[index]..<starts[index + 1]).contains { !targets.isBlank($0) }
  }

  /// The pairs with text on both sides.
  public var completeIndices: [Int] { (0..<count).filter(isComplete) }

  /// The pairs of several corpora, one after the other, with the notes of all.
  public static func joined(_ corpora: [ParallelCorpus]) -> ParallelCorpus {
    guard corpora.count != 1 else { return corpora[0] }
    var all = ParallelCorpus()
    for corpus in corpora {
      for note in corpus.notes where !all.notes.contains(note) { all.notes.append(note) }
      all.sourceLanguage = all.sourceLanguage ?? corpus.sourceLanguage
      all.targetLanguage = all.targetLanguage ?? corpus.targetLanguage
      for (place, section) in corpus.sections.enumerated() {
        all.beginSection(section.name, part: section.part)
        let end = place + 1 < corpus.sections.count ? corpus.sections[place + 1].start : corpus.count
        for index in section.start..<end { all.append(corpus, index) }
      }
    }
    return all
  }

  private mutating func append(_ other: ParallelCorpus, _ index: Int) {
    sources.append(other.sources.text(index).utf8, line: other.sources.line(index))
    for target in other.starts[index]..<other.starts[index + 1] {
      targets.append(other.targets.text(target).utf8, line: other.targets.line(target))
    }
    endPair()
  }

  // MARK: - Reading

  /// Begins with the pairs of a file.
  mutating func beginSection(_ name: String, part: DataPart? = nil) {
    sections.append(Section(start: count, name: name, part: part))
  }

  mutating func appendSource(_ text: some Collection<UInt8>, line: Int) { sources.append(text, line: line) }
  mutating func appendTarget(_ text: some Collection<UInt8>, line: Int) { targets.append(text, line: line) }

  /// Ends a pair, which has a source and any number of targets.
  mutating func endPair() { starts.append(targets.count) }
}
