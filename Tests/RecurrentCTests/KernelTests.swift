import CRecurrent
import RecurrentTestSupport
import Testing

/// The kernels behind the header give the bits of the library's layers, forward and backward.
@Suite struct KernelTests {
  @Test(arguments: KernelCase.all, PlanCase.all)
  func givesTheBitsOfTheLayer(_ kernel: KernelCase, _ order: PlanCase) throws {
    let (steps, rows) = (PlanCase.steps, PlanCase.rows)
    let layer = RecurrentLayer(inputSize: KernelCase.input, isBidirectional: true, key: RandomKey(seed: 0)) {
      _, _ in kernel.cell
    }
    let key = RandomKey(seed: 11)
    let cell = kernel.cell
    let width = cell.outputSize
    let x = Tensor(uniformIn: -1...1, shape: [steps, rows, KernelCase.input], key: key.child(0))
    let start = cell.initialState(batch: rows).tensors.enumerated().map { part, zero in
      Tensor(uniformIn: -1...1, shape: zero.shape, key: key.child(1 + part))
    }
    let upstream = Tensor(uniformIn: -1...1, shape: [steps, rows, width], key: key.child(5))
    let upstreamEnds = start.enumerated().map { part, state in
      Tensor(uniformIn: -1...1, shape: state.shape, key: key.child(6 + part))
    }
    // the direction that is not looked at reads with the same weights and is left out of the loss
    let direction = order.isBackward ? 1 : 0
    let batch = SequenceBatch(x, lengths: order.lengths, resets: order.resets)
    let probe = Probe(layer: layer, x: x, start: start)
    let (_, ends, gradient) = valueAndGradient(of: probe) { probe -> (Tensor, [Tensor]) in
      let other = cell.initialState(batch: rows)
      let own = AnyCell.State(tensors: probe.start)
      let state = RecurrentLayer<AnyCell>.State(cells: direction == 0 ? [own, other] : [other, own])
      let (outputs, end) = probe.layer(batch.replacing(probe.x), state: state)
      let output = outputs.sliced(axis: 2, direction * width..<(direction + 1) * width)
      var loss = (output * upstream).sum()
      for (part, weight) in zip(end.cells[direction].tensors, upstreamEnds) {
        loss = loss + (part * weight).sum()
      }
      return (loss, [output.detached] + end.cells[direction].tensors.map { $0.detached })
    }

    let call = try HeaderCall(kernel, order)
    try call.forward(x, start)
    #expect(call.y == order.inMemory(ends[0]))
    for (found, wanted) in zip(call.ends, ends.dropFirst()) { #expect(found == wanted.scalars) }

    try call.backward(upstream, upstreamEnds)
    #expect(call.dx == order.inMemory(gradient.x))
    for (found, wanted) in zip(call.startGradients, gradient.start) { #expect(found == wanted.scalars) }
    for entry in gradient.layer.cells[direction].parameters {
      #expect(call.gradients[entry.name] == entry.value.scalars, "\(entry.name)")
    }
  }

  /// Zoneout of the cell state and factors on the state keep more than the plain cell.
  @Test func savedBytesFollowTheNoise() throws {
    let x = Tensor(zeros: [PlanCase.steps, PlanCase.rows, KernelCase.input])
    func call(_ kernel: KernelCase) throws -> HeaderCall {
      let call = try HeaderCall(kernel, PlanCase.all[0])
      try call.forward(x, kernel.cell.initialState(batch: PlanCase.rows).tensors)
      return call
    }
    let everything = try call(KernelCase.all[2])
    let (plain, zoned) = (try call(KernelCase.all[0]), try call(KernelCase.all[3]))
    #expect(try zoned.savedBytes() > plain.savedBytes())
    #expect(try everything.savedBytes(isMasked: true) > everything.savedBytes())
  }

  @Test(arguments: [KernelCase.all[0], KernelCase.all[2], KernelCase.all[4]])
  func packedWeightsGiveTheSame(_ kernel: KernelCase) throws {
    let x = Tensor(
      uniformIn: -1...1, shape: [PlanCase.steps, PlanCase.rows, KernelCase.input], key: RandomKey(seed: 2))
    let start = kernel.cell.initialState(batch: PlanCase.rows).tensors
    let (first, second) = (try HeaderCall(kernel, PlanCase.all[2]), try HeaderCall(kernel, PlanCase.all[2]))
    try first.forward(x, start)
    try second.forward(x, start, packs: true)
    #expect(first.y == second.y && first.ends == second.ends)
    let other = try HeaderCall(KernelCase.all[6], PlanCase.all[2])
    #expect(throws: HeaderError.self) { try other.forward(x, start, packs: true, packed: second) }
  }
}

/// Everything that a loss is differentiated by.
private struct Probe: Module {
  var layer: RecurrentLayer<AnyCell>
  var x: Tensor
  var start: [Tensor]

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("layer", &layer)
    visitor.visit("x", &x)
    for part in start.indices { visitor.visit("start\(part)", &start[part]) }
  }
}
