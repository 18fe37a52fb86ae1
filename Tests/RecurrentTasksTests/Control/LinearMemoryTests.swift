import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// The linear baselines, on systems whose coefficients are known.
@Suite struct LinearMemoryTests {
  private static let scaler = ChannelScaler(method: .none, channels: 1) { _ in }

  /// y_t = 1.5 y_{t-1} - 0.7 y_{t-2} + 0.5 u_{t-1} + 0.2.
  private static func steps(_ count: Int, seed: UInt64) -> LinearMemory.Steps {
    let inputs = RandomKey(seed: seed).uniforms(count).map { $0 - 0.5 }
    var outputs = [0.3, -0.2]
    for step in 2..<count {
      outputs.append(1.5 * outputs[step - 1] - 0.7 * outputs[step - 2] + 0.5 * Double(inputs[step - 1]) + 0.2)
    }
    return LinearMemory.Steps(inputs: inputs, outputs: outputs, first: 0, count: count)
  }

  @Test func coefficientsAreFound() {
    var validation = Self.steps(120, seed: 2)
    validation.first = 10
    let model = LinearMemory(
      [Self.steps(400, seed: 1)], validation: [validation], readsOutputs: true, scaler: Self.scaler,
      outputSize: 1)
    #expect(model.order >= 2 && model.order <= 32)
    let free = model.outputs(of: validation, from: 10, isFree: true)
    let oneStep = model.outputs(of: validation, from: 10, isFree: false)
    #expect(free.count == 110 && oneStep.count == 110)
    for (place, value) in free.enumerated() {
      #expect(abs(value - validation.outputs[10 + place]) < 1e-4)
      #expect(abs(oneStep[place] - validation.outputs[10 + place]) < 1e-6)
    }
  }

  /// A system that a line cannot follow is another thing one step ahead than in a free run.
  @Test func freeRunsUseTheirOwnOutputs() {
    var model = LinearMemory(inputSize: 1, outputSize: 1)
    (model.order, model.readsOutputs, model.weights) = (1, true, [0.5, 1, 0, 0])
    let steps = LinearMemory.Steps(inputs: [1, 1, 1], outputs: [4, 100, 100], first: 1, count: 3)
    #expect(model.outputs(of: steps, from: 1, isFree: true) == [3, 2.5])
    #expect(model.outputs(of: steps, from: 1, isFree: false) == [3, 51])
  }

  /// One that grows without end stays a number, and constant inputs do not stop it.
  @Test func hardCasesStayFinite() {
    var model = LinearMemory(inputSize: 1, outputSize: 1)
    (model.order, model.readsOutputs, model.weights) = (1, true, [10, 0, 0, 0])
    let steps = LinearMemory.Steps(
      inputs: [Float](repeating: 1, count: 400), outputs: [Double](repeating: 1, count: 400), first: 1,
      count: 400)
    #expect(model.outputs(of: steps, from: 1, isFree: true).allSatisfy { $0.isFinite })
    let fitted = LinearMemory([steps], validation: [], readsOutputs: true, scaler: Self.scaler, outputSize: 1)
    #expect(fitted.outputs(of: steps, from: 1, isFree: true).allSatisfy { abs($0 - 1) < 1e-3 })
  }
}
