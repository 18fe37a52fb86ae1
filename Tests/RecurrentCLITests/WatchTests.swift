import Foundation
import RecurrentTestSupport
import Testing

/// `recurrent train --watch`.
@Suite struct WatchTests {
  /// Every task is watched: it says what it sees, and the model has the bits that it has without.
  @Test(arguments: SmallTraining.all)
  func everyTask(_ training: SmallTraining) throws {
    let run = try CommandLineRun()
    try training.write(to: run)
    #expect(try run(training.command("plain.bundle")).code == 0)
    let watched = try run(
      training.command("watched.bundle") + ["--watch", "--watch-interval", "1", "--json"])
    #expect(watched.code == 0, "\(watched.errors)")
    #expect(
      try run.bytes("plain.bundle/model.safetensors") == run.bytes("watched.bundle/model.safetensors"))
    let events = try watched.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    func all(_ name: String) -> [[String: Any]] { events.filter { $0["event"] as? String == name } }
    let (seen, steps) = (all("watch"), all("step"))
    #expect(!seen.isEmpty && seen.count == steps.count, "\(training.task)")
    for (look, step) in zip(seen, steps) {
      let layers = try #require(look["layers"] as? [[String: Any]])
      let squares = try layers.map { layer in
        let norm = try #require(layer["gradientNorm"] as? Double)
        return norm * norm
      }
      let whole = try #require(step["gradientNorm"] as? Double)
      // the norm of the whole is that of the layers
      #expect(abs(squares.reduce(0, +).squareRoot() - whole) <= 1e-5 * whole, "\(training.task)")
    }
    #expect(all("advice").count == 1)
    let cells = seen.flatMap { $0["cells"] as? [[String: Any]] ?? [] }
    #expect(!cells.isEmpty, "\(training.task)")
    var mostLags = 0
    for cell in cells {
      let lags = try #require(cell["gradientByLag"] as? [Double])
      #expect(lags.allSatisfy { $0.isFinite })
      mostLags = max(mostLags, lags.count)
    }
    // of a forecaster, which uses the last state of its layers alone, too
    #expect(mostLags > 1, "\(training.task)")
  }

  /// What is seen stands in the terminal and in the files of TensorBoard.
  @Test func terminalAndTensorBoard() throws {
    let run = try CommandLineRun()
    try SmallTraining.classification.write(to: run)
    let result = try run(
      SmallTraining.classification.command() + ["--watch", "--tensorboard", "logs", "--cell", "elman"])
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("watch: |g| "), "\(result.errors)")
    #expect(result.errors.contains("layer 1 reach "), "\(result.errors)")
    #expect(result.errors.contains("advice: "), "\(result.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: run.folder.path + "/logs")
    let events = try #require(files.first { $0.contains("tfevents") })
    let text = String(decoding: try run.bytes("logs/" + events), as: UTF8.self)
    for tag in ["watch/gradient_norm/", "watch/gradient_by_lag/layer_1/", "watch/hidden/layer_1"] {
      #expect(text.contains(tag), "\(tag)")
    }
    let refused = try run(SmallTraining.classification.command("y.bundle") + ["--watch-interval", "0"])
    #expect(refused.code == 2 && refused.errors.contains("--watch-interval is 0, expected 1 or more"))
  }

  /// Without the flag nothing is said.
  @Test func nothingWithout() throws {
    let run = try CommandLineRun()
    try SmallTraining.classification.write(to: run)
    let result = try run(SmallTraining.classification.command() + ["--json"])
    #expect(result.code == 0)
    #expect(!result.output.contains("\"watch\"") && !result.output.contains("\"advice\""))
  }
}
