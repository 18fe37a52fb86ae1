import RecurrentFormats

/// Reads the logs of robots in HDF5: of D4RL in one piece, of Minari and robomimic with a group for each episode, and data sets of one
/// length that are columns.
struct ControlArchive {
  /// What was read.
  private(set) var part: ControlPart
  private let file: HDF5File

  /// Numbers that stand beside each other at each step.
  private struct Block {
    var name: String
    /// Numbers of a step.
    var width: Int
    /// Step by step.
    var values: [Float]
    var areIntegers: Bool

    var stepCount: Int { width > 0 ? values.count / width : 0 }
    var columns: [String] { width == 1 ? [name] : (0..<width).map { "\(name).\($0)" } }
  }

  /// An episode.
  private struct Piece {
    var name: String
    var part: DataPart?
    var blocks: [Block]
    var stepCount: Int
  }

  /// Whether a source is such a file.
  static func recognizes(_ source: DataSource) -> Bool {
    guard source.memoryName == nil, let bytes = try? DataBytes(source) else { return false }
    return bytes.withBytes { HDF5File.recognizes($0) }
  }

  /// Reads a file.
  ///
  /// - Throws: ``DataError`` or a format error.
  init(_ source: DataSource, _ asked: ControlColumns, _ need: ControlLog.Need) throws {
    file =
      try source.isPath
      ? HDF5File(path: source.name)
      : HDF5File(bytes: DataBytes(source).withBytes { Array($0) }, path: source.name)
    part = ControlPart(path: source.name, inputs: [], outputs: [])
    let pieces = try readPieces()
    guard let first = pieces.first, first.stepCount > 0 else { throw DataError.empty(path: source.name) }
    let all = first.blocks.flatMap(\.columns).filter { !asked.ignored.contains($0) }
    func columns(_ names: [String]?, standard: [String]) throws -> [String] {
      let chosen = names ?? standard
      return try chosen.flatMap { name -> [String] in
        if let block = first.blocks.first(where: { $0.name == name }) { return block.columns }
        guard all.contains(name) else {
          let wide = first.blocks.filter { $0.width > 1 }.map(\.name)
          throw DataError.noColumn(path: source.name, name: name, available: wide + all)
        }
        return [name]
      }
    }
    let actions = first.blocks.contains { $0.name == ControlArchive.actions } ? [ControlArchive.actions] : []
    let outputs = try columns(asked.outputs, standard: actions)
    guard !outputs.isEmpty else {
      throw DataError.invalidSetting(
        name: "outputs", expected: "the data sets that come out; there are \(all.joined(separator: ", "))",
        found: "none")
    }
    let marks = Set(ControlArchive.ends + ["rewards"])
    let inputs = try columns(
      asked.inputs,
      standard: first.blocks.map(\.name).filter { name in
        !marks.contains(name) && name != ControlArchive.actions
          && !outputs.contains(where: { $0 == name || $0.hasPrefix(name + ".") })
      })
    guard !inputs.isEmpty, Set(inputs).isDisjoint(with: outputs) else {
      throw DataError.invalidSetting(
        name: "inputs",
        expected: "the data sets that go in, none of the outputs; there are "
          + all.joined(separator: ", "), found: inputs.isEmpty ? "none" : inputs.joined(separator: ","))
    }
    (part.inputs, part.outputs) = (inputs, outputs)
    let areMoves =
      outputs.count == 1 && (first.blocks.first { $0.columns == outputs }?.areIntegers ?? false)
    if asked.outputKind == .discrete || asked.outputKind == nil && areMoves {
      guard outputs.count == 1 else {
        throw DataError.invalidSetting(
          name: "outputs", expected: "one column where it has moves", found: outputs.joined(separator: ","))
      }
      part.labels = []
    }
    for piece in pieces where piece.stepCount > 0 { try append(piece, need) }
    part.notes.append(
      DataNote(
        .found, "\(part.starts.count) episodes in HDF5, laid out \(layoutName)"))
  }

  private static let actions = "actions"
  /// What says that an episode ends with a step.
  private static let ends = ["terminals", "timeouts", "dones", "terminations", "truncations"]

  private var layoutName: String {
    !demonstrations.isEmpty ? "as robomimic does" : !episodes.isEmpty ? "as Minari does" : "in one piece"
  }

  /// Groups of robomimic and of Minari in the order of their numbers.
  private var demonstrations: [String] { numbered("data", "demo_") }
  private var episodes: [String] { numbered("", "episode_") }

