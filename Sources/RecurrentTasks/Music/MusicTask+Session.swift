/// A piece that is being read or written.
public struct MusicHead: SessionHead {
  private var latest: MusicStepPrediction?
  /// Steps so far.
  public private(set) var stepCount = 0

  /// Takes what was computed of a step.
  public mutating func read(_ step: [MusicPiece.Tone], _ stepper: MusicStepper, row: Int) {
    latest = stepper.prediction(row: row)
    stepCount += 1
  }

  /// Nothing comes behind the piece.
  public mutating func end() { latest = nil }

  /// How likely the last step was; nothing at the end.
  public var outputs: [MusicStepPrediction] { latest.map { [$0] } ?? [] }

  /// What is kept.
  public var state: SessionState { SessionState(integers: [(name: "steps", values: [Int64(stepCount)])]) }

  /// Goes on from what was kept.
  public mutating func restore(_ state: SessionState) throws {
    (stepCount, latest) = (try state.integers("steps", count: 1, in: 0...1 << 42)[0], nil)
  }
}

/// A piece that is read or written by a network: the state as a value.
public typealias MusicSession = SteppedSession<MusicHead>

extension MusicTask {
  /// The beginning of a piece; each output says how likely a step was. Of a model with styles none is told.
  public func session(_ model: MusicModel) -> MusicSession? { session(model, style: nil) }

  /// The beginning of a piece of a mixture of styles.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - style: how much of each style; nil where none is told.
  public func session(_ model: MusicModel, style: [Float]?) -> MusicSession {
    var stepper = MusicStepper(packed: model.packed(), tokens, rowCount: 1)
    if let style { stepper.setStyle(style) }
    return SteppedSession(stepper, MusicHead())
  }

  /// What sounds at each step.
  public func steps(of example: Example) -> [[MusicPiece.Tone]] { example.steps }

  /// All steps, one after the other.
  public func prediction(of outputs: [MusicStepPrediction]) -> Prediction { Prediction(steps: outputs) }

  /// Lists of keys.
  public func stepReader() -> MusicStepReader? { MusicStepReader(range: tokens.range) }

  /// The step that was read, its nats, and the keys of the next one, each chosen as the likeliest.
  public func rows(of session: MusicSession, at moment: SessionMoment) -> [[Field]] {
    guard moment == .step, let last = session.outputs.first else { return [] }
    let likeliest = session.stepper.sample(MusicSampler(Sampler(temperature: 0)), key: RandomKey(seed: 0))
    return [
      [
        Field("step", .integer(session.head.stepCount)), Field("nats", .number(Double(last.nats))),
        Field("next", .text(likeliest.map { "\($0.key)" }.joined(separator: " "))),
      ]
    ]
  }
}

extension SteppedSession where Head == MusicHead {
  /// Steps that are chosen one after the other, each by what was read and chosen before; the session stays where it is.
  ///
  /// - Parameters:
  ///   - sampler: how to choose.
  ///   - key: of the random numbers: the same key gives the same steps.
  ///   - count: steps to choose.
  ///   - style: what is asked for along them; nil for the style of the session.
  public func written(
    _ sampler: MusicSampler, key: RandomKey, count: Int, style: StyleCourse? = nil
  ) -> [[MusicPiece.Tone]] {
    var own = stepper
    return (0..<count).map { index in
      if let style { own.setStyle(style.shares(at: Double(index) / Double(max(count - 1, 1)))) }
      return own.write(sampler, key: key.child(index))
    }
  }
}

extension MusicTask {
  /// Reads steps, each a list of keys in JSON, 0 to 127; held keys are negative: minus one less their number.
  public struct MusicStepReader: TaskStepReader {
    let range: ClosedRange<Int>

    /// The step of a line.
    public mutating func push(_ value: JSONValue, line: Int) throws(DataError) -> [[MusicPiece.Tone]] {
      func malformed(_ found: String) -> DataError {
        .malformed(path: "<stream>", place: .line(line), expected: "a list of keys, 0 to 127", found: found)
      }
      guard case .list(let list) = value else { throw malformed("another value") }
      var tones: [Int: MusicPiece.Tone] = [:]
      for value in list {
        guard case .number(let number) = value, (-128...127).contains(number), number == number.rounded()
        else {
          throw malformed("another value")
        }
        let key = number < 0 ? -1 - Int(number) : Int(number)
        tones[key] = MusicPiece.Tone(key, isHeld: number < 0)
      }
      return [tones.values.sorted { $0.key > $1.key }]
    }

    /// Nothing: each line is a step.
    public var stored: [Int64] { [] }

    /// Accepts an empty state alone.
    public mutating func restore(_ stored: [Int64]) -> Bool { stored.isEmpty }
  }
}
