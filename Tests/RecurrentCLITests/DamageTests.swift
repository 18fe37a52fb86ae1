import Foundation
import RecurrentTestSupport
import Testing

/// A bit that is turned over in what the program wrote is found when it is read.
@Suite struct DamageTests {
  let run: CommandLineRun
  let small = SmallTraining.languageModel

  init() throws {
    run = try CommandLineRun()
    try small.write(to: run)
  }

  /// Turns bits over at `count` random places of a file, one at a time.
  private func withDamage(_ name: String, count: Int, _ body: () throws -> Void) throws {
    let whole = try run.bytes(name)
    let url = URL(filePath: run.folder.path + "/" + name)
    for bit in RandomKey(seed: 6).integers(count, below: 8 * whole.count) {
      var other = whole
      other[bit / 8] ^= 1 << (bit % 8)
      try other.write(to: url)
      try body()
    }
    try whole.write(to: url)
  }

  @Test func bundles() throws {
    #expect(try run(small.command()).code == 0)
    let bundle = run.folder.path + "/x.bundle"
    for name in ["model.safetensors", "task.json"] {
      try withDamage("x.bundle/" + name, count: 200) {
        let error = #expect(throws: (any Error).self) { try TrainedTask<LanguageModelTask>(bundle: bundle) }
        #expect(String(describing: error).contains("x.bundle"))
      }
      try withDamage("x.bundle/" + name, count: 4) {
        let result = try run("generate", "x.bundle", "--length", "3")
        #expect(
          result.code == 1 && result.errors.contains("x.bundle") && result.output.isEmpty, "\(result.errors)")
      }
    }
    #expect(try run("generate", "x.bundle", "--length", "3").code == 0)
    // inspect shows what there is, and says that it is damaged
    var model = try run.bytes("x.bundle/model.safetensors")
    model[model.count - 2] ^= 4
    try model.write(to: URL(filePath: bundle + "/model.safetensors"))
    let shown = try run("inspect", "x.bundle")
    #expect(
      shown.code == 0 && shown.errors.contains("x.bundle/model.safetensors: is damaged"), "\(shown.errors)")
  }

  @Test func states() throws {
    #expect(try run(small.command()).code == 0)
    let saved = try run("generate", "x.bundle", "--length", "5", "--save-state", "s.safetensors")
    #expect(saved.code == 0, "\(saved.errors)")
    let path = run.folder.path + "/s.safetensors"
    let hash = try SHA256.hash(file: run.folder.path + "/x.bundle/model.safetensors")
    _ = try StateFile(path: path, model: hash)
    try withDamage("s.safetensors", count: 200) {
      let error = #expect(throws: (any Error).self) { try StateFile(path: path, model: hash) }
      #expect(String(describing: error).contains("s.safetensors"))
    }
    try withDamage("s.safetensors", count: 4) {
      let result = try run("generate", "x.bundle", "--length", "3", "--load-state", "s.safetensors")
      #expect(result.code == 1 && result.errors.contains("s.safetensors"), "\(result.errors)")
    }
    #expect(try run("generate", "x.bundle", "--length", "3", "--load-state", "s.safetensors").code == 0)
  }

  @Test(arguments: [SmallTraining.languageModel, .classification])
  func checkpoints(_ training: SmallTraining) throws {
    try training.write(to: run)
    let running = try run.start(training.command(epochs: 1000) + ["--json"])
    try running.waitForOutput("\"event\":\"step\"")
    running.send(SIGINT)
    #expect(try running.wait().code == 130)
    let name = "x.bundle.checkpoint/checkpoint.safetensors"
    let path = run.folder.path + "/" + name
    try SafetensorsFile(path: path).verifyChecksum()
    try withDamage(name, count: 200) {
      let error = #expect(throws: (any Error).self) { try SafetensorsFile(path: path).verifyChecksum() }
      #expect(String(describing: error).contains(name))
    }
    try withDamage(name, count: 6) {
      let result = try run(training.command(epochs: 1000) + ["--resume"])
      #expect(result.code == 1 && result.errors.contains(name), "\(result.errors)")
    }
  }
}