  private func numbered(_ group: String, _ prefix: String) -> [String] {
    file.members(of: group).compactMap { name in
      name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)).map { (number: $0, name: name) } : nil
    }.sorted { $0.number < $1.number }.map { group.isEmpty ? $0.name : group + "/" + $0.name }
  }

  private func readPieces() throws -> [Piece] {
    if !demonstrations.isEmpty {
      let parts = try partsOfDemonstrations()
      return try demonstrations.map {
        let name = $0.split(separator: "/").last.map(String.init) ?? $0
        return try piece($0, observations: $0 + "/obs", isInPrefix: false, part: parts[name])
      }
    }
    if !episodes.isEmpty {
      return try episodes.map {
        try piece($0, observations: $0 + "/observations", isInPrefix: true, part: nil)
      }
    }
    return try flat()
  }

  /// The parts that robomimic's masks say.
  private func partsOfDemonstrations() throws -> [String: DataPart] {
    var parts: [String: DataPart] = [:]
    for mask in file.members(of: "mask") {
      guard let part = DataPart(word: mask) else { continue }
      for name in try file.texts(named: "mask/" + mask) { parts[name] = part }
    }
    return parts
  }

  /// A data set of one number or several at each step; nil for pictures and the like.
  private func block(_ path: String, named name: String) throws -> Block? {
    guard let shape = file.shape(of: path), shape.count == 1 || shape.count == 2, !shape.contains(0) else {
      return nil
    }
    let array = try file.array(named: path)
    return Block(
      name: name, width: shape.count == 2 ? shape[1] : 1, values: try array.floats(convertsIntegers: true),
      areIntegers: !array.elementType.isFloat)
  }

  /// The episode of a group.
  private func piece(
    _ group: String, observations: String, isInPrefix: Bool, part: DataPart?
  ) throws -> Piece {
    var blocks: [Block] = []
    if let own = try block(observations, named: "observations") {
      blocks.append(own)
    } else {
      for name in file.members(of: observations) {
        if let own = try block(observations + "/" + name, named: name) { blocks.append(own) }
      }
    }
    guard let actions = try block(group + "/" + ControlArchive.actions, named: ControlArchive.actions),
      !blocks.isEmpty
    else {
      throw DataError.malformed(
        path: file.path, place: .byte(0), expected: "observations and actions in \"\(group)\"",
        found: file.members(of: group).joined(separator: ", "))
    }
    // what is observed behind the last action is of no use
    for index in blocks.indices where blocks[index].stepCount > actions.stepCount {
      blocks[index].values.removeLast((blocks[index].stepCount - actions.stepCount) * blocks[index].width)
    }
    if let short = blocks.first(where: { $0.stepCount < actions.stepCount }) {
      throw DataError.malformed(
        path: file.path, place: .byte(0), expected: "\(actions.stepCount) observations in \"\(group)\"",
        found: "\(short.stepCount) of \"\(short.name)\"")
    }
    return Piece(
      name: "\(file.path), \(group)", part: part, blocks: blocks + [actions], stepCount: actions.stepCount)
  }

  /// Data sets of one length, cut where an episode ends.
  private func flat() throws -> [Piece] {
    let counts = file.members(of: "").compactMap { file.shape(of: $0)?.first }
    guard let count = counts.max(), count > 0 else { throw DataError.empty(path: file.path) }
    var blocks: [Block] = []
    for name in file.members(of: "") where file.shape(of: name)?.first == count {
      if let own = try block(name, named: name) { blocks.append(own) }
    }
    let marks = blocks.filter { ControlArchive.ends.contains($0.name) && $0.width == 1 }
    let ends = (0..<count).filter { step in marks.contains { $0.values[step] != 0 } }.map { $0 + 1 }
    var bounds = [0] + ends
    if bounds[bounds.count - 1] < count { bounds.append(count) }
    return zip(bounds, bounds.dropFirst()).enumerated().map { index, range in
      Piece(
        name: bounds.count > 2 ? "\(file.path), episode \(index)" : file.path, part: nil,
        blocks: blocks.map { block in
          var own = block
          own.values = Array(block.values[range.0 * block.width..<range.1 * block.width])
          return own
        }, stepCount: range.1 - range.0)
    }
  }

  private mutating func append(_ piece: Piece, _ need: ControlLog.Need) throws {
    part.starts.append((part.stepCount, piece.name, piece.part))
    func places(_ names: [String]) throws -> [(block: Int, column: Int)] {
      try names.map { name in
        for (index, block) in piece.blocks.enumerated() {
          if let column = block.columns.firstIndex(of: name) { return (index, column) }
        }
        throw DataError.noColumn(path: piece.name, name: name, available: piece.blocks.flatMap(\.columns))
      }
    }
    let (inputs, outputs) = (try places(part.inputs), try places(part.outputs))
    for step in 0..<piece.stepCount {
      func number(_ place: (block: Int, column: Int), _ name: String) throws -> Float {
        let block = piece.blocks[place.block]
        let value = block.values[step * block.width + place.column]
        guard value.isFinite else {
          throw DataError.malformed(
            path: piece.name, place: .line(step + 1), expected: "a finite number as \"\(name)\" at each step",
            found: "\(value)")
        }
        return value
      }
      for (place, name) in zip(inputs, part.inputs) { part.values.append(try number(place, name)) }
      for (place, name) in zip(outputs, part.outputs) {
        let value = try number(place, name)
        if part.labels == nil {
          part.targets.append(value)
        } else {
          part.labels?.append(value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)")
        }
      }
    }
    part.stepCount += piece.stepCount
  }
}
