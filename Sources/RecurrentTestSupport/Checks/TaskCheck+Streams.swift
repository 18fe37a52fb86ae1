/// Throws unless a causal task streams and another one does not, and single steps and the end give the prediction of the whole, also
/// where the state is put into another stream on the way.
func checkStreams<Task: SequenceTask>(_ task: Task, _ model: Task.Model, _ examples: [Task.Example]) throws {
  try require(
    (task.stream(model) != nil) == task.isCausal,
    "\(Task.name): a model that \(task.isCausal ? "looks back alone has no stream" : "looks ahead has a stream")"
  )
  for example in examples {
    guard var stream = task.stream(model) else { return }
    let steps = task.steps(of: example)
    let whole = task.predictions(model, to: [example])[0]
    var parts: [Task.Prediction] = []
    for (index, step) in steps.enumerated() {
      if index == steps.count / 2, var other = task.stream(model) {
        other.state = stream.state
        stream = other
      }
      stream.push(step)
      if Task.Stream.isIncremental { parts.append(stream.prediction) }
    }
    stream.finish()
    parts.append(stream.prediction)
    let joined = Task.Stream.joined(parts)
    try require(
      joined == whole, "\(Task.name): step by step the prediction is \(joined), as a whole \(whole)")
  }
}
