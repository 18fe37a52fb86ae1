extension RunningSum {
  /// What is kept, under a name.
  func state(_ name: String) -> StreamState {
    StreamState(
      tensors: [(name: name, value: Tensor(block))],
      integers: [(name: name, values: [Int64(blockCount)] + total.map(\.stored))])
  }

  /// Takes over what was kept under a name.
  mutating func restore(_ state: StreamState, _ name: String) {
    let numbers = state.integers(name)
    block = state.tensor(name).scalars
    blockCount = Int(numbers[0])
    total = numbers.dropFirst().map { Double(stored: $0) }
  }
}
