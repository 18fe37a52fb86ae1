/// Pieces by what they are for.
struct MusicParts<Piece> {
  /// The parts.
  let training, validation, test: [Piece]
  /// What was found and assumed.
  let notes: [DataNote]

  /// Reads the pieces of a training: in parts as the data say, else dealt out.
  ///
  /// - Parameters:
  ///   - request: data and settings.
  ///   - part: what a piece is for; nil where nobody says.
  ///   - read: the pieces of data, with what was found.
  /// - Throws: ``DataError`` or a format error.
  init(
    _ request: TaskRequest, part: (Piece) -> DataPart?,
    read: ([DataSource]) throws -> (pieces: [Piece], notes: [DataNote])
  ) throws {
    let own = try read(request.data)
    let valid = request.validationData.isEmpty ? nil : try read(request.validationData)
    let tested = request.testData.isEmpty ? nil : try read(request.testData)
    // records without content: what is said about parts alone
    var records = own.pieces.map { Record(.text(""), part: part($0)) }
    if valid != nil || tested != nil {
      for index in records.indices where records[index].part == nil { records[index].part = .training }
    }
    let split = DataParts(
      sizes: try request.settings.shares(standard: MusicTask.standardShares),
      sparingCount: valid == nil ? 20 : nil, seed: request.seed
    ).split(RecordSource(records))
    func chosen(_ numbers: [Int]) -> [Piece] { numbers.map { own.pieces[$0] } }
    training = chosen(split.training)
    validation = valid?.pieces ?? chosen(split.validation)
    test = tested?.pieces ?? chosen(split.test)
    notes = own.notes + (valid?.notes ?? []) + (tested?.notes ?? []) + split.notes
  }
}

extension MusicParts<MusicPiece> {
  /// Reads the pieces of a training on a grid.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(_ request: TaskRequest, _ grid: MusicGrid) throws {
    try self.init(request, part: \.part) { data in
      let files = try MusicFiles(data, grid: grid)
      return (files.pieces, files.notes)
    }
  }

  /// Whether no piece came from notes with times.
  var hasRollsAlone: Bool { (training + validation + test).allSatisfy { !$0.tellsHeld } }

  /// Pieces of the validation and test part that are the same as one to train on, perhaps in another key.
  var twinCount: Int {
    func shape(_ piece: MusicPiece) -> [[Int]] {
      let lowest = piece.range?.lowerBound ?? 0
      return piece.keys.map { $0.map { $0 - lowest } }
    }
    let known = Set(training.map(shape))
    return (validation + test).count { known.contains(shape($0)) }
  }
}

extension MusicParts<MusicPerformance> {
  /// Reads the performances of a training.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(performances request: TaskRequest, programs: [Int]?, usesPedal: Bool) throws {
    try self.init(request, part: \.part) { data in
      let files = try MusicPerformances(data, programs: programs, usesPedal: usesPedal)
      return (files.performances, files.notes)
    }
  }
}
