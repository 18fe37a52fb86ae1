import Recurrent

/// Answers requests with a network that was trained in PyTorch: one step of a session at a time, each session with a state
/// of its own.
///
/// An actor, because a server answers many requests at the same time; sessions are values, so forgetting or copying one
/// is an assignment.
actor SessionServer {
  private let beginning: RecurrentStepper<AnyCell>
  private var sessions: [String: RecurrentStepper<AnyCell>] = [:]

  /// What a request may be wrong in.
  enum Problem: Error, Equatable {
    case noLayers
    case bidirectional
    case wrongCount(expected: Int, found: Int)
  }

  /// A server of the layers in a file: a `state_dict` of nn.RNN, nn.GRU or nn.LSTM, or a bundle that `import` made.
  init(model path: String) throws {
    guard case .layers(let layers) = try AnyModel(path: path) else { throw Problem.noLayers }
    try self.init(layers.layer)
  }

  /// A server of layers of one direction.
  init(_ layer: RecurrentLayer<AnyCell>) throws {
    guard !layer.isBidirectional else { throw Problem.bidirectional }
    beginning = RecurrentStepper(layer)
  }

  /// The output after one more step of a session, which begins with its first request.
  func answer(_ input: [Float], in session: String) throws -> [Float] {
    guard input.count == beginning.inputSize else {
      throw Problem.wrongCount(expected: beginning.inputSize, found: input.count)
    }
    var stepper = sessions[session] ?? beginning
    sessions[session] = nil  // the only copy goes on in its own memory
    stepper.step(input)
    sessions[session] = stepper
    return stepper.output
  }

  /// Forgets a session.
  func end(_ session: String) { sessions[session] = nil }
}
