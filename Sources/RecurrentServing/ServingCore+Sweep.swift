extension ServingCore {
  /// Seconds until idle sessions are looked for.
  var secondsToSweep: Double { max(0, lastSweep + 1 - clock()) }

  /// Looks for sessions that nobody uses, and says what is where.
  func sweep(now: Double) {
    lastSweep = now
    do {
      try store.sweep(now: now, in: &hosts) { place in
        metrics.add(.evicted, 1, [("to", place)])
      }
    } catch {
      metrics.add(.rejected, 1, [("reason", "disk")])
    }
    let memory = store.inMemory
    metrics.set(.sessions, Double(memory), [("state", "memory")])
    metrics.set(.sessions, Double(store.records.count - memory), [("state", "disk")])
    metrics.set(.waiting, Double(waiting.count))
    for (model, own) in figures where hosts[model]?.writes ?? false {
      let jobs = jobs.filter { $0.request.model == model }
      let running = jobs.count { !$0.choices.isEmpty }
      own.note(running: running, waiting: jobs.count - running)
    }
    metrics.set(.prefixStates, Double(prefixes.count))
    metrics.set(.prefixBytes, Double(prefixes.bytes))
    metrics.set(
      .stateBytes, Double(store.records.values.reduce(0) { $0 + ($1.slot == nil ? 0 : 4 * $1.elementCount) }))
  }
}
