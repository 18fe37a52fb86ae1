import Synchronization

/// The environments of a training, one for each row, as they stand now.
///
/// What they are is a function of a ``RolloutCarry``; where another one comes, after an interruption for example, the running
/// episodes are run again.
final class RolloutWorker: Sendable {
  /// A row.
  struct Row: Sendable {
    var environment: CheckedEnvironment
    /// The number of its episode, from 0.
    var episode: Int
    /// What was done in it.
    var actions: [Float]
    /// What is observed now.
    var observation: [Float]
    /// The sum of its rewards so far.
    var totalReward: Double
    /// Numbers of an action.
    let width: Int

    /// Steps of the running episode.
    var stepCount: Int { actions.count / width }
  }

  private let choice: EnvironmentChoice
  private let key: RandomKey
  private let rowCount: Int
  private let rows = Mutex<[Row]>([])

  /// Rows that are not there yet.
  ///
  /// - Parameters:
  ///   - choice: the environment.
  ///   - key: of the seeds.
  ///   - rowCount: B.
  init(_ choice: EnvironmentChoice, key: RandomKey, rowCount: Int) {
    (self.choice, self.key, self.rowCount) = (choice, key, rowCount)
  }

  /// Calls `body` with the rows as a carry says they stand.
  ///
  /// - Throws: ``EnvironmentError``, also where an environment does not repeat itself; and what `body` throws.
  func withRows<R: Sendable>(_ carry: RolloutCarry, _ body: (inout [Row]) throws -> R) throws -> R {
    try rows.withLock { rows in
      let (places, log) = (carry.places.scalars, carry.log.scalars)
      let isFirst = rows.isEmpty
      for row in 0..<rowCount {
        let (episode, steps) = (Int(places[2 * row]), Int(places[2 * row + 1]))
        if isFirst {
          let environment = try CheckedEnvironment(choice)
          rows.append(
            Row(
              environment: environment, episode: -1, actions: [], observation: [], totalReward: 0,
              width: environment.spaces.actions.size))
        }
        let (width, limit) = (rows[row].width, carry.log.shape[1])
        let start = row * limit * width
        let actions = Array(log[start..<start + steps * width])
        if rows[row].episode == episode, rows[row].actions == actions { continue }
        try begin(&rows[row], row, episode)
        for step in 0..<steps {
          let taken = try self.step(&rows[row], Array(actions[step * width..<(step + 1) * width]))
          guard !taken.hasEnded else {
            throw EnvironmentError.failed(
              environment: choice.name, episode: self.number(row, episode), step: step + 1,
              reason:
                "it does not repeat itself: with the same seed and the same actions the episode has ended here, "
                + "and the training cannot be gone on with")
          }
        }
      }
      return try body(&rows)
    }
  }

  /// Begins an episode of a row.
  func begin(_ own: inout Row, _ row: Int, _ episode: Int) throws(EnvironmentError) {
    let seed = key.child(row).child(episode).bits
    own.observation = try own.environment.reset(seed: seed, episode: number(row, episode))
    (own.episode, own.actions, own.totalReward) = (episode, [], 0)
  }

  /// Acts in a row.
  func step(_ own: inout Row, _ action: [Float]) throws(EnvironmentError) -> EnvironmentStep {
    let step = try own.environment.step(action)
    own.actions += action
    own.observation = step.observation
    own.totalReward += step.reward
    return step
  }

  /// The number of an episode over all rows, from 1, as if all were equally long.
  private func number(_ row: Int, _ episode: Int) -> Int { episode * rowCount + row + 1 }
}
