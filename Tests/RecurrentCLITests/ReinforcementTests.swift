import Foundation
import RecurrentTestSupport
import Testing

/// Policies from training to driving, as a user runs them.
@Suite struct ReinforcementTests {
  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private func done(_ command: String) throws -> CommandLineRun.Result {
    let result = try run(command.split(separator: " ").map(String.init))
    try require(result.code == 0, "\(command): \(result.errors)")
    return result
  }

  private func object(_ line: some StringProtocol) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
    return try #require(value as? [String: Any])
  }

  private static let small =
    "train reinforcement --environment cartpole-no-velocity --steps 1000 --hidden 6 --passes 2 --epochs 2 --test-episodes 3 "
    + "--validation-episodes 2 --threads 1"

  @Test func trainAndDrive() throws {
    let trained = try done(Self.small + " -o p.bundle --json")
    let end = try object(trained.output.split(separator: "\n").last ?? "")
    #expect((end["meanReturn"] as? [String: Any])?["value"] is Double)
    #expect((end["meanReturnWithoutMemory"] as? [String: Any])?["value"] is Double)
    #expect((end["returns"] as? [Double])?.count == 3 && (end["learningCurve"] as? [Any])?.count == 2)
    let page = run.text("p.bundle/report.html")
    for text in ["Learning curve", "without memory", "Returns by size", "An episode"] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(run.text("p.bundle/card.md").contains("recurrent drive"))
    let drive = "drive p.bundle --episodes 4 --plot e.svg --report r.html --json"
    let first = try object(try done(drive).output)
    #expect((first["returns"] as? [Double])?.count == 4)
    #expect(first["environment"] as? String == "cartpole-no-velocity")
    let latency = try #require(first["latencyMicroseconds"] as? [String: Any])
    #expect(latency["percentile99"] as? Double ?? 0 > 0)
    #expect(run.text("e.svg").hasPrefix("<svg") && run.text("r.html").contains("Mean return"))
    // the same seed, the same episodes
    let again = try object(try done(drive).output)
    #expect(again["returns"] as? [Double] == first["returns"] as? [Double])
    let plain = try done("drive p.bundle --episodes 2 --seed 7 --sample")
    #expect(plain.output.contains("2 episodes in cartpole-no-velocity: mean return"))
    #expect(plain.errors.contains("99 % within"))
  }

  /// Observation in, action out.
  @Test func streams() throws {
    _ = try done(Self.small + " --no-control -o p.bundle")
    let input = "{\"position\": 0.1, \"angle\": 0.02}\n[0.1, 0.03]\n{\"reset\": true}\n[0.1, 0.02]\n"
    let result = try run.shell(
      "printf '\(input.replacing("\n", with: "\\n"))' | \"$R\" predict p.bundle --stream")
    #expect(result.code == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == lines[2] && lines[0] != lines[1])
    #expect(lines[0].contains("\"action\":") && lines[0].contains("\"p left\":"))
    #expect(result.errors.contains("99 % within"))
  }

  /// A training that is interrupted, even in the middle of episodes, and gone on with writes the file of one that was not.
  @Test(arguments: ["--environment cartpole-no-velocity", "--environment pendulum --rollout-steps 30"])
  func resumes(_ environment: String) throws {
    let command =
      "train reinforcement \(environment) --steps 6000 --hidden 8 --epochs 3 --passes 4 --no-control --test-episodes 2 --validation-episodes 2"
    _ = try done(command + " -o whole.bundle --threads 1")
    let words = (command + " -o parts.bundle --checkpoint-seconds 0 --json --threads 2").split(separator: " ")
      .map(String.init)
    let running = try run.start(words)
    try running.waitForOutput("\"event\":\"checkpoint\"")
    running.send(SIGKILL)
    #expect(try running.wait().code == 128 + SIGKILL)
    _ = try done(command + " -o parts.bundle --resume --threads 2")
    #expect(try run.bytes("parts.bundle/model.safetensors") == run.bytes("whole.bundle/model.safetensors"))
  }

  /// A process is an environment, and what goes wrong there names the episode and the step.
  @Test func processes() throws {
    let environment = """
      printf '%s\\n' '{"spaces":{"observation":{"size":1},"action":{"count":2},"steps":9}}'
      n=0
      while read line; do
        n=$((n+1))
        if [ $n -gt ${LIMIT:-100000000} ]; then exit 4; fi
        printf '%s\\n' '{"observation":[0.5],"reward":1,"terminated":false,"truncated":false}'
      done
      """
    try run.write("env.sh", environment)
    let command =
      "\"$R\" train reinforcement --environment 'sh env.sh' --steps 64 --rollout-steps 8 --rows 2 --hidden 4 --epochs 1 "
      + "--validation-episodes 1 --test-episodes 2 --threads 1 -o p.bundle"
    let trained = try run.shell(command)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.output.contains("2 episodes in sh env.sh: mean return 9"))
    let other = try run.shell("\"$R\" drive p.bundle --episodes 3 --environment 'LIMIT=25 sh env.sh'")
    #expect(other.code == 1)
    #expect(
      other.errors.contains("LIMIT=25 sh env.sh: episode 3, step 5: it ended with exit code 4"),
      "\(other.errors)")
    #expect(other.output.isEmpty)
  }

  @Test(arguments: [
    ("train reinforcement -o x.bundle", 1, "--environment must be one of cartpole"),
    (
      "train reinforcement --environment cartpol -o x.bundle", 1,
      "there is no environment \"cartpol\"; built in are cartpole"
    ),
    ("train reinforcement log.csv --environment cartpole -o x.bundle", 1, "log.csv"),
    ("train reinforcement --environment cartpole --steps 0 -o x.bundle", 2, "--steps is 0"),
    ("train reinforcement --environment cartpole --cell gru --peepholes -o x.bundle", 2, "peepholes"),
    ("drive p.bundle --episodes 0", 2, "--episodes is 0"),
    ("drive p.bundle --environment t-maze-5", 1, "t-maze-5: its actions are not those of the policy"),
    ("drive p.bundle --plot p.bundle/task.json", 2, "--plot is p.bundle/task.json"),
    ("evaluate p.bundle log.csv", 1, "a policy is evaluated by letting it act"),
  ])
  func mistakes(_ command: String, _ code: Int, _ text: String) throws {
    try run.write("log.csv", "position,angle\n1,2\n")
    if command.contains("p.bundle") { _ = try done(Self.small + " --no-control -o p.bundle") }
    let result = try run(command.split(separator: " ").map(String.init))
    #expect(result.code == Int32(code) && result.errors.contains(text), "\(result.code): \(result.errors)")
  }
}
