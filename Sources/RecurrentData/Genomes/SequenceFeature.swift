/// What a part of a nucleotide sequence is: a gene, what is coded, an RNA.
struct SequenceFeature: Sendable, Equatable {
  /// The sequence that it is on.
  var sequence: String
  /// Its kind, such as `CDS`.
  var kind: String
  /// Its parts as they are read, on the opposite strand from the last base on; in bases from 0, each with its strand.
  var parts: [Part]
  /// Its line in the file, from 1.
  var line: Int
  /// Whether the sequence is a circle, so that places behind its end stand for those at its beginning.
  var wraps = false

  /// A part.
  struct Part: Sendable, Equatable {
    var bases: Range<Int>
    /// Whether it is on the opposite strand; nil where nobody says.
    var isReversed: Bool?
  }

  /// The parts of the sequence between the parts of the feature: introns, where these are on one strand and no further apart than
  /// `longest`. Those of features that are spliced from far apart, or from both strands, are none; nor is what lies between the end
  /// and the beginning of a circle.
  func gaps(longest: Int = 10_000) -> [Part] {
    guard let first = parts.first, parts.allSatisfy({ $0.isReversed == first.isReversed }) else {
      return []
    }
    let ascending = first.isReversed == true ? parts.reversed() : parts
    var gaps: [Part] = []
    for (left, right) in zip(ascending, ascending.dropFirst()) {
      let (start, end) = (left.bases.upperBound, right.bases.lowerBound)
      guard end >= left.bases.lowerBound else { continue }
      if end - start > longest { return [] }
      if start < end { gaps.append(Part(bases: start..<end, isReversed: first.isReversed)) }
    }
    return gaps
  }
}

/// Which features say what a base is.
struct FeatureKinds: Sendable, Equatable {
  /// The kinds, those that are asked for or that are usual; features of other kinds say nothing.
  let kinds: Set<String>
  /// Whether strands are told apart.
  let tellsStrands: Bool

  /// What is told of a base where nothing is asked for.
  private static let usual = ["CDS", "tRNA", "rRNA", "ncRNA", "tmRNA", "snRNA", "snoRNA", "miRNA"]
  /// What describes the whole of a sequence or a gene, whose parts are told.
  private static let whole = [
    "source", "region", "gene", "mRNA", "transcript", "chromosome", "contig", "scaffold", "exon",
  ]
  /// What the gaps between the parts of a feature are.
  static let gap = "intron"

  /// - Parameters:
  ///   - features: what there is.
  ///   - asked: kinds that are asked for; nil to take what is usual.
  ///   - tellsStrands: whether strands are told apart.
  ///   - path: the file with the features, for errors.
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where there are none of these.
  init(
    _ features: [SequenceFeature], asked: [String]?, tellsStrands: Bool, path: String
  ) throws(DataError) {
    let present = Set(features.map(\.kind))
    self.tellsStrands = tellsStrands
    if let asked {
      kinds = Set(asked)
      guard let missing = asked.first(where: { !present.contains($0) && $0 != FeatureKinds.gap }) else {
        return
      }
      throw .invalidSetting(
        name: "features",
        expected: "kinds that \(path) has: " + present.sorted().prefix(20).joined(separator: ", "),
        found: missing)
    }
    let usual = present.intersection(FeatureKinds.usual)
    kinds = usual.isEmpty ? present.subtracting(FeatureKinds.whole) : usual.union([FeatureKinds.gap])
    guard !kinds.isEmpty else {
      throw .invalidSetting(
        name: "features",
        expected: "some of the kinds that \(path) has: "
          + present.sorted().prefix(20).joined(separator: ", "),
        found: "nothing")
    }
  }

  /// What happens along a sequence: each part of each feature with its kind, gaps before all others, so that what is coded within
  /// one stays so.
  func events(_ features: [SequenceFeature]) -> [LabelledEvent] {
    func event(_ kind: String, _ part: SequenceFeature.Part) -> LabelledEvent {
      let strand = tellsStrands ? part.isReversed.map { $0 ? "-" : "+" } ?? "" : ""
      return LabelledEvent(
        label: kind + strand, start: Double(part.bases.lowerBound), end: Double(part.bases.upperBound))
    }
    let own = features.filter { kinds.contains($0.kind) }
    let gaps =
      kinds.contains(FeatureKinds.gap)
      ? own.filter { $0.kind != FeatureKinds.gap }.flatMap { feature in
        feature.gaps().map { event(FeatureKinds.gap, $0) }
      } : []
    return gaps + own.flatMap { feature in feature.parts.map { event(feature.kind, $0) } }
  }
}
