/// Throws unless the graph of a model, through the bytes of a file, gives what the model gives.
///
/// - Parameters:
///   - task: fitted.
///   - model: of the task.
///   - options: of the graph.
///   - most: the largest difference, of numbers above 1 as a share.
/// - Throws: ``InterchangeError`` too, where there is no such graph.
public func checkGraph<Task: SequenceTask>(
  _ task: Task, _ model: Task.Model, _ options: GraphOptions, most: Float = 1e-4
) throws {
  let graph = try task.graph(model, options)
  let program = try GraphProgram(ONNXReader.read(bytes: ONNXWriter.encode(graph)), path: Task.name)
  let difference = try task.graphVerification(model, options).largestDifference(in: graph) {
    try program.run($0)
  }
  try require(difference < most, "\(Task.name): with \(options) the graph differs by \(difference)")
}

/// The same for whole sequences, full and ragged, and for streams where there are such graphs.
func checkGraphs<Task: SequenceTask>(_ task: Task, _ model: Task.Model) throws {
  for takesLengths in [false, true] { try checkGraph(task, model, GraphOptions(takesLengths: takesLengths)) }
  do { try checkGraph(task, model, GraphOptions(isStreaming: true)) } catch is InterchangeError {}
}
