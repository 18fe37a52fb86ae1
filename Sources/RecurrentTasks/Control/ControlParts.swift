import RecurrentReports

/// The episodes of a training by what they are for.
struct ControlParts {
  /// Steps of an episode.
  struct Piece {
    var episode: ControlLog.Episode
    /// Steps at the beginning that are read and do not count.
    var contextCount = 0
  }

  private(set) var training, validation, test: [Piece]
  /// All that was read of the data to train on, with the names of the columns.
  let log: ControlLog
  private(set) var notes: [DataNote]

  /// Reads logs and deals their episodes out; a single one is cut by time into the parts that nothing else is given for.
  ///
  /// - Parameters:
  ///   - request: data and settings.
  ///   - kind: what is learnt.
  ///   - warmUp: samples that a system reads before its own, where there are as many.
  /// - Throws: ``DataError`` or a format error, also where nothing is left to train on.
  init(_ request: TaskRequest, _ kind: ControlKind, warmUp: Int) throws {
    let settings = request.settings
    var columns = ControlColumns(settings)
    let log = try ControlLog(request.data, columns: columns)
    self.log = log
    columns = log.columns
    columns.format = settings.tableFormat
    func others(_ sources: [DataSource]) throws -> [Piece]? {
      guard !sources.isEmpty else { return nil }
      return try ControlLog(sources, columns: columns, moves: log.moves).episodes.map { Piece(episode: $0) }
    }
    let given = (validation: try others(request.validationData), test: try others(request.testData))
    let shares = try settings.shares(standard: ControlTask.standardShares)
      .without(validation: given.validation != nil, test: given.test != nil)
    notes = log.notes
    if log.episodes.count == 1 {
      let own = shares.ranges(of: log.episodes[0].stepCount)
      let words = [own.training, own.validation, own.test].map {
        "\(Int((100 * Double($0.count) / Double(max(log.episodes[0].stepCount, 1))).rounded())) %"
      }
      notes.append(
        DataNote(
          .assumed,
          "the one episode is cut by time: \(words.joined(separator: ", ")) to train, validate and test",
          setting: "split"))
      func piece(_ steps: Range<Int>) -> [Piece] {
        guard !steps.isEmpty else { return [] }
        let leading = kind == .simulation ? min(warmUp, steps.lowerBound) : steps.lowerBound
        return [
          Piece(
            episode: log.part(0, steps.lowerBound - leading..<steps.upperBound), contextCount: leading)
        ]
      }
      training = piece(own.training)
      (validation, test) = (piece(own.validation), piece(own.test))
    } else {
      // records without content: episodes are dealt out by their numbers
      let records = RecordSource(log.episodes.map { Record(.text(""), part: $0.part, origin: $0.name) })
      let split = DataParts(
        sizes: shares, sparingCount: given.validation == nil ? 20 : nil, seed: request.seed
      ).split(records)
      notes += split.notes
      func chosen(_ numbers: [Int]) -> [Piece] { numbers.map { Piece(episode: log.episodes[$0]) } }
      (training, validation, test) = (
        chosen(split.training), chosen(split.validation), chosen(split.test)
      )
    }
    if let own = given.validation { validation = own }
    if let own = given.test { test = own }
    if kind == .simulation {
      for (name, part) in [
        ("train on", \ControlParts.training), ("validate", \.validation), ("test", \.test),
      ] as [(String, WritableKeyPath<ControlParts, [Piece]>)] {
        let short = self[keyPath: part].count { $0.episode.stepCount <= warmUp }
        guard short > 0 else { continue }
        self[keyPath: part].removeAll { $0.episode.stepCount <= warmUp }
        notes.append(
          DataNote(
            .warning,
            "\(counted(short, "episode")) to \(name) with no more than the \(warmUp) samples of the warm-up left out",
            setting: "warm-up"))
      }
    }
    guard !training.isEmpty else {
      throw DataError.invalidSetting(
        name: "the training part",
        expected: "an episode of more than \(kind == .simulation ? warmUp : 0) steps; lower `warm-up`",
        found: "none")
    }
  }
}

extension ControlLog {
  /// Steps of an episode as one of its own.
  func part(_ index: Int, _ steps: Range<Int>) -> Episode {
    let own = episodes[index]
    let (width, size) = (inputs.count, outputs.count)
    return Episode(
      name: own.name, inputs: Array(own.inputs[steps.lowerBound * width..<steps.upperBound * width]),
      outputs: Array(own.outputs[steps.lowerBound * size..<steps.upperBound * size]), stepCount: steps.count)
  }
}
