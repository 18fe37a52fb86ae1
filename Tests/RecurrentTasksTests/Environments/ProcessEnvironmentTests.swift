import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct ProcessEnvironmentTests {
  private static let spaces =
    #"{"spaces":{"observation":{"size":1},"action":{"count":3,"names":["a","b","c"]},"steps":5,"success":2}}"#

  /// A script of the shell that begins with a line and answers the n-th question with the n-th text, the rest with the last one.
  private static func command(_ first: String, _ answers: [String], in folder: ScratchFolder) throws -> String
  {
    var text = "printf '%s\\n' '\(first)'\nn=0\nwhile read line; do n=$((n+1))\n  case $n in\n"
    for (place, answer) in answers.enumerated() {
      text += "  \(place == answers.count - 1 ? "*" : "\(place + 1)")) \(answer);;\n"
    }
    return "sh " + (try folder.file("env.sh", Array((text + "  esac\ndone\n").utf8)))
  }

  private static func say(_ text: String) -> String { "printf '%s\\n' '\(text)'" }
  private static let reset = say(#"{"observation":[0.5]}"#)
  private static let good = say(#"{"observation":[0.25],"reward":1.5,"terminated":false,"truncated":false}"#)

  private static func world(
    _ answers: [String], timeout: Double = 10, in folder: ScratchFolder
  ) throws -> CheckedEnvironment {
    let command = try command(spaces, answers, in: folder)
    return try CheckedEnvironment(EnvironmentChoice(command, timeout: timeout))
  }

  @Test func stepsOfAProcess() throws {
    let folder = try ScratchFolder()
    let end = Self.say(#"{"observation":[-1],"reward":0,"terminated":true}"#)
    var world = try Self.world([Self.reset, Self.good, end], in: folder)
    #expect(
      world.spaces
        == EnvironmentSpaces(
          observations: ["o1"], actions: .discrete(["a", "b", "c"]), stepLimit: 5, successReturn: 2))
    #expect(try world.reset(seed: 1, episode: 1) == [0.5])
    #expect(
      try world.step([2])
        == EnvironmentStep(observation: [0.25], reward: 1.5, isTerminated: false, isTruncated: false))
    #expect(try world.step([0]).isTerminated)
  }

  /// What is sent, as a process hears it.
  @Test func whatIsSent() throws {
    let folder = try ScratchFolder()
    let heard = try folder.file("heard")
    let answer =
      "echo \"$line\" >> \(heard); printf '%s\\n' '{\"observation\":[1],\"reward\":0,\"terminated\":false}'"
    var discrete = try Self.world([answer], in: folder)
    _ = try discrete.reset(seed: 5 << 31 | 3, episode: 1)
    _ = try discrete.step([2])
    let other =
      #"{"spaces":{"observation":{"names":["x"]},"action":{"low":[-1,0],"high":[1,2],"names":["u","v"]}}}"#
    var continuous = try CheckedEnvironment(EnvironmentChoice(Self.command(other, [answer], in: folder)))
    #expect(
      continuous.spaces.actions == .continuous([ActionBounds("u", -1...1), ActionBounds("v", 0...2)]))
    #expect(continuous.spaces.stepLimit == ProcessEnvironment.standardStepLimit)
    _ = try continuous.reset(seed: 1, episode: 1)
    _ = try continuous.step([0.5, 1])
    let lines = try String(contentsOfFile: heard, encoding: .utf8).split(separator: "\n")
    #expect(
      lines == [
        #"{"reset":{"seed":3}}"#, #"{"action":2}"#, #"{"reset":{"seed":1}}"#, #"{"action":[0.5,1.0]}"#,
      ])
  }

  @Test(arguments: [
    ("exit 3", "it ended with exit code 3"),
    ("kill -9 $$", "it was ended by signal 9"),
    ("sleep 9", "it has not answered within 0.3 s"),
    ("echo hello", "the answer is hello, expected a line of JSON"),
    ("echo 7", "the answer is 7, expected an object of JSON"),
    (
      say(#"{"observation":[1,2],"reward":0,"terminated":false}"#),
      "the observation has 2 numbers, expected 1"
    ),
    (
      say(#"{"observation":[1],"reward":NaN,"terminated":false}"#),
      #"the answer is {"observation":[1],"reward":NaN,"terminated":false}, expected finite numbers and no NaN"#
    ),
    (
      say(#"{"observation":[1],"reward":null,"terminated":false}"#),
      "the reward is nan, expected a finite number"
    ),
    (
      say(#"{"observation":[1],"reward":"x","terminated":false}"#),
      #"the answer is {"observation":[1],"reward":"x","terminated":false}, expected an observation, a reward, terminated and truncated"#
    ),
    (say(#"{"observation":["x"],"reward":0,"terminated":false}"#), #""o1" is nan, expected a finite number"#),
    (
      say(#"{"reward":0,"terminated":false}"#),
      #"the answer is {"reward":0,"terminated":false}, expected an observation"#
    ),
  ])
  func failures(_ answer: String, _ reason: String) throws {
    let folder = try ScratchFolder()
    var world = try Self.world(
      [Self.reset, Self.good, answer], timeout: answer == "sleep 9" ? 0.3 : 10, in: folder)
    let name = world.name
    _ = try world.reset(seed: 1, episode: 4)
    _ = try world.step([0])
    #expect(throws: EnvironmentError.failed(environment: name, episode: 4, step: 2, reason: reason)) {
      try world.step([1])
    }
  }

  @Test(arguments: [
    ("exit 0", "it ended with exit code 0"), ("echo hello", "expected a line of JSON"),
    ("sleep 9", "it has not answered within 0.3 s"),
    (say(#"{"spaces":{"observation":{"size":0},"action":{"count":2}}}"#), "its first line is"),
    (say(#"{"spaces":{"observation":{"size":1},"action":{"low":[1],"high":[0]}}}"#), "its first line is"),
    (say(#"{"spaces":{"observation":{"size":1},"action":{"count":1}}}"#), "the count of actions is 1"),
  ])
  func processesThatAreNone(_ line: String, _ reason: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.file("env.sh", Array((line + "\nread x\n").utf8))
    var found = ""
    do {
      _ = try CheckedEnvironment(EnvironmentChoice("sh " + path, timeout: line == "sleep 9" ? 0.3 : 10))
    } catch { found = error.description }
    #expect(
      found.hasPrefix("sh \(path): the environment cannot be used: ") && found.contains(reason), "\(found)")
  }
}
