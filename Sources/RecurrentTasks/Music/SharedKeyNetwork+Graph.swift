extension PianoRollNetwork {
  /// The parts of a state by the names of a graph; those of keys are `[B, K, ...]`.
  func named(_ state: State) -> [(name: String, value: Tensor)] {
    guard let keys, let own = state.keys else { return recurrent.named(state.recurrent) }
    let count = keys.view.keyCount
    return recurrent.named(state.recurrent)
      + keys.recurrent.named(own).map { name, value in
        let shape = [value.shape[0] / count, count] + value.shape.dropFirst()
        return (name: SharedKeyNetwork.prefix + name, value: value.reshaped(to: shape))
      }
  }
}

extension SharedKeyNetwork {
  /// What stands before the names of its states in a graph.
  static let prefix = "keys_"

  /// Appends the nodes of the network.
  ///
  /// - Parameters:
  ///   - builder: of the graph.
  ///   - value: `[T, B, K + 1]`.
  ///   - lengths: of the pieces; nil where all are full.
  ///   - options: of the graph.
  /// - Returns: the name of the scores `[T, B, K]`.
  func append(
    to builder: inout GraphBuilder, reading value: String, lengths: String?, _ options: GraphOptions
  ) throws -> String {
    let count = view.keyCount
    let seen = try builder.mapRows(
      of: value, width: count + 1, view.map, prefix: "view.", what: "what keys see"
    ) { $0($1) }
    var given = RecurrentLayerGraph(
      input: builder.node("Reshape", [seen, builder.integers([0, -1, Int64(KeyView.size)])]),
      isQuantized: options.isQuantized)
    given.lengths = lengths.map { own in
      let beside = builder.node("Unsqueeze", [own, builder.integers([1])])
      let all = builder.node("Expand", [beside, builder.integers([1, Int64(count)])])
      return builder.node("Reshape", [all, builder.integers([-1])])
    }
    let begin = recurrent.initialState(batch: 1)
    var names = recurrent.named(begin)[...]
    let parts = begin.cells.map { cell in
      cell.tensors.map {
        (name: Self.prefix + names.removeFirst().name, extents: Array($0.shape.dropFirst()))
      }
    }
    if options.isStreaming {
      given.states = parts.map { cell in
        cell.map { part in
          let state = builder.state(part.name, extents: [count] + part.extents)
          let shape = builder.integers([-1] + part.extents.map { Int64($0) })
          return builder.node("Reshape", [state, shape])
        }
      }
    }
    let (hidden, states) = try recurrent.append(to: &builder, given, prefix: Self.prefix)
    if options.isStreaming {
      for (value, part) in zip(states.joined(), parts.joined()) {
        let shape = builder.integers([-1, Int64(count)] + part.extents.map { Int64($0) })
        builder.keep(
          builder.node("Reshape", [value, shape]), as: part.name, extents: [count] + part.extents)
      }
    }
    let scores = try builder.mapRows(
      of: hidden, width: recurrent.outputSize, head, prefix: "keys_head.", what: "the output of keys"
    ) { $0($1) }
    return builder.node("Reshape", [scores, builder.integers([0, -1, Int64(count)])])
  }
}
