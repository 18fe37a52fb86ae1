extension RunningSum {
  /// What is kept, under a name.
  func state(_ name: String) -> SessionState {
    SessionState(
      tensors: [(name: name, value: Tensor(block))],
      integers: [(name: name + ".blocks", values: [Int64(blockCount)] + total.map(\.stored))])
  }

  /// Takes over what was kept under a name.
  mutating func restore(_ state: SessionState, _ name: String) throws {
    let numbers = try state.integers(name + ".blocks")
    try state.check(
      [1, 1 + block.count].contains(numbers.count)
        && (0..<Int64(RunningSum.blockLength)).contains(numbers[0]),
      "the sum \"\(name)\" is impossible")
    block = try state.tensor(name, [block.count]).scalars
    blockCount = Int(numbers[0])
    total = numbers.dropFirst().map { Double(stored: $0) }
  }
}

extension PictureHistory {
  /// What is kept, under a name.
  func state(_ name: String) -> SessionState {
    SessionState(
      tensors: [(name: name, value: Tensor(last))],
      integers: [(name: name + ".count", values: [Int64(count)])]
    ) + sum.state(name + ".sum")
  }

  /// Takes over what was kept of pictures of so many pixels.
  mutating func restore(_ state: SessionState, _ name: String, pixels: Int) throws {
    count = try state.integers(name + ".count", count: 1)[0]
    let width = count == 0 ? 0 : pixels
    last = try state.tensor(name, [width]).scalars
    sum = RunningSum(width: width)
    try sum.restore(state, name + ".sum")
  }
}

extension RecurrentLayer where C == AnyCell {
  /// The state of one row of a batch, by the names of a file.
  func state(_ state: State, row: Int, _ prefix: String = "") -> SessionState {
    self.state(state, rows: row..<row + 1, prefix)
  }

  /// The state of rows of a batch.
  func state(_ state: State, rows: Range<Int>, _ prefix: String = "") -> SessionState {
    SessionState(
      tensors: named(State(cells: state.cells.map { $0.rows(Array(rows)) })).map {
        (name: prefix + $0.name, value: $0.value)
      })
  }

  /// A state of a batch with another one in one of its rows.
  func replacing(_ state: State, row: Int, from kept: SessionState, _ prefix: String = "") throws -> State {
    try replacing(state, rows: row..<row + 1, from: kept, prefix)
  }

  /// A state of a batch with another one in some of its rows.
  func replacing(
    _ state: State, rows: Range<Int>, from kept: SessionState, _ prefix: String = ""
  ) throws -> State {
    let names = named(initialState(batch: rows.count)).map {
      (name: prefix + $0.name, shape: $0.value.shape)
    }
    let own = try names.map { try kept.tensor($0.name, $0.shape) }
    return state.replacing(
      zip(state.tensors, own).map { whole, part in
        var numbers = whole.scalars
        let width = whole.count / whole.shape[0]
        numbers.replaceSubrange(rows.lowerBound * width..<rows.upperBound * width, with: part.scalars)
        return Tensor(numbers, shape: whole.shape, like: whole)
      })
  }
}
