/// Throws unless a causal task has a session and another one has none, and single steps and the end give the prediction of the whole,
/// also where the state goes through a file into another session on the way.
func checkSessions<Task: SequenceTask>(_ task: Task, _ model: Task.Model, _ examples: [Task.Example]) throws {
  try require(
    (task.session(model) != nil) == task.isCausal,
    "\(Task.name): a model that \(task.isCausal ? "looks back alone has no session" : "looks ahead has a session")"
  )
  guard let beginning = task.session(model) else { return }
  let path = try ScratchFolder()
  for example in examples {
    var session = beginning
    let steps = task.steps(of: example)
    let whole = task.predictions(model, to: [example])[0]
    var outputs: [Task.Session.Output] = []
    var copy = (session: session, outputs: outputs, place: 0)
    for (index, step) in steps.enumerated() {
      if index == steps.count / 3 { copy = (session, outputs, index) }
      if index == steps.count / 2 {
        try session.state.write(to: path.path + "/s", model: "h")
        session = beginning
        try session.restore(SessionState(path: path.path + "/s", model: "h"))
      }
      outputs += session.push(step)
    }
    outputs += session.finish()
    let joined = task.prediction(of: outputs)
    try require(
      joined == whole, "\(Task.name): step by step the prediction is \(joined), as a whole \(whole)")
    // a copy has not noticed
    for step in steps[copy.place...] { copy.outputs += copy.session.push(step) }
    try require(
      task.prediction(of: copy.outputs + copy.session.finish()) == whole,
      "\(Task.name): a copy of a session does not go its own way")
    try checkDamage(task, session, beginning)
  }
}

/// Throws unless a state that lacks a part, or has one of another size, is refused or gone on with: nothing traps.
private func checkDamage<Task: SequenceTask>(
  _ task: Task, _ session: Task.Session, _ beginning: Task.Session
) throws {
  let state = session.state
  for place in state.tensors.indices {
    var other = state
    other.tensors.remove(at: place)
    // scores of what comes next are not there before the first token
    let mayLack = state.tensors[place].name == "logits"
    try requireRefused(
      other, beginning, unless: mayLack, "\(Task.name): without \(state.tensors[place].name)")
    other = state
    other.tensors[place].value = Tensor([Float](repeating: 0.5, count: state.tensors[place].value.count + 1))
    try requireRefused(
      other, beginning, unless: false, "\(Task.name): with one more in \(state.tensors[place].name)")
  }
  for place in state.integers.indices {
    var other = state
    other.integers.remove(at: place)
    try requireRefused(other, beginning, unless: false, "\(Task.name): without \(state.integers[place].name)")
    for number in [-1, -2, 1 << 62] as [Int64] where !state.integers[place].values.isEmpty {
      other = state
      other.integers[place].values = other.integers[place].values.map { _ in number }
      var session = beginning
      // numbers in double precision may be any
      try? session.restore(other)
    }
  }
}

private func requireRefused(
  _ state: SessionState, _ beginning: some TaskSession, unless mayBe: Bool, _ what: String
) throws {
  var session = beginning
  do { try session.restore(state) } catch is InterchangeError { return }
  try require(mayBe, "\(what) a state is taken")
}
