/// The training of control on windows of episodes.
///
/// Windows of a system begin anywhere, other places in every epoch, each with its own warm-up. Those of a driver follow each other from
/// the beginning of an episode; the state that each begins with is carried there from the beginning by the networks as they are when the
/// epoch begins, so that a driver never meets a state of zeros but at the beginning.
public struct ControlProblem: ShardedProblem {
  /// The states that the windows of an epoch begin with.
  public struct Carry: RecurrentState {
    /// Of each network the parts of its state, `[N, H]` over all N windows; empty where all begin with zeros.
    public var tensors: [Tensor]

    /// States.
    public init(tensors: [Tensor] = []) { self.tensors = tensors }
  }

  /// A window by its episode and steps.
  private typealias Place = (episode: Int, steps: Range<Int>)

  private let task: ControlTask
  private let training: [ControlTask.Example]
  private let validation: [ControlTask.Example]
  private let batchSize: Int
  private let seed: UInt64
  /// Steps of a window.
  private let length: Int
  /// Windows of a driver; empty of a system, whose windows are others in every epoch.
  private let grid: [Place]
  /// Windows of an epoch of a system.
  private let drawCount: Int
  /// The windows of a driver in the order of an epoch.
  private let order = EpochCache<[Int]>()

  /// The training of a plan.
  ///
  /// - Throws: ``DataError`` without examples, or what reading them throws.
  init(_ task: ControlTask, _ plan: TrainingPlan<ControlTask>) throws {
    self.task = task
    (training, validation) = (try plan.training.all(), try plan.validation.all())
    (batchSize, seed) = (plan.settings.batchSize, plan.settings.training.seed)
    guard training.contains(where: { $0.stepCount > 0 }) else {
      throw DataError.invalidSetting(
        name: "the training part", expected: "an episode with a step or more", found: "none")
    }
    length = task.firstStep + task.windowLength
    drawCount = task.windowCount(training.map(\.stepCount), batchSize)
    let span = length
    grid =
      task.kind == .simulation
      ? []
      : training.enumerated().flatMap { episode, example in
        stride(from: 0, to: example.stepCount, by: span).map {
          (episode, $0..<min($0 + span, example.stepCount))
        }
      }
  }

  private var windowCount: Int { task.kind == .simulation ? drawCount : grid.count }

  /// How many batches an epoch has.
  public func stepCount(epoch: Int) -> Int { (windowCount + batchSize - 1) / batchSize }

  /// The windows of a step, and of a driver their numbers.
  private func windows(_ position: StepPosition) -> [(number: Int, window: ControlWindow)] {
    let key = RandomKey(seed: seed).child(4).child(position.epoch)
    let own = position.step * batchSize..<min((position.step + 1) * batchSize, windowCount)
    guard task.kind == .simulation else {
      let order = order.value(position.epoch) {
        let draws = key.uniforms(grid.count)
        return grid.indices.sorted { (draws[$0], $0) < (draws[$1], $1) }
      }
      return own.map { place in
        let (episode, steps) = grid[order[place]]
        return (order[place], ControlWindow(example: training[episode], steps: steps))
      }
    }
    // each place where a window may begin is as likely as any other
    let counts = training.map { max(1, $0.stepCount - length + 1) }
    let total = counts.reduce(0, +)
    return own.map { number in
      let high = Double(key.uniform(at: 2 * number))
      let low = Double(key.uniform(at: 2 * number + 1)) * 0x1p-24
      var place = min(Int((high + low) * Double(total)), total - 1)
      var episode = 0
      while place >= counts[episode] {
        place -= counts[episode]
        episode += 1
      }
      let end = min(place + length, training[episode].stepCount)
      return (number, ControlWindow(example: training[episode], steps: place..<end))
    }
  }

  // MARK: States

