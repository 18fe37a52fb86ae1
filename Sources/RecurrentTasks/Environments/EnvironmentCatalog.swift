/// The environments that there are by name: those built in, and any command that runs one as a process.
public enum EnvironmentCatalog {
  /// The names of those built in; the maze is of any length.
  public static let names = [
    "cartpole", "cartpole-no-velocity", "pendulum", "pendulum-no-velocity", "mountain-car",
    "mountain-car-no-velocity", "t-maze-50",
  ]

  /// Environments of a program by name, beside those built in; bound around what uses them:
  ///
  ///     try EnvironmentCatalog.$additional.withValue(["tank": { Tank() }]) { try training.run() }
  @TaskLocal public static var additional: [String: @Sendable () -> any Environment] = [:]

  /// The longest maze.
  static let longestMaze = 10_000

  /// Whether a name is a command that runs an environment as a process: it has several words, or is a path.
  public static func isCommand(_ name: String) -> Bool { name.contains(" ") || name.contains("/") }

  /// Makes an environment.
  ///
  /// - Parameters:
  ///   - name: one of ``names``, `t-maze-N`, or a command.
  ///   - timeout: seconds that a process has for an answer.
  /// - Throws: ``EnvironmentError``.
  public static func make(
    _ name: String, timeout: Double = ProcessEnvironment.standardTimeout
  ) throws(EnvironmentError) -> any Environment {
    if let own = additional[name] { return own() }
    if isCommand(name) { return try ProcessEnvironment(command: name, timeout: timeout) }
    if let length = mazeLength(name) { return TMaze(length: length) }
    switch name {
    case "cartpole": return CartPole()
    case "cartpole-no-velocity": return withoutVelocities(CartPole())
    case "pendulum": return Pendulum()
    case "pendulum-no-velocity": return withoutVelocities(Pendulum())
    case "mountain-car": return MountainCar()
    case "mountain-car-no-velocity": return withoutVelocities(MountainCar())
    default: throw .unknown(name: name, known: names + additional.keys.sorted())
    }
  }

  private static func withoutVelocities(_ whole: some Environment) -> any Environment {
    PartialEnvironment(whole) { $0.hasSuffix("velocity") }
  }

  /// The length of a maze by its name, from 1 to ``longestMaze``; nil where it is none.
  static func mazeLength(_ name: String) -> Int? {
    guard name.hasPrefix("t-maze-"), let length = Int(name.dropFirst("t-maze-".count)),
      (1...longestMaze).contains(length)
    else { return nil }
    return length
  }
}
