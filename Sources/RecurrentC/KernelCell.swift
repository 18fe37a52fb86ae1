import CRecurrent
import CRecurrentKernels
import Recurrent
import RecurrentCore

/// A cell of a call, checked, in the kernels' form.
struct KernelCell: Equatable {
  let kind: RecurrentKind
  let precision: rk_precision
  /// I, H and P, which is 0 for none.
  let input, hidden, projection: Int
  let hasBias, couplesGates, hasPeepholes, normalizes: Bool
  let cellClip: Float
  let activation: rk_activation
  let alpha, beta: Float

  static let kernels = [RK_LSTM, RK_GRU, RK_GRU_RESET_BEFORE, RK_ELMAN_TANH, RK_ELMAN_RELU, RK_ELMAN]
  static let kinds: [RecurrentKind] = [.lstm, .gru, .gruResetBefore, .elmanTanh, .elmanReLU, .elman]

  /// - Throws: ``CallError`` where there can be no such cell.
  init(_ pointer: UnsafePointer<rec_cell>?) throws {
    let cell = try required(pointer, "cell").pointee
    guard cell.size >= MemoryLayout<rec_cell>.size else {
      throw CallError.argument(
        "the size of the cell is \(cell.size), expected \(MemoryLayout<rec_cell>.size)")
    }
    kind = KernelCell.kinds[try count(Int64(cell.kind), "the kind of the cell", in: 0...5)]
    input = try count(cell.input, "input", in: 1...1 << 24)
    hidden = try count(cell.hidden, "hidden", in: 1...1 << 24)
    projection = try count(cell.projection, "projection", in: 0...1 << 24)
    let precision = try count(Int64(cell.precision), "precision", in: 0...2)
    (hasBias, couplesGates) = (cell.has_bias != 0, cell.couples_gates != 0)
    (hasPeepholes, normalizes) = (cell.has_peepholes != 0, cell.normalizes != 0)
    (cellClip, alpha, beta) = (cell.cell_clip, cell.alpha, cell.beta)
    let form = try count(Int64(cell.activation), "activation", in: 0...10)
    activation = rk_activation(rawValue: UInt32(form))
    guard cellClip >= 0, cellClip.isFinite, alpha.isFinite, beta.isFinite else {
      throw CallError.argument("cell_clip, alpha and beta are numbers, cell_clip at least 0")
    }
    let hasOptions = projection > 0 || couplesGates || hasPeepholes || normalizes || cellClip > 0
    guard kind == .lstm || !hasOptions else {
      throw CallError.argument(
        "projection, coupled gates, peepholes, layer normalisation and cell clip belong to REC_LSTM")
    }
    guard precision == 0 || !(hasOptions || kind == .elman) else {
      throw CallError.argument("a cell with options computes in REC_FLOAT32")
    }
    guard precision != 2 || max(input, hidden) <= 1 << 16 else {
      throw CallError.argument("REC_INT8 takes at most 65,536 inputs and units")
    }
    self.precision = [RK_FLOAT32, RK_BFLOAT16, RK_INT8][precision]
    _ = try product(rowCount, max(input, stateSize))
  }

  /// R.
  var stateSize: Int { projection > 0 ? projection : hidden }
  /// G * H.
  var rowCount: Int { (couplesGates ? 3 : kind.gateCount) * hidden }
  /// Whether there is a cell state.
  var hasCellState: Bool { kind == .lstm }
  /// Whether it has only its plain equations.
  var isPlain: Bool {
    kind != .elman && projection == 0 && !couplesGates && !hasPeepholes && !normalizes && cellClip == 0
  }

  /// The options that the cell always has.
  var options: rk_options {
    var options = rk_options()
    options.activation =
      switch kind {
      case .elmanTanh: RK_ACTIVATE_TANH
      case .elmanReLU: RK_ACTIVATE_RELU
      default: activation
      }
    options.alpha = alpha
    options.beta = beta
    options.projection = Int64(projection)
    options.coupled = couplesGates
    options.peephole = hasPeepholes
    options.normalized = normalizes
    options.cell_clip = cellClip
    return options
  }

  /// The name that the kernels know the cell by; an Elman network with noise is one with any activation.
  func kernel(isNoisy: Bool) -> rk_cell {
    if isNoisy, kind == .elmanTanh || kind == .elmanReLU { return RK_ELMAN }
    return KernelCell.kernels[KernelCell.kinds.firstIndex(of: kind) ?? 0]
  }

  /// The parameters of the cell; none that it does not have.
  ///
  /// - Throws: ``CallError`` where one is missing.
  func weights(_ pointer: UnsafePointer<rec_weights>?, _ name: String) throws -> rec_weights {
    let all = try required(pointer, name).pointee
    func own(
      _ has: Bool, _ member: UnsafeMutablePointer<Float>?, _ memberName: String
    ) throws -> UnsafeMutablePointer<Float>? {
      has ? try required(member, "\(name).\(memberName)") : nil
    }
    return rec_weights(
      weight_ih: try own(true, all.weight_ih, "weight_ih"),
      weight_hh: try own(true, all.weight_hh, "weight_hh"), bias_ih: try own(hasBias, all.bias_ih, "bias_ih"),
      bias_hh: try own(hasBias, all.bias_hh, "bias_hh"),
      weight_hr: try own(projection > 0, all.weight_hr, "weight_hr"),
      peephole: try own(hasPeepholes, all.peephole, "peephole"),
      norm_ih: try own(normalizes, all.norm_ih, "norm_ih"),
      norm_hh: try own(normalizes, all.norm_hh, "norm_hh"),
      norm_cell: try own(normalizes, all.norm_cell, "norm_cell"),
      norm_cell_bias: try own(normalizes, all.norm_cell_bias, "norm_cell_bias"))
  }
}

extension rec_weights {
  /// The kernels' form.
  var kernel: rk_weights {
    rk_weights(
      weight_ih: weight_ih, weight_hh: weight_hh, bias_ih: bias_ih, bias_hh: bias_hh, weight_hr: weight_hr,
      peephole: peephole, norm_ih: norm_ih, norm_hh: norm_hh, norm_cell: norm_cell,
      norm_cell_bias: norm_cell_bias)
  }

  /// The kernels' form of gradients to be written.
  var kernelGradients: rk_weight_gradients {
    rk_weight_gradients(
      weight_ih: weight_ih, weight_hh: weight_hh, bias_ih: bias_ih, bias_hh: bias_hh, weight_hr: weight_hr,
      peephole: peephole, norm_ih: norm_ih, norm_hh: norm_hh, norm_cell: norm_cell,
      norm_cell_bias: norm_cell_bias)
  }

  /// Writes zeros: the gradients where no step was read.
  func clear(_ cell: KernelCell) {
    let rows = cell.rowCount
    func clear(_ member: UnsafeMutablePointer<Float>?, _ count: Int) {
      member?.update(repeating: 0, count: count)
    }
    clear(weight_ih, rows * cell.input)
    clear(weight_hh, rows * cell.stateSize)
    clear(bias_ih, rows)
    clear(bias_hh, rows)
    clear(weight_hr, cell.projection * cell.hidden)
    clear(peephole, (cell.couplesGates ? 2 : 3) * cell.hidden)
    clear(norm_ih, rows)
    clear(norm_hh, rows)
    clear(norm_cell, cell.hidden)
    clear(norm_cell_bias, cell.hidden)
  }
}
