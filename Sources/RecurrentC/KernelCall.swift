import CRecurrent
import CRecurrentKernels
import Recurrent
import RecurrentCore

/// A call of a cell over sequences, checked.
struct KernelCall {
  let call: rec_forward_call
  let engine: Engine
  let cell: KernelCell
  let plan: Plan

  /// - Throws: ``CallError`` where the call is not what the header asks for.
  init(_ pointer: UnsafePointer<rec_forward_call>?) throws {
    call = try required(pointer, "call").pointee
    guard call.size >= MemoryLayout<rec_forward_call>.size else {
      throw CallError.argument(
        "the size of the call is \(call.size), expected \(MemoryLayout<rec_forward_call>.size)")
    }
    engine = try Engine.at(call.engine)
    cell = try KernelCell(call.cell)
    plan = try Handle.object(call.plan, Plan.self, "plan")
    _ = try product(plan.steps, plan.rows, max(cell.input, cell.rowCount))
    for (name, rate) in [
      ("zoneout_hidden", call.zoneout_hidden), ("zoneout_cell", call.zoneout_cell),
    ] where !(rate >= 0 && rate < 1) {
      throw CallError.argument("\(name) is \(rate), expected at least 0 and below 1")
    }
    guard cell.hasCellState || call.zoneout_cell == 0 && call.keep_cell == nil else {
      throw CallError.argument("only REC_LSTM has a cell state for zoneout")
    }
    guard isPlain || cell.precision == RK_FLOAT32 else {
      throw CallError.argument("a cell with zoneout or a mask computes in REC_FLOAT32")
    }
    if let saved = call.saved {
      guard UInt(bitPattern: saved) % 64 == 0 else {
        throw CallError.argument("saved does not stand at a multiple of 64")
      }
      guard cell.precision != RK_INT8 else { throw CallError.argument("REC_INT8 is for inference") }
    }
  }

  /// Whether steps leave old state or see a part of it.
  var isNoisy: Bool {
    call.zoneout_hidden != 0 || call.zoneout_cell != 0 || call.keep_hidden != nil || call.keep_cell != nil
      || call.recurrent_mask != nil
  }

  /// Whether the kernels need no options.
  var isPlain: Bool { cell.isPlain && !isNoisy }

  /// Members of a team; a small sequence is done sooner by one thread.
  var members: Int {
    let operations = plan.plan.slotCount * cell.rowCount * (cell.input + cell.stateSize)
    return operations < 100_000 ? 1 : engine.backend.pool.teamSize
  }

  /// Uninitialised numbers.
  func memory(_ count: Int) -> TensorStorage {
    TensorStorage(backend: engine.backend, bytes: max(4, count * 4))
  }

  /// Scratch memory for a team.
  func scratch(_ bytes: (Int32) -> Int) -> TensorStorage {
    TensorStorage(backend: engine.backend, bytes: max(64, bytes(1), bytes(Int32(members))))
  }

  /// Calls `body` with the kernels' form of the plan and of the options; nil for the plain cell.
  func withWalk<R>(_ body: (rk_walk, UnsafePointer<rk_options>?) -> R) -> R {
    var options = cell.options
    options.zoneout_hidden = rk_zoneout(keep: call.keep_hidden, rate: call.zoneout_hidden)
    options.zoneout_cell = rk_zoneout(keep: call.keep_cell, rate: call.zoneout_cell)
    let masks = call.recurrent_mask.map { mask in
      let memory = memory(plan.plan.segmentCount * cell.stateSize)
      plan.spread(mask, cell.stateSize, to: memory.floats)
      return memory
    }
    options.recurrent_mask = masks.map { UnsafePointer($0.floats) }
    return withExtendedLifetime(masks) {
      plan.withWalk { walk in withUnsafePointer(to: options) { body(walk, isPlain ? nil : $0) } }
    }
  }

  /// Calls `body` with the state before each segment.
  func withFirstStates<R>(_ body: (UnsafePointer<Float>, UnsafePointer<Float>?) -> R) -> R {
    func segments(_ rows: UnsafePointer<Float>?, _ width: Int) -> TensorStorage? {
      if rows != nil, plan.plan.isIdentity { return nil }
      let memory = memory(plan.plan.segmentCount * width)
      plan.gather(rows, width, to: memory.floats)
      return memory
    }
    let hidden = segments(call.h0, cell.stateSize)
    let cells = cell.hasCellState ? segments(call.c0, cell.hidden) : nil
    return withExtendedLifetime((hidden, cells)) {
      guard let first = hidden.map({ UnsafePointer($0.floats) }) ?? call.h0 else {
        fatalError("the state before the first step is either given or made")
      }
      let firstCell = cells.map { UnsafePointer($0.floats) } ?? (cell.hasCellState ? call.c0 : nil)
      return body(first, firstCell)
    }
  }
}

extension TensorStorage {
  /// The memory as numbers.
  var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
}
