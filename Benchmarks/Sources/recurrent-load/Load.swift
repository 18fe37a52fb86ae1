import ArgumentParser
import NIOCore
import NIOPosix

/// `recurrent-load`.
@main
struct Load: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recurrent-load",
    abstract: "Load for `recurrent serve`, and how long its answers take.",
    discussion: """
      An open loop: what is sent is planned beforehand, and a time begins when something was to be sent. One thread, one event loop.

        streams      messages of steps over WebSockets, --rate of them a second in all
        infer        requests of the Open Inference Protocol, --rate a second
        sessions     sessions that are on disk, each asked for a step, --rate a second
        text         completions, each connection one after the other; times between tokens
        events       the same as server-sent events
        first        completions, --rate a second, and beside them --probes with a long prompt: their first tokens
      """)

  enum Scenario: String, ExpressibleByArgument, CaseIterable {
    case streams, infer, sessions, text, events, first
  }

  @Argument(help: "What is sent.") var scenario: Scenario
  @Option(help: "The port of the server, on this machine.") var port: Int
  @Option(help: "The name of the model.") var model: String
  @Option(help: "Connections.") var connections = 64
  @Option(help: "Messages or requests a second, of all connections together.") var rate = 1000.0
  @Option(help: "Seconds that are measured.") var seconds = 5.0
  @Option(help: "Seconds before them.") var warm = 1.0
  @Option(help: "Steps of a message.") var steps = 1
  @Option(help: "Numbers of a step.") var size = 128
  @Option(help: "Tokens of a completion.") var tokens = 200
  @Option(help: "Characters of the prompt of a request that is sent beside.") var prompt = 200
  @Option(help: "Requests a second that are sent beside.") var probes = 10.0
  @Flag(help: "Tensors as bytes, not as JSON.") var binary = false
  @Flag(help: "Each connection of infer has a sequence of its own.") var sequences = false

  func validate() throws {
    func check(_ flag: String, _ value: Double, _ bounds: ClosedRange<Double>) throws {
      guard bounds.contains(value) else {
        throw ValidationError("\(flag) is \(value), expected \(bounds.lowerBound) to \(bounds.upperBound)")
      }
    }
    try check("--port", Double(port), 1...65535)
    try check("--connections", Double(connections), 1...60_000)
    for (flag, value) in [("--rate", rate), ("--probes", probes)] { try check(flag, value, 0.01...1e7) }
    try check("--seconds", seconds, 0.1...86_400)
    try check("--warm", warm, 0...3600)
    for (flag, value) in [("--steps", steps), ("--tokens", tokens), ("--prompt", prompt)] {
      try check(flag, Double(value), 1...65_536)
    }
    try check("--size", Double(size), 0...65_536)
  }

  func run() throws {
    var settings = Settings()
    (settings.port, settings.model, settings.connections, settings.rate) = (port, model, connections, rate)
    (settings.seconds, settings.warm, settings.steps, settings.size) = (seconds, warm, steps, size)
    (settings.tokens, settings.prompt, settings.probes, settings.isBinary) = (tokens, prompt, probes, binary)
    settings.hasSequences = sequences
    raiseFileLimit(connections + 64)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let generator = Generator(Run(settings), group)
    try generator.measure(scenario)
    print(generator.report(scenario))
  }
}
