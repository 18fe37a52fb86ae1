import CRecurrent
import RecurrentTestSupport

/// A call of the kernels through the header, with memory of its own.
final class HeaderCall {
  private(set) var y: [Float] = []
  private(set) var ends: [[Float]] = []
  private(set) var dx: [Float] = []
  private(set) var startGradients: [[Float]] = []
  private(set) var gradients: [String: [Float]] = [:]

  private let kernel: KernelCase
  private let order: PlanCase
  private let plan: OpaquePointer
  private var memory: [UnsafeMutablePointer<Float>] = []
  private var saved: UnsafeMutableRawPointer?
  private var packed: OpaquePointer?
  private let cell: UnsafeMutablePointer<rec_cell>
  private let weights: UnsafeMutablePointer<rec_weights>
  private var call = rec_forward_call()

  init(_ kernel: KernelCase, _ order: PlanCase) throws {
    (self.kernel, self.order) = (kernel, order)
    let lengths = order.lengths?.map { Int64($0) }
    let resets = order.resets?.map { $0 ? UInt8(1) : 0 }
    plan = try made { error in
      rec_plan_new(
        Int64(PlanCase.steps), Int64(PlanCase.rows), lengths, resets, order.isBackward ? 1 : 0,
        Int64(order.strides.step), Int64(order.strides.row), error)
    }
    cell = .allocate(capacity: 1)
    cell.initialize(to: kernel.headerCell)
    weights = .allocate(capacity: 1)
    weights.initialize(to: rec_weights())
    weights.pointee = members { $0 }
  }

  deinit {
    rec_plan_free(plan)
    rec_packed_free(packed)
    for block in memory { block.deallocate() }
    cell.deallocate()
    weights.deallocate()
    saved?.deallocate()
  }

  private func block(_ numbers: [Float]) -> UnsafeMutablePointer<Float> {
    let block = UnsafeMutablePointer<Float>.allocate(capacity: max(1, numbers.count))
    block.initialize(from: numbers, count: numbers.count)
    memory.append(block)
    return block
  }

  private func numbers(_ block: UnsafeMutablePointer<Float>?, _ count: Int) -> [Float] {
    [Float](UnsafeBufferPointer(start: block, count: count))
  }

  /// The parameters of the cell by the header's names, each in memory with what `fill` makes of it.
  private func members(_ fill: ([Float]) -> [Float]) -> rec_weights {
    var result = rec_weights()
    for parameter in kernel.cell.parameters {
      let place = block(fill(parameter.value.scalars))
      switch parameter.name {
      case "weight_ih": result.weight_ih = place
      case "weight_hh": result.weight_hh = place
      case "bias_ih": result.bias_ih = place
      case "bias_hh": result.bias_hh = place
      case "weight_hr": result.weight_hr = place
      case "weight_peephole": result.peephole = place
      case "norm_ih": result.norm_ih = place
      case "norm_hh": result.norm_hh = place
      case "norm_cell": result.norm_cell = place
      default: result.norm_cell_bias = place
      }
    }
    return result
  }

  func forward(_ x: Tensor, _ start: [Tensor], packs: Bool = false, packed other: HeaderCall? = nil) throws {
    let (cell, weights) = (cell, weights)
    if packs, packed == nil { packed = try checked { rec_pack(nil, cell, weights, $0) } }
    call.size = MemoryLayout<rec_forward_call>.size
    call.cell = UnsafePointer(cell)
    call.plan = plan
    call.weights = packs ? nil : UnsafePointer(weights)
    call.packed = other?.packed ?? packed
    call.x = UnsafePointer(block(order.inMemory(x)))
    call.h0 = UnsafePointer(block(start[0].scalars))
    call.c0 = start.count > 1 ? UnsafePointer(block(start[1].scalars)) : nil
    let size = PlanCase.steps * PlanCase.rows * kernel.cell.outputSize
    call.y = block(Array(repeating: .nan, count: size))
    call.hn = block(Array(repeating: .nan, count: start[0].count))
    call.cn = start.count > 1 ? block(Array(repeating: .nan, count: start[1].count)) : nil
    (call.zoneout_hidden, call.zoneout_cell) = kernel.zoneout
    if !packs, saved == nil {
      saved = .allocate(byteCount: try savedBytes(), alignment: 64)
      call.saved = saved
    }
    _ = try checked { rec_forward(&call, $0) }
    y = numbers(call.y, size)
    ends = zip([call.hn, call.cn], start).map { numbers($0, $1.count) }
  }

  /// Bytes that the call saves, with factors on the state or without.
  func savedBytes(isMasked: Bool = false) throws -> Int {
    var probe = call
    if isMasked {
      probe.recurrent_mask = UnsafePointer(
        block(Array(repeating: 1, count: PlanCase.rows * kernel.cell.outputSize)))
    }
    return Int(try checked { rec_saved_bytes(&probe, $0) })
  }

  func backward(_ upstream: Tensor, _ ends: [Tensor]) throws {
    let own = members { $0.map { _ in .nan } }
    let xSize = PlanCase.steps * PlanCase.rows * KernelCase.input
    var backward = rec_backward_call()
    backward.size = MemoryLayout<rec_backward_call>.size
    backward.dy = UnsafePointer(block(order.inMemory(upstream)))
    backward.dhn = UnsafePointer(block(ends[0].scalars))
    backward.dcn = ends.count > 1 ? UnsafePointer(block(ends[1].scalars)) : nil
    backward.dx = block(Array(repeating: .nan, count: xSize))
    backward.dh0 = block(Array(repeating: .nan, count: ends[0].count))
    backward.dc0 = ends.count > 1 ? block(Array(repeating: .nan, count: ends[1].count)) : nil
    try withUnsafePointer(to: call) { call in
      try withUnsafePointer(to: own) { own in
        (backward.forward, backward.gradients) = (call, own)
        _ = try checked { rec_backward(&backward, $0) }
      }
    }
    dx = numbers(backward.dx, xSize)
    startGradients = zip([backward.dh0, backward.dc0], ends).map { numbers($0, $1.count) }
    let places = [
      "weight_ih": own.weight_ih, "weight_hh": own.weight_hh, "bias_ih": own.bias_ih, "bias_hh": own.bias_hh,
      "weight_hr": own.weight_hr, "weight_peephole": own.peephole, "norm_ih": own.norm_ih,
      "norm_hh": own.norm_hh, "norm_cell": own.norm_cell, "norm_cell_bias": own.norm_cell_bias,
    ]
    for parameter in kernel.cell.parameters {
      gradients[parameter.name] = numbers(places[parameter.name] ?? nil, parameter.value.count)
    }
  }
}
