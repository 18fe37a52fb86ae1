/// What is left of a cell when the products over its input are done for all steps at once: a recurrence that a backend
/// may do in one piece.
///
/// The equations are those of the cells that use them. Steps are taken in order, so that a sequence in pieces has the
/// bits of the whole; what is parallel are the products before, and rows and units here.
public enum ScanKind: Sendable, Equatable {
  /// ``MinGRU``: gates z n, state h.
  case minGRU(isPositive: Bool)
  /// ``MinLSTM``: gates f i n, state h.
  case minLSTM(isPositive: Bool)
  /// ``IndRNN`` with tanh: one sum, state h, parameter u.
  case indRNNTanh
  /// ``IndRNN`` with max(x, 0): one sum, state h, parameter u.
  case indRNNReLU
  /// ``SRU``: gates x f r, then the residual as a fourth gate or as an input of its own; state c, parameters v_f v_r.
  case sru(scale: Float)
  /// ``QRNN`` with f-pooling: gates z f, state h.
  case qrnnF
  /// ``QRNN`` with fo-pooling: gates z f o, state c.
  case qrnnFO
  /// ``QRNN`` with ifo-pooling: gates z f o i, state c.
  case qrnnIFO
  /// ``SLSTM``: gates i f z o, states h c n m, parameter `[4H, H / heads]`.
  case sLSTM(headCount: Int)
  /// ``MLSTM``: q k v o, and i f of each head; states C n m.
  case mLSTM(headCount: Int)
}

/// A scan, what it reads and how it walks over it.
public struct ScanCall: Sendable {
  /// Which recurrence.
  public var kind: ScanKind
  /// Preactivations `[N, ...]`, one row for each of the rows of `SequencePlan.realRows(of:)`.
  public var inputs: [Tensor]
  /// What is the same at every step.
  public var parameters: [Tensor]
  /// The state before the first step of each segment, `[S, ...]`.
  public var states: [Tensor]
  /// H: the width of the output.
  public var outputSize: Int
  /// Which rows are read in which order.
  public var plan: SequencePlan

  package init(
    kind: ScanKind, inputs: [Tensor], parameters: [Tensor] = [], states: [Tensor], outputSize: Int,
    plan: SequencePlan
  ) {
    self.kind = kind
    self.inputs = inputs
    self.parameters = parameters
    self.states = states
    self.outputSize = outputSize
    self.plan = plan
  }
}

/// What a scan computed.
public struct ScanResult: Sendable {
  /// `[T, B, H]`, zero where no segment is.
  public var output: Tensor
  /// The state after the last step of each segment, `[S, ...]`.
  public var states: [Tensor]
  package var saved: [TensorStorage]

  package init(output: Tensor, states: [Tensor], saved: [TensorStorage] = []) {
    self.output = output
    self.states = states
    self.saved = saved
  }
}

/// Gradients of everything that went into a scan, in the shapes of ``ScanCall``.
public struct ScanGradient: Sendable {
  /// Of the preactivations.
  public var inputs: [Tensor]
  /// Of the parameters.
  public var parameters: [Tensor]
  /// Of the states before the first steps.
  public var states: [Tensor]

  package init(inputs: [Tensor], parameters: [Tensor], states: [Tensor]) {
    self.inputs = inputs
    self.parameters = parameters
    self.states = states
  }
}

extension SequencePlan {
  /// The rows that the plan reads, `[N, F]`: all T * B in their own order when every one is read, else the real ones in
  /// the order of slots. What stands beyond the lengths takes no part in what follows.
  package func realRows(of x: Tensor) -> Tensor {
    let rows = x.reshaped(to: [stepCount * batchSize, x.shape[2]])
    return isFull ? rows : gather(rows, rows: Indices(rowOfSlot))
  }

  /// For each slot its row in the flat input.
  package var rowOfSlot: [Int32] {
    var rows: [Int32] = []
    rows.reserveCapacity(slotCount)
    for step in alive.indices {
      for segment in 0..<Int(alive[step]) { rows.append(Int32(first[segment] + Int64(step) * stride)) }
    }
    return rows
  }
}
