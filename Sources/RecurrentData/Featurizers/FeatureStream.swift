/// Features of a sequence that comes in step by step, the same that the whole sequence has. For numbers and for text; sound is
/// scaled by its loudest moment, which nobody knows before the end, and pictures come in files. Of a text as many tokens are read
/// as of one in a file.
public struct FeatureStream: Sendable {
  private enum Source: Sendable {
    case series(SeriesFeaturizer, MissingValues.Filler)
    case text(TextFeaturizer, last: Int32?, count: Int)
  }

  private var source: Source
  /// Whether a time beside the channels says how long nothing was seen; else steps are counted.
  private let readsTimes: Bool

  /// The beginning of a sequence; nil for sound and pictures.
  ///
  /// - Parameters:
  ///   - featurizer: of the whole sequences.
  ///   - readsTimes: whether those have times.
  public init?(_ featurizer: SequenceFeaturizer, readsTimes: Bool = true) {
    self.readsTimes = readsTimes
    switch featurizer {
    case .series(let own):
      source = .series(own, MissingValues.Filler(own.missing, channels: own.channels.count))
    case .text(let own): source = .text(own, last: nil, count: 0)
    case .sound, .pictures: return nil
    }
  }

  /// Reads a value of JSON: of numbers an object by the names of the channels, a list in their order, or one number; of text a
  /// text, of words that were split already one word.
  ///
  /// - Parameters:
  ///   - value: the value.
  ///   - line: where it stood, for errors.
  /// - Returns: the features of each step: one for numbers, one for each token of a text.
  /// - Throws: ``DataError`` for any other value.
  public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [FeatureSequence] {
    func malformed(_ expected: String, _ found: String) -> DataError {
      .malformed(path: "<stream>", place: .line(line), expected: expected, found: found)
    }
    switch source {
    case .series(let own, var filler):
      let (values, time) = try FeatureStream.numbers(value, own.channels, malformed)
      let scaled = values.enumerated().map { own.scaler.scaled($0.element, channel: $0.offset) }
      let step = own.encoded(filler.fill(scaled, time: readsTimes ? time : nil))
      source = .series(own, filler)
      return [FeatureSequence(featureCount: own.featureCount, values: step)]
    case .text(let own, var last, var count):
      let tokens = try FeatureStream.tokens(value, own, malformed)
      // a file ends there too; words are all read
      let kept = own.readsWords ? tokens[...] : tokens.prefix(max(0, own.lengthLimit - count))
      let steps = kept.map { token in
        let values = own.evidence?.features((last.map { [$0] } ?? []) + [token]) ?? []
        last = token
        return FeatureSequence(
          tokens: [token], featureCount: own.featureCount, values: Array(values.suffix(own.featureCount)))
      }
      if !own.readsWords { count += kept.count }
      source = .text(own, last: last, count: count)
      return steps
    }
  }

  /// The tokens of a line: those of a text, or of one word that was split already.
  private static func tokens(
    _ value: JSONValue, _ featurizer: TextFeaturizer, _ malformed: (String, String) -> DataError
  ) throws(DataError) -> [Int32] {
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
      for name in channels { values.append(try number(object[name], name)) }
      guard channels.contains(where: { object[$0] != nil }) else {
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
