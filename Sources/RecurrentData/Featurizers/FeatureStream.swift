import RecurrentFormats

/// Features of a sequence that comes in step by step, the same that the whole sequence has. For numbers, for text, and for sound
/// with a fixed reference level: else sound is scaled by its loudest moment, which nobody knows before the end. Pictures come in
/// files. Of a text as many tokens are read as of one in a file.
public struct FeatureStream: Sendable {
  /// What reads the lines of one modality.
  protocol Steps: Sendable {
    mutating func push(
      _ value: JSONValue, _ malformed: (_ expected: String, _ found: String) -> DataError
    ) throws(DataError) -> [FeatureSequence]

    /// The features that waited for what comes behind them, at the end of the sequence.
    mutating func finish() -> [FeatureSequence]

    /// Reads samples that come at another rate.
    mutating func resample(from rate: Double) throws(DataError)

    /// What is remarkable about what comes.
    var notes: [DataNote] { get }

    /// What is kept of the lines so far; numbers in double precision by their bits.
    var stored: [Int64] { get }

    /// Takes over what was kept.
    mutating func restore(_ numbers: inout StoredNumbers)
  }

  private var steps: any Steps

  init(_ steps: any Steps) { self.steps = steps }

  /// Reads a value of JSON: of numbers an object by the names of the channels, a list in their order, or one number; of text a
  /// text, of words that were split already one word.
  ///
  /// - Parameters:
  ///   - value: the value.
  ///   - line: where it stood, for errors.
  /// - Returns: the features of each step: one for numbers, one for each token of a text.
  /// - Throws: ``DataError`` for any other value.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [FeatureSequence] {
    try steps.push(value) { .malformed(path: "<stream>", place: .line(line), expected: $0, found: $1) }
  }
}

extension FeatureStream {
  /// The features that waited for what comes behind them, at the end of the sequence.
  public mutating func finish() -> [FeatureSequence] { steps.finish() }

  /// Reads sound whose samples come so many a second; before the first line.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where it reads no sound, or the rate is far from that of the
  ///   features.
  public mutating func resample(from rate: Double) throws(DataError) { try steps.resample(from: rate) }

  /// What is remarkable about what comes: sound that is resampled.
  public var notes: [DataNote] { steps.notes }

  /// What is kept of the lines so far, to go on from; numbers in double precision by their bits.
  public var stored: [Int64] { steps.stored }

  /// Takes over what was kept.
  ///
  /// - Returns: false where that is no state of such a stream, which then must not go on.
  public mutating func restore(_ stored: [Int64]) -> Bool {
    var numbers = StoredNumbers(stored)
    steps.restore(&numbers)
    return numbers.areWhole
  }
}

extension FeatureStream.Steps {
  /// Every step is known when it comes: no features are left for the end.
  mutating func finish() -> [FeatureSequence] { [] }

  /// Only sound has a rate.
  mutating func resample(from rate: Double) throws(DataError) {
    throw .invalidSetting(
      name: "rate", expected: "none, for the model reads no sound", found: SoundRates.text(rate))
  }

  /// Steps come as they are: nothing was changed or assumed.
  var notes: [DataNote] { [] }
}

/// A series that comes step by step.
struct SeriesStream: FeatureStream.Steps {
  private let featurizer: SeriesFeaturizer
  private var filler: MissingValues.Filler
  private var motion: Skeleton.Motion?
  /// Whether a time beside the channels says how long nothing was seen; else steps are counted.
  private let readsTimes: Bool

  init(_ featurizer: SeriesFeaturizer, readsTimes: Bool) {
    (self.featurizer, self.readsTimes) = (featurizer, readsTimes)
    filler = MissingValues.Filler(featurizer.missing, channels: featurizer.columnCount)
    motion = featurizer.skeleton.map { Skeleton.Motion($0) }
  }

