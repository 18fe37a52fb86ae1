import CRecurrentKernels

extension CPUBackend {
  /// One pass over a parameter, its gradient and its statistics.
  public func optimize(
    _ step: OptimizerStep, parameter: inout Tensor, gradient: Tensor, statistics: inout [Tensor]
  ) {
    var updates = [ParameterUpdate(parameter: parameter, gradient: gradient, statistics: statistics)]
    // the list holds the only references: everything changes in place
    parameter = .zero(shape: parameter.shape, backend: self)
    statistics = []
    optimize(step, &updates)
    parameter = updates[0].parameter
    statistics = updates[0].statistics
  }

  /// One pass over many parameters, their gradients and their statistics, shared among the threads as one long array.
  public func optimize(_ step: OptimizerStep, _ updates: inout [ParameterUpdate]) {
    var runs: [OptimizerRun] = []
    var arguments: [rk_optimizer_args] = []
    for index in updates.indices {
      updates[index].makeUnique()
      append(updates[index], index, step, to: &runs)
      arguments.append(
        rk_optimizer_args(step, parameter: updates[index].parameter, statistics: updates[index].statistics))
    }
    let total = runs.reduce(0) { $0 + $1.count }
    nonisolated(unsafe) let work = runs
    nonisolated(unsafe) let common = arguments
    pool.run(members: total < 2 * CPUBackend.grain ? 1 : pool.teamSize) { team in
      let begin = total * Int(team.index) / Int(team.count)
      let end = total * Int(team.index + 1) / Int(team.count)
      var start = 0
      for run in work where start < end {
        // cut at whole vectors of the run, by the same rule on both sides of the cut
        let first = min(run.count, max(0, begin - start) / 16 * 16)
        let last = end >= start + run.count ? run.count : (end - start) / 16 * 16
        start += run.count
        guard first < last, start > begin else { continue }
        var part = run.arguments(first..<last, of: common[run.parameter])
        kernels.pointee.optimize(&part)
      }
    }
  }

  /// Appends the runs of parameter number `index`.
  private func append(
    _ update: ParameterUpdate, _ index: Int, _ step: OptimizerStep, to runs: inout [OptimizerRun]
  ) {
    let (parameter, gradient) = (update.parameter, update.gradient)
    trapUnless(
      gradient.count == parameter.count,
      "optimize: expected a gradient of shape \(parameter.shape), received \(gradient.shape)")
    guard let rows = gradient.sparseRows else {
      runs.append(
        OptimizerRun(parameter: index, start: 0, count: parameter.count, gradient: gradient.floats))
      return
    }
    let (width, values) = (rows.width, rows.values.floats)
    let changesAll = !step.leavesZeroGradientsAlone
    runs.reserveCapacity(runs.count + (changesAll ? 2 : 1) * rows.ids.count + 1)
    var position = 0
    func skip(to row: Int) {
      if changesAll, position < row {
        runs.append(
          OptimizerRun(
            parameter: index, start: position * width, count: (row - position) * width, gradient: nil))
      }
      position = row
    }
    for (place, id) in rows.ids.values.enumerated() {
      skip(to: Int(id))
      runs.append(
        OptimizerRun(
          parameter: index, start: position * width, count: width, gradient: values + place * width))
      position += 1
    }
    skip(to: rows.rowCount)
  }
}

/// A part of a parameter that is one run in memory, as is its gradient. There may be one for each row of a table: it is small.
private struct OptimizerRun {
  /// The number of the parameter.
  let parameter: Int
  let start: Int
  let count: Int
  /// Of the first element; nil for zero everywhere.
  let gradient: UnsafeMutablePointer<Float>?

  /// A part of the run as the kernel's arguments, from those of the whole parameter.
  func arguments(_ range: Range<Int>, of whole: rk_optimizer_args) -> rk_optimizer_args {
    var part = whole
    let offset = start + range.lowerBound
    part.count = Int64(range.count)
    part.parameter += offset
    part.gradient = gradient.map { UnsafePointer($0 + range.lowerBound) }
    part.first = whole.first.map { $0 + offset }
    part.second = whole.second.map { $0 + offset }
    part.third = whole.third.map { $0 + offset }
    return part
  }
}

extension ParameterUpdate {
  fileprivate mutating func makeUnique() {
    parameter.makeUnique()
    for index in statistics.indices { statistics[index].makeUnique() }
  }
}

extension OptimizerStep {
  /// Whether the step does nothing to an element without a gradient, its statistics included.
  fileprivate var leavesZeroGradientsAlone: Bool {
    guard weightDecay == 0, gradientScale.isFinite else { return false }
    switch rule {
    case .sgd(let momentum, _, _): return momentum == 0 && learningRate.isFinite
    case .adagrad(let epsilon): return epsilon > 0 && learningRate.isFinite
    case .anchored: return true
    case .adam, .rmsprop, .asgd, .average: return false
    }
  }
}

extension rk_optimizer_args {
  fileprivate init(_ step: OptimizerStep, parameter: Tensor, statistics: [Tensor]) {
    self.init()
    self.parameter = parameter.floats
    gradient_scale = step.gradientScale
    learning_rate = step.learningRate
    weight_decay = step.weightDecay
    decoupled_decay = step.parameterScale
    first_step = step.step == 1
    var pointers = statistics.map(\.floats)
    func next() -> UnsafeMutablePointer<Float> { pointers.removeFirst() }
    switch step.rule {
    case .sgd(let momentum, let dampening, let isNesterov):
      kind = RK_SGD
      self.momentum = momentum
      self.dampening = dampening
      nesterov = isNesterov
      if momentum != 0 { first = next() }
    case .adam(let beta1, let beta2, let epsilon, let isAMSGrad):
      kind = RK_ADAM
      (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
      correction1 = 1 - power(beta1, step.step)
      correction2 = (1 - power(beta2, step.step)).squareRoot()
      amsgrad = isAMSGrad
      first = next()
      second = next()
      if isAMSGrad { third = next() }
    case .rmsprop(let smoothing, let epsilon, let momentum, let isCentered):
      kind = RK_RMSPROP
      (beta2, self.epsilon, self.momentum) = (smoothing, epsilon, momentum)
      centered = isCentered
      second = next()
      if momentum != 0 { first = next() }
      if isCentered { third = next() }
    case .adagrad(let epsilon):
      kind = RK_ADAGRAD
      self.epsilon = epsilon
      second = next()
    case .asgd(let averageWeight):
      kind = RK_ASGD
      mu = averageWeight
      third = next()
    case .anchored(let pull):
      kind = RK_ANCHORED
      mu = pull
      third = next()
    case .average:
      kind = RK_AVERAGE
    }
  }
}

/// base to a whole power, by squaring: the same bits on every platform.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, factor, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= factor }
    factor *= factor
    rest >>= 1
  }
  return result
}