  /// The states that the windows of a driver begin with, by the networks as they are.
  public func initialCarry(_ model: ControlModel) -> Carry {
    guard grid.contains(where: { $0.steps.lowerBound > 0 }) else { return Carry() }
    let model = model.mappingParameters { $1.detached }.packed()
    let places = Dictionary(
      uniqueKeysWithValues: grid.enumerated().map { ([$1.episode, $1.steps.lowerBound / length], $0) })
    return Carry(
      tensors: model.members.flatMap { member in
        // the states behind all windows in the order in which they were read, each a row
        var rows = [member.recurrent.initialState(batch: 1)]
        var sources = [Int](repeating: 0, count: grid.count)
        var count = 1
        for group in stride(from: 0, to: training.count, by: 256) {
          var left = Array(group..<min(group + 256, training.count))
          var state = member.recurrent.initialState(batch: left.count)
          var part = 0
          while true {
            // those that have another window behind this one
            let going = left.indices.filter { training[left[$0]].stepCount > (part + 1) * length }
            if going.isEmpty { break }
            left = going.map { left[$0] }
            state = ControlNetwork.State(cells: state.cells.map { $0.rows(going) })
            let windows = left.map {
              ControlWindow(example: training[$0], steps: part * length..<(part + 1) * length)
            }
            state = member(task.batch(windows).inputs, state: state).state
            part += 1
            for (row, episode) in left.enumerated() {
              if let place = places[[episode, part]] { sources[place] = count + row }
            }
            count += left.count
            rows.append(state)
          }
        }
        let parts = rows[0].tensors.indices.map { part in
          concatenate(rows.map { $0.tensors[part] }, axis: 0)
        }
        return parts.map { $0.rows(sources) }
      })
  }

  /// The states of some windows.
  private func states(_ model: ControlModel, _ carry: Carry, _ numbers: [Int]) -> [ControlNetwork.State]? {
    guard !carry.tensors.isEmpty else { return nil }
    var rest = carry.tensors[...]
    return model.members.map { member in
      let template = member.recurrent.initialState(batch: 1)
      let own = rest.prefix(template.tensors.count).map { $0.rows(numbers) }
      rest = rest.dropFirst(own.count)
      return template.replacing(own)
    }
  }

  // MARK: Losses

  /// The mean loss of a batch of windows.
  public func loss(
    _ model: ControlModel, at position: StepPosition, carry: Carry, mode: Mode
  ) throws -> StepLoss<Carry> {
    loss(model, windows(position), carry: carry, mode: mode)
  }

  private func loss(
    _ model: ControlModel, _ own: [(number: Int, window: ControlWindow)], carry: Carry, mode: Mode
  ) -> StepLoss<Carry> {
    let (mean, weight) = task.loss(
      model, own.map(\.window), states: states(model, carry, own.map(\.number)), mode: mode)
    return StepLoss(loss: mean, carry: carry, unitCount: own.count, weight: weight)
  }

  /// The gradient of the mean loss over the windows of a shard.
  public func gradient(
    _ model: ControlModel, at position: StepPosition, carry: Carry, mode: Mode, of shard: Shard
  ) -> StepGradient<ControlModel, Carry>? {
    let all = windows(position)
    let own = Array(all[shard.rows(of: all.count)])
    guard !own.isEmpty else { return nil }
    let (_, step, gradient) = valueAndGradient(of: model) { model in
      var step = loss(model, own, carry: carry, mode: mode)
      let value = step.loss
      step.loss = value.detached
      return (value, step)
    }
    return StepGradient(step: step, gradient: gradient)
  }

  /// The states of all windows of the epoch, whichever rows a step takes.
  public func rows(of carry: Carry, in shard: Shard) -> Carry { carry }

  /// These states, which no step changes.
  public func joined(_ parts: [Carry]) -> Carry { parts.first ?? Carry() }

  /// The mean loss of the validation examples over all networks.
  public func validate(_ model: ControlModel) throws -> Validation? {
    guard !validation.isEmpty else { return nil }
    return Validation(loss: task.loss(model.packed().members, validation))
  }
}
