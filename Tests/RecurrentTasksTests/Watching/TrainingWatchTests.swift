import RecurrentTestSupport
import Testing

@testable import RecurrentTasks
@testable import RecurrentTraining

/// When a training is looked at, what is counted, and what is said of it.
@Suite struct TrainingWatchTests {
  private static func step(
    _ number: Int, loss: Double, smoothed: Double, norm: Double = 1
  ) -> StepReport {
    StepReport(
      position: StepPosition(epoch: 0, step: number - 1), stepsInEpoch: 1000, stepCount: number,
      totalSteps: 1000, loss: loss, smoothedLoss: smoothed, gradientNorm: norm, learningRate: 0.1,
      unitCount: 1, unitsPerSecond: 1)
  }

  /// Clipping is worth a word where most steps are clipped, with the numbers and the flag.
  @Test func clipping() throws {
    var course = TrainingCourse(clipNorm: 2, judgesLoss: true)
    for number in 1...100 {
      course.add(Self.step(number, loss: 1, smoothed: 1, norm: number % 4 == 0 ? 1 : 6))
    }
    let advice = try #require(course.advice.first)
    #expect(course.advice.count == 1 && advice.kind == .clipping && advice.value == 0.75)
    #expect(advice.line(areFlags: true).contains("75 % of the steps"))
    #expect(advice.line(areFlags: true).contains("try --clip-norm 12 or --learning-rate lower"))
    #expect(advice.line(areFlags: false).contains("`clip-norm` 12"))
    #expect(advice.only(["learning-rate"]).remedies.map(\.setting) == ["learning-rate"])
    #expect(course.takeClippedShare() == 0.75 && course.takeClippedShare() == 0)
    var free = TrainingCourse(clipNorm: nil, judgesLoss: true)
    for number in 1...100 { free.add(Self.step(number, loss: 1, smoothed: 1, norm: 6)) }
    #expect(free.advice.isEmpty && free.takeClippedShare() == nil)
  }

  /// A loss that rises again, or never falls, is that of too high a learning rate; one that wavers is not.
  @Test func learningRate() {
    func advice(_ smoothed: (Int) -> Double, judgesLoss: Bool = true) -> [Advice.Kind] {
      var course = TrainingCourse(clipNorm: nil, judgesLoss: judgesLoss)
      for number in 1...200 {
        course.add(Self.step(number, loss: smoothed(number), smoothed: smoothed(number)))
      }
      return course.advice.map(\.kind)
    }
    #expect(advice { 4 - Double($0) * 0.01 }.isEmpty)
    #expect(advice { 2 + 0.05 * Double($0 % 2) }.isEmpty)
    #expect(advice { $0 < 120 ? 4 - Double($0) * 0.02 : 3.4 } == [.learningRate])
    #expect(advice { 2 + Double($0) * 0.05 } == [.learningRate])
    #expect(advice { -4 + ($0 < 100 ? 0 : 3) } == [.learningRate])
    #expect(advice({ 2 + Double($0) * 0.05 }, judgesLoss: false).isEmpty)
    #expect(advice { $0 > 150 ? .nan : 1 } == [.learningRate])
  }

  /// By default looking takes a fiftieth of the time, whatever a look costs; the first step and the last are looked at.
  @Test func interval() throws {
    // each time that the clock is read while a look is taken, half a look goes by
    var (now, isLooking) = (0.0, false)
    let watch = TrainingWatch(TrainerSettings(epochs: 1)) {
      if isLooking { now += 2 }
      return now
    }
    let layer = Linear(inputSize: 1, outputSize: 1, key: RandomKey(seed: 1))
    var looks: [Int] = []
    for number in 0..<5000 {
      let position = StepPosition(epoch: 0, step: number)
      let isWanted = watch.wantsStep(at: position, of: 5000)
      #expect(watch.wantsStep(at: position, of: 5000) == isWanted)
      now += 1
      var step = Self.step(number + 1, loss: 1, smoothed: 1)
      step.position = position
      watch.count(step)
      guard isWanted else { continue }
      looks.append(number)
      isLooking = true
      try watch.see(step, model: layer, gradient: layer)
      isLooking = false
    }
    #expect(looks.first == 0 && looks.last == 4999)
    // of 5000 seconds a hundred
    #expect((40...52).contains(looks.count), "\(looks.count)")
    let every = TrainingWatch(TrainerSettings(epochs: 1), interval: .init(steps: 40)) { 0 }
    let own = (0..<100).filter { every.wantsStep(at: StepPosition(epoch: 0, step: $0), of: 100) }
    #expect(own == [0, 40, 80, 99])
  }

  @Test func layerNames() {
    for (parameter, layer) in [
      ("embedding.weight", "embedding"), ("recurrent.weight_ih_l0", "recurrent l0"),
      ("recurrent.bias_hh_l1_reverse", "recurrent l1_reverse"), ("weight_hh_l2", "l2"), ("bias", "bias"),
      ("head.layers.0.weight", "head.layers.0"), ("a.initial_0_l0", "a l0"), ("a.b_log", "a"),
    ] { #expect(WatchReport.layer(of: parameter) == layer) }
  }

  /// A network whose error is lost on the way is told so with the lag, the gate and the setting; one that keeps it is not.
  @Test func vanishing() throws {
    func health(
      _ cell: String, _ byLag: [Double], isLossAtEnd: Bool = true, gates: [CellHealth.Gate] = []
    ) -> CellHealth {
      CellHealth(
        reading: 0, layer: 0, isReverse: false, cell: cell, size: 8, stepCount: byLag.count,
        isLossAtEnd: isLossAtEnd, reach: GradientReach(byLag: byLag), hidden: [], saturated: 0.1,
        deadCount: 0, gates: gates)
    }
    let halves = (0..<40).map { 1 / Double(1 << $0) }
    let elman = try #require(Advice.all(of: [health("Elman", halves)]).first)
    #expect(elman.kind == .vanishing && elman.value == 7)
    #expect(
      elman.line(areFlags: true).contains("after 7 steps less than 1 % is left")
        && elman.line(areFlags: true).hasSuffix("try --cell lstm or gru"))
    let gate = CellHealth.Gate(name: "forget", mean: 0.52, closed: 0, open: 0)
    let lstm = try #require(Advice.all(of: [health("LSTM", halves, gates: [gate])]).first)
    #expect(lstm.kind == .forgetBias && lstm.line(areFlags: true).contains("forget gate is at 0.52"))
    #expect(lstm.remedies == [Advice.Remedy(setting: "forget-bias", value: "3.7")])
    // where errors come in at each step, a memory of a quarter of the sequence will do
    #expect(Advice.all(of: [health("Elman", halves, isLossAtEnd: false)]).count == 1)
    let slow = (0..<40).map { 1 / (1 + 10 * Double($0)) }
    #expect(Advice.all(of: [health("Elman", slow, isLossAtEnd: false)]).isEmpty)
    #expect(Advice.all(of: [health("Elman", [Double](repeating: 1, count: 40))]).isEmpty)
    // one cell of several that lets it through is enough
    #expect(Advice.all(of: [health("Elman", halves), health("GRU", slow)]).allSatisfy { $0.value > 7 })
    let doubles = (0..<40).map { Double(1 << $0) }
    let exploding = try #require(Advice.all(of: [health("Elman", doubles)]).first)
    #expect(exploding.kind == .exploding && exploding.value == 7)
    var stuck = health("Elman", [Double](repeating: 1, count: 40))
    (stuck.saturated, stuck.deadCount) = (0.8, 3)
    #expect(Advice.all(of: [stuck]).map(\.kind) == [.dead, .saturated])
  }
}
