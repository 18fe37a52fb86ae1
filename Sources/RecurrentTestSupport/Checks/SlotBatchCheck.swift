import Recurrent

/// Checks that sessions that are read together have the bits that each has alone: random schedules, each session with its own number
/// of steps at a time, more sessions than rows, sessions that end and whose places others take.
///
/// - Parameters:
///   - beginning: the beginning of a sequence.
///   - schedules: how many random schedules.
///   - steps: the steps of the session with a number.
/// - Throws: ``CheckFailure`` where a bit differs, or the session has no slots.
public func checkSlotBatch<Session: TaskSession>(
  _ beginning: Session, schedules: Int = 20, _ steps: (Int) -> [Session.Step]
) throws {
  let key = RandomKey(seed: 7)
  for schedule in 0..<schedules {
    let (sessions, rows) = (7, [1, 3, 4, 8][schedule % 4])
    guard var batch = beginning.slots(count: rows) else {
      throw CheckFailure("the session has no slots")
    }
    var together = Array(repeating: beginning, count: sessions)
    var alone = together
    let inputs = (0..<sessions).map { steps(schedule * sessions + $0) }
    var places = [Int](repeating: 0, count: sessions)
    for round in 0..<12 {
      let draws = key.child(schedule).child(round).uniforms(sessions)
      var work: [SlotSteps<Session>] = []
      for slot in 0..<sessions {
        let count = min(Int(draws[slot] * 8) - 2, inputs[slot].count - places[slot])
        guard count >= 0 else { continue }
        work.append(SlotSteps(slot: slot, steps: Array(inputs[slot][places[slot]..<places[slot] + count])))
        places[slot] += count
      }
      var found = [[String]](repeating: [], count: work.count)
      read(work, in: &together, with: &batch) { place, session in
        found[place].append(String(reflecting: session.outputs))
      }
      for (own, outputs) in zip(work, found) {
        let expected = own.steps.map { String(reflecting: alone[own.slot].push($0)) }
        try require(
          outputs == expected, "schedule \(schedule), round \(round), session \(own.slot): outputs differ")
      }
      if round == 6 {
        (together[2], alone[2]) = (beginning, beginning)
        (together[4], alone[4]) = (together[0], alone[0])
      }
    }
    for slot in 0..<sessions {
      let what = "schedule \(schedule), session \(slot)"
      try require(
        together[slot].state.integers.map(\.values) == alone[slot].state.integers.map(\.values),
        "\(what): integers")
      try requireSameBits(
        together[slot].state.tensors.map(\.value), alone[slot].state.tensors.map(\.value), what)
    }
  }
}

/// Opens the batch.
private func read<Session: TaskSession>(
  _ work: [SlotSteps<Session>], in sessions: inout [Session], with batch: inout any SlotBatch<Session>,
  after: (Int, Session) -> Void
) {
  batch.read(work, in: &sessions, after: after)
}
