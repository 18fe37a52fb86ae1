import RecurrentFormats

/// What went into a system and came out of it, or what a driver saw and did: numbers at equal distances of time, in episodes.
public struct ControlLog: Sendable, Equatable {
  /// Steps that follow each other, from a beginning.
  public struct Episode: Sendable, Equatable {
    /// Where it stands: a file, or an episode of one.
    public var name: String
    /// Step by step all inputs, `[T * I]`, each finite.
    public var inputs: [Float]
    /// Step by step all outputs, `[T * D]`; of moves their numbers. NaN where one is not known.
    public var outputs: [Float]
    /// T.
    public var stepCount: Int
    /// What it is for, where the data say so.
    public var part: DataPart?

    /// An episode.
    public init(name: String, inputs: [Float], outputs: [Float], stepCount: Int, part: DataPart? = nil) {
      (self.name, self.inputs, self.outputs) = (name, inputs, outputs)
      (self.stepCount, self.part) = (stepCount, part)
    }
  }

  /// The names of the inputs, I of them.
  public var inputs: [String]
  /// The names of the outputs, D of them.
  public var outputs: [String]
  /// The moves that the one output is one of, sorted; empty where outputs are numbers.
  public var moves: [String]
  /// The episodes in their order; each has a step or more.
  public var episodes: [Episode]
  /// The distance of the steps in the unit of the times; nil without times.
  public var interval: Double?
  /// The columns as they were found.
  public var columns: ControlColumns
  /// What was found and assumed.
  public var notes: [DataNote]

  /// How much of the outputs must be known.
  public enum Need: Sendable, Equatable {
    /// All of them.
    case all
    /// Those of the first steps of each episode.
    case first(Int)
  }

  /// Reads logs: tables with a row for each step, or recordings of robots in HDF5 as D4RL, Minari and robomimic write them.
  ///
  /// - Parameters:
  ///   - sources: one or more, each with an episode or more.
  ///   - columns: which columns say what.
  ///   - moves: those of the training, where they are known.
  ///   - need: which outputs must be there.
  /// - Throws: ``DataError`` or a format error; also where steps are not at equal distances, or a number is missing.
  public init(
    _ sources: [DataSource], columns: ControlColumns, moves: [String]? = nil, need: Need = .all
  ) throws {
    var columns = columns
    var parts: [ControlPart] = []
    for source in sources {
      let own = try ControlPart.parts(source, columns: columns, need: need)
      for part in own {
        columns.inputs = part.inputs
        columns.outputs = part.outputs
        columns.knownFormat = columns.knownFormat ?? part.format
        columns.outputKind = part.labels == nil ? .continuous : .discrete
      }
      parts += own
    }
    guard let first = parts.first else { throw DataError.empty(path: sources.first?.name ?? "<no data>") }
    (inputs, outputs, interval, self.columns) = (first.inputs, first.outputs, first.interval, columns)
    self.columns.knownEpisode = first.episodeColumn ?? columns.knownEpisode
    self.columns.knownTime = first.timeColumn ?? columns.knownTime
    notes = first.notes
    if let interval {
      let other = parts.first { $0.interval.map { !ControlPart.areAlike($0, interval) } ?? false }
      if let other, let own = other.interval {
        throw DataError.malformed(
          path: other.path, place: .line(1),
          expected: "steps \(interval) apart, as in \(first.path); resample the log to that",
          found: "steps \(own) apart")
      }
    }
    let known = moves ?? Set(parts.flatMap { $0.labels ?? [] }).sorted()
    self.moves = known
    let numbers = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, Float($0)) })
    episodes = try parts.flatMap { try $0.episodes(numbers, needsOutputs: need == .all) }
  }
}