  mutating func push(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [FeatureSequence] {
    let (values, time) = try SeriesStream.numbers(value, featurizer.channels, malformed)
    let own = motion?.push(values) ?? values
    let scaled = own.enumerated().map { featurizer.scaler.scaled($0.element, channel: $0.offset) }
    return [featurizer.encoded(filler.fill(scaled, time: readsTimes ? time : nil))]
  }

  var stored: [Int64] { filler.stored + (motion?.stored ?? []) }

  mutating func restore(_ numbers: inout StoredNumbers) {
    filler.restore(&numbers)
    motion?.restore(&numbers)
  }

  private static func numbers(
    _ value: JSONValue, _ channels: [String], _ malformed: (String, String) -> DataError
  ) throws(DataError) -> (values: [Float], time: Double?) {
    func number(_ value: JSONValue?, _ name: String) throws(DataError) -> Float {
      switch value {
      case .number(let number)?: return Float(number)
      case .null?, nil: return .nan
      default: throw malformed("a number, or null, for \"\(name)\"", "another value")
      }
    }
    switch value {
    case .number where channels.count == 1: return ([try number(value, channels[0])], nil)
    case .list(let list):
      guard list.count == channels.count else {
        throw malformed("\(channels.count) numbers", "\(list.count)")
      }
      var values: [Float] = []
      for (own, name) in zip(list, channels) { values.append(try number(own, name)) }
      return (values, nil)
    case .object(let object):
      var values: [Float] = []
      for name in channels { values.append(try number(CategoryIndicator.value(name, in: object), name)) }
      guard channels.contains(where: { CategoryIndicator.value($0, in: object) != nil }) else {
        throw malformed(
          "one of " + channels.prefix(12).map { "\"\($0)\"" }.joined(separator: ", "), "none of them")
      }
      var time: Double?
      if case .number(let moment)? = object["time"], !channels.contains("time") { time = moment }
      return (values, time)
    default: throw malformed("an object, a list of \(channels.count) numbers or a number", "another value")
    }
  }
}

/// A text that comes line by line, or word by word where these were split already.
struct TextStream: FeatureStream.Steps {
  private let featurizer: TextFeaturizer
  private var last: Int32?
  /// Tokens so far.
  private var count = 0

  init(_ featurizer: TextFeaturizer) { self.featurizer = featurizer }

  mutating func push(
    _ value: JSONValue, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [FeatureSequence] {
    let tokens = try tokens(value, malformed)
    // a file ends there too; words are all read
    let kept = featurizer.readsWords ? tokens[...] : tokens.prefix(max(0, featurizer.lengthLimit - count))
    var steps: [FeatureSequence] = []
    let width = featurizer.featureCount
    for (index, token) in kept.enumerated() {
      let pair = (last.map { [$0] } ?? []) + [token]
      let start = count + index + 1 - pair.count
      let values = featurizer.evidence?.features(featurizer.placed(pair, from: start)) ?? []
      last = token
      steps.append(FeatureSequence(tokens: [token], featureCount: width, values: Array(values.suffix(width))))
    }
    if !featurizer.readsWords { count += kept.count }
    return steps
  }

  var stored: [Int64] { [Int64(last ?? -1), Int64(count)] }

  mutating func restore(_ numbers: inout StoredNumbers) {
    let token = numbers.integer(in: -1...featurizer.vocabulary.count - 1)
    last = token < 0 ? nil : Int32(token)
    count = numbers.integer()
  }

  /// The tokens of a line: those of a text, or of one word that was split already.
  private func tokens(_ value: JSONValue, _ malformed: (String, String) -> DataError) throws(DataError)
    -> [Int32]
  {
    guard case .text(let text) = value else {
      throw malformed(featurizer.readsWords ? "a word" : "a text", "another value")
    }
    guard featurizer.readsWords else { return featurizer.tokens(text) }
    let token = featurizer.token(ofWord: text)
    // some have blanks in them; others would be sentences taken for one unknown word
    guard token > 0 || !text.contains(where: \.isWhitespace) else {
      throw malformed("one word a line, for each has a label", "\"\(text.prefix(40))\"")
    }
    return [token]
  }
}
