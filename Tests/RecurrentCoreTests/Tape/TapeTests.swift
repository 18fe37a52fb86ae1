import RecurrentTestSupport
import Testing

@testable import RecurrentCore

@Suite struct TapeTests {
  /// A chain of operations as long as a long document needs neither recursion nor much time.
  @Test func longChain() {
    let point = ModelWithInputs(model: Nothing(), inputs: [Tensor(0.5)])
    let (value, gradient) = valueAndGradient(of: point) { point in
      var x = point.inputs[0]
      for _ in 0..<200_000 { x = -x }
      return x
    }
    #expect(value.scalar == 0.5)
    #expect(gradient.inputs[0].scalar == 1)
  }

  /// A tensor that outlives its tape is a plain value again, once detached.
  @Test func detached() {
    let point = ModelWithInputs(model: Nothing(), inputs: [Tensor([1, 2])])
    let (_, kept, _) = valueAndGradient(of: point) { (square($0.inputs[0]).sum(), $0.inputs[0]) }
    #expect((kept.detached + 1).scalars == [2, 3])
    // a detached part gets no gradient
    let (_, gradient) = valueAndGradient(of: point) { ($0.inputs[0] * $0.inputs[0].detached).sum() }
    #expect(gradient.inputs[0].scalars == [1, 2])
    let (_, none) = valueAndGradient(of: point) { _ in Tensor(3) }
    #expect(none.inputs[0].scalars == [0, 0])
  }

  /// The gradient of a gradient's tape is not disturbed by an independent one inside it.
  @Test func nestedTapes() {
    let point = ModelWithInputs(model: Nothing(), inputs: [Tensor(3)])
    let (_, gradient) = valueAndGradient(of: point) { outer in
      let (_, inner) = valueAndGradient(
        of: ModelWithInputs(model: Nothing(), inputs: [outer.inputs[0].detached])
      ) {
        square($0.inputs[0])
      }
      return outer.inputs[0] * inner.inputs[0]
    }
    #expect(gradient.inputs[0].scalar == 6)
  }

  /// Each gradient is told once, when it is whole: not before the first of the operations that use it is walked, however many others
  /// there are.
  @Test func wholeGradients() {
    let point = ModelWithInputs(
      model: Nothing(), inputs: [Tensor([1, 2]), Tensor([3, -1]), Tensor([5, 7]), Tensor([0.5, 2])])
    var told: [(index: Int, values: [Float]?)] = []
    let (_, _, gradient) = valueAndGradient(of: point, whole: { told.append(($0, $1?.scalars)) }) { point in
      let x = point.inputs
      // the first is used first and last, the third nowhere
      let y = square(x[0]) * x[1]
      return ((y * x[3] + x[0]).sum(), ())
    }
    #expect(told.map(\.index) == [2, 3, 1, 0])
    for (index, values) in told { #expect(values ?? [0, 0] == gradient.inputs[index].scalars) }
    #expect(gradient.inputs[0].scalars == [4, -7])
  }

  @Test func recordingOnAClosedTapeTraps() async {
    await #expect(processExitsWith: .failure) {
      let point = ModelWithInputs(model: Nothing(), inputs: [Tensor([1, 2])])
      let (_, kept, _) = valueAndGradient(of: point) { ($0.inputs[0].sum(), $0.inputs[0]) }
      _ = kept + 1
    }
  }

  @Test func mixingTapesTraps() async {
    await #expect(processExitsWith: .failure) {
      let point = ModelWithInputs(model: Nothing(), inputs: [Tensor(1)])
      _ = valueAndGradient(of: point) { outer in
        valueAndGradient(of: point) { $0.inputs[0] * outer.inputs[0] }.value
      }
    }
  }

  @Test func lossOfSeveralElementsTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = valueAndGradient(of: ModelWithInputs(model: Nothing(), inputs: [Tensor([1, 2])])) { $0.inputs[0] }
    }
  }
}
