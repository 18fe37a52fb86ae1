import Foundation
import RecurrentReports
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct EnvironmentTests {
  // MARK: As Gymnasium

  private struct Fixture: Decodable {
    struct Episode: Decodable {
      let first: [Double]
      let steps: [Step]
    }
    struct Step: Decodable {
      let action: Float
      let observation: [Float]
      let reward: Double
      let isTerminated, isTruncated: Bool

      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        action = try list.decode(Float.self)
        observation = try list.decode([Float].self)
        reward = try list.decode(Double.self)
        (isTerminated, isTruncated) = (try list.decode(Bool.self), try list.decode(Bool.self))
      }
    }
    let environments: [String: [Episode]]
  }

  private func compare<World: Environment>(
    _ name: String, _ tolerance: Float, begin: ([Double]) -> World
  ) throws {
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(try fixture("environments.json")))
    let episodes = try #require(fixture.environments[name])
    #expect(episodes.count == 2)
    for episode in episodes {
      var world = begin(episode.first)
      for (number, expected) in episode.steps.enumerated() {
        let step = try world.step([expected.action])
        let distance = zip(step.observation, expected.observation).map { abs($0 - $1) }.max() ?? 1
        #expect(distance <= tolerance, "\(name), step \(number + 1): \(step) instead of \(expected)")
        #expect(abs(step.reward - expected.reward) <= Double(tolerance) * max(1, abs(expected.reward)))
        #expect(step.isTerminated == expected.isTerminated && step.isTruncated == expected.isTruncated)
        if distance > tolerance { return }
      }
    }
  }

  @Test func cartPoleIsGymnasiums() throws {
    try compare("cartpole", 1e-6) { state in
      var world = CartPole()
      _ = world.place(at: state)
      return world
    }
  }

  @Test func pendulumIsGymnasiums() throws {
    // it is chaotic: what differs in the last bit of an action grows
    try compare("pendulum", 1e-4) { state in
      var world = Pendulum()
      _ = world.place(at: state)
      return world
    }
  }

  @Test func mountainCarIsGymnasiums() throws {
    try compare("mountain-car", 1e-5) { state in
      var world = MountainCar()
      _ = world.place(at: state.map { Float($0) })
      return world
    }
  }

  // MARK: The maze

  @Test func theSignalIsSeenOnce() throws {
    var sides: Set<Float> = []
    for seed in 0..<20 as Range<UInt64> {
      var maze = TMaze(length: 3)
      let first = maze.reset(seed: seed)
      #expect(abs(first[0]) == 1 && first[1] == 0)
      sides.insert(first[0])
      // a wall costs, and leaves everything as it is
      #expect(
        maze.step([1])
          == EnvironmentStep(observation: first, reward: -0.1, isTerminated: false, isTruncated: false))
      for place in 1...3 {
        let step = maze.step([0])
        #expect(step.observation == [0, place == 3 ? 1 : 0] && step.reward == 0 && !step.hasEnded)
      }
      #expect(maze.step([0]).reward == -0.1)
      let end = maze.step([first[0] > 0 ? 2 : 1])
      #expect(end.reward == 1 && end.isTerminated && !end.isTruncated)
    }
    #expect(sides == [-1, 1])
  }

  @Test func theWrongSideCostsAndTimeRunsOut() {
    var maze = TMaze(length: 1)
    let side = maze.reset(seed: 3)[0]
    _ = maze.step([0])
    #expect(maze.step([side > 0 ? 1 : 2]).reward == -1)
    _ = maze.reset(seed: 3)
    let steps = (0..<4).map { _ in maze.step([1]) }
    #expect(steps.map(\.isTruncated) == [false, false, false, true] && !steps[3].isTerminated)
  }

  // MARK: Catalogue

  @Test(arguments: EnvironmentCatalog.names + ["t-maze-7"]) func episodesRepeat(_ name: String) throws {
    func run(_ seed: UInt64) throws -> [EnvironmentStep] {
      var world = try CheckedEnvironment(EnvironmentChoice(name))
      #expect(world.spaces.issue == nil)
      var steps = [
        EnvironmentStep(
          observation: try world.reset(seed: seed, episode: 1), reward: 0, isTerminated: false,
          isTruncated: false)
      ]
      let key = RandomKey(seed: 9)
      while !steps[steps.count - 1].hasEnded {
        let uniform = key.uniform(at: steps.count)
        let action =
          switch world.spaces.actions {
          case .discrete(let names): Float(Int(uniform * Float(names.count)))
          case .continuous(let bounds): bounds[0].value(2 * uniform - 1)
          }
        steps.append(try world.step([action]))
        #expect(world.scene != nil)
      }
      #expect(steps.count <= world.spaces.stepLimit + 1)
      return steps
    }
    #expect(try run(4) == run(4))
    #expect(try run(4) != run(5) || name.hasPrefix("t-maze"))
  }

  @Test func velocitiesAreHidden() throws {
    for (name, left) in [
      ("cartpole", ["position", "angle"]), ("pendulum", ["cosine", "sine"]), ("mountain-car", ["position"]),
    ] {
      var whole = try EnvironmentCatalog.make(name)
      var part = try EnvironmentCatalog.make(name + "-no-velocity")
      #expect(part.spaces.observations == left && part.spaces.actions == whole.spaces.actions)
      let places = left.compactMap { whole.spaces.observations.firstIndex(of: $0) }
      let (a, b) = (try whole.reset(seed: 3), try part.reset(seed: 3))
      #expect(places.map { a[$0] } == b)
      let (c, d) = (try whole.step([1]), try part.step([1]))
      #expect(places.map { c.observation[$0] } == d.observation && c.reward == d.reward)
    }
  }

  @Test func actionsAreLikeOthersByTheirBounds() {
    let all: [ActionSpace] = [
      .discrete(["a", "b"]), .discrete(["a", "b", "c"]), .continuous([ActionBounds("u", 0...1)]),
      .continuous([ActionBounds("u", 0...2)]), .continuous([ActionBounds("u", -1...1)]),
      .continuous([ActionBounds("u", 0...1), ActionBounds("v", 0...1)]),
    ]
    for (place, own) in all.enumerated() {
      #expect(all.indices.filter { all[$0].isLike(own) } == [place])
    }
    #expect(all[0].isLike(.discrete(["0", "1"])))
    #expect(all[2].isLike(.continuous([ActionBounds("torque", 0...1)])))
  }

  @Test func namesThatThereAreNot() throws {
    for name in ["cartpol", "t-maze-0", "t-maze-x", "t-maze-99999999"] {
      #expect(throws: EnvironmentError.unknown(name: name, known: EnvironmentCatalog.names)) {
        try EnvironmentCatalog.make(name)
      }
    }
    try EnvironmentCatalog.$additional.withValue(["own": { TMaze(length: 2) }]) {
      let own = try EnvironmentCatalog.make("own")
      #expect(own.spaces.stepLimit == 6)
    }
    #expect(EnvironmentCatalog.isCommand("python env.py") && EnvironmentCatalog.isCommand("./env"))
  }

  // MARK: What a program gives

  /// Gives what it is told to in a step.
  private struct Odd: Environment {
    var answer = EnvironmentStep(observation: [0], reward: 0, isTerminated: false, isTruncated: false)
    var first: [Float] = [0]
    var spaces = EnvironmentSpaces(observations: ["x"], actions: .discrete(["a", "b"]), stepLimit: 3)
    func reset(seed: UInt64) -> [Float] { first }
    func step(_ action: [Float]) -> EnvironmentStep { answer }
  }

  @Test func impossibleAnswersNameEpisodeAndStep() throws {
    func failure(_ change: (inout Odd) -> Void, resets: Bool = false) throws -> String {
      var odd = Odd()
      change(&odd)
      var world = try CheckedEnvironment("odd", odd)
      do {
        _ = try world.reset(seed: 1, episode: 7)
        _ = try world.step([0])
        return "nothing"
      } catch { return error.description }
    }
    #expect(
      try failure { $0.answer.reward = .nan }
        == "odd: episode 7, step 1: the reward is nan, expected a finite number")
    #expect(
      try failure { $0.answer.reward = -.infinity }.hasSuffix("the reward is -inf, expected a finite number"))
    #expect(
      try failure { $0.answer.observation = [1, 2] }
        == "odd: episode 7, step 1: the observation has 2 numbers, expected 1")
    #expect(
      try failure { $0.answer.observation = [.infinity] }
        == "odd: episode 7, step 1: \"x\" is inf, expected a finite number")
    #expect(
      try failure { $0.first = [] } == "odd: episode 7, step 0: the observation has 0 numbers, expected 1")
    #expect(try failure { _ in } == "nothing")
    for spaces in [
      EnvironmentSpaces(observations: [], actions: .discrete(["a", "b"]), stepLimit: 3),
      EnvironmentSpaces(observations: ["x", "x"], actions: .discrete(["a", "b"]), stepLimit: 3),
      EnvironmentSpaces(observations: ["x"], actions: .discrete(["a"]), stepLimit: 3),
      EnvironmentSpaces(observations: ["x"], actions: .continuous([]), stepLimit: 3),
      EnvironmentSpaces(observations: ["x"], actions: .discrete(["a", "b"]), stepLimit: 0),
      EnvironmentSpaces(
        observations: ["x"], actions: .continuous([ActionBounds("u", 0...(.infinity))]), stepLimit: 1),
    ] {
      var odd = Odd()
      odd.spaces = spaces
      let made = try? CheckedEnvironment("odd", odd)
      #expect(made?.name == nil)
    }
  }

  @Test func endlessEpisodesAreBrokenOff() throws {
    var world = try CheckedEnvironment("odd", Odd())
    _ = try world.reset(seed: 1, episode: 1)
    var limits: [Bool] = []
    for _ in 0..<3 { limits.append(try world.step([0]).isTruncated) }
    #expect(limits == [false, false, true])
    _ = try world.reset(seed: 1, episode: 2)
    #expect(try !world.step([0]).isTruncated)
  }
}
