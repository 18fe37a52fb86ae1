import Foundation
import RecurrentTestSupport
import Testing

/// No command destroys what it was not asked to replace.
@Suite struct OverwriteTests {
  let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
    for training in SmallTraining.all { try training.write(to: run) }
    _ = try run.folder.file("lstm.pt", fixture("state_dict.pt"))
    let x = Tensor(zeros: [2, 1, 3])
    try NPYWriter.write(
      ArrayEntry(name: "input", shape: [2, 1, 3], floats: x.scalars), to: run.folder.path + "/x.npy")
  }

  private func put(_ name: String, _ text: String) throws {
    let url = URL(filePath: run.folder.path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try run.write(name, text)
  }

  /// A folder with a `task.json` of another program is a project of somebody.
  @Test func projectsAreLeftAlone() throws {
    try put("project/task.json", #"{"name": "my project", "tasks": ["write thesis"]}"#)
    try put("project/thesis.txt", "years of work")
    try put("project/chapters/1.txt", "more")
    for command in [
      SmallTraining.languageModel.command("project"), SmallTraining.classification.command("project"),
      ["import", "lstm.pt", "-o", "project"],
    ] {
      let result = try run(command + ["--overwrite"])
      #expect(result.code == 1 && result.errors.contains("project: is not a bundle"), "\(result.errors)")
    }
    #expect(run.text("project/thesis.txt") == "years of work" && run.text("project/chapters/1.txt") == "more")
    #expect(run.text("project/task.json").contains("write thesis"))
  }

  /// What else stands in the folder of a bundle stays there.
  @Test(arguments: [SmallTraining.languageModel, .classification])
  func otherFilesAreKept(_ training: SmallTraining) throws {
    #expect(try run(training.command()).code == 0)
    try put("x.bundle/thesis.txt", "years of work")
    try put("x.bundle/chapters/1.txt", "more")
    let before = try run.bytes("x.bundle/model.safetensors")
    let result = try run(training.command() + ["--overwrite", "--seed", "5"])
    #expect(result.code == 0, "\(result.errors)")
    #expect(try run.bytes("x.bundle/model.safetensors") != before)
    #expect(
      run.text("x.bundle/thesis.txt") == "years of work" && run.text("x.bundle/chapters/1.txt") == "more")
    // of another kind of bundle, no file of the old one stays
    #expect(try run(["import", "lstm.pt", "-o", "x.bundle", "--overwrite"]).code == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: run.folder.path + "/x.bundle").sorted()
    #expect(names == ["card.md", "chapters", "model.safetensors", "task.json", "thesis.txt"])
    #expect(try run.names().filter { $0.hasPrefix(".") } == [])
  }

  /// A file that a command reads is not the one that it writes.
  @Test func inputsAreNotOutputs() throws {
    #expect(try run(SmallTraining.classification.command("c.bundle")).code == 0)
    #expect(try run(SmallTraining.languageModel.command("l.bundle")).code == 0)
    try FileManager.default.createSymbolicLink(
      atPath: run.folder.path + "/link.npy", withDestinationPath: "x.npy")
    for (words, file) in [
      (["apply", "lstm.pt", "--input", "x.npy", "-o", "x.npy"], "x.npy"),
      (["apply", "lstm.pt", "--input", "x.npy", "-o", "link.npy"], "x.npy"),
      (["apply", "lstm.pt", "--input", "x.npy", "-o", "y.npy", "--save-state", "./lstm.pt"], "lstm.pt"),
      (["export", "l.bundle", "-o", "l.bundle/model.safetensors"], "l.bundle/model.safetensors"),
      (["export", "lstm.pt", "-o", "lstm.pt", "--format", "onnx"], "lstm.pt"),
      (["generate", "l.bundle", "--save-state", "l.bundle/task.json"], "l.bundle/task.json"),
      (["evaluate", "l.bundle", "t.txt", "--save-state", "t.txt"], "t.txt"),
      (["evaluate", "c.bundle", "waves.csv", "--report", "waves.csv"], "waves.csv"),
      (
        ["predict", "c.bundle", "waves.csv", "--plot", "c.bundle/model.safetensors"],
        "c.bundle/model.safetensors"
      ),
    ] {
      let before = try run.bytes(file)
      let result = try run(words)
      #expect(
        result.code == 2 && result.errors.contains("is read; name another file"), "\(words): \(result.errors)"
      )
      #expect(try run.bytes(file) == before)
    }
    // a state may take the place of the one that was gone on from
    #expect(try run("generate", "l.bundle", "--length", "3", "--save-state", "s").code == 0)
    #expect(
      try run("generate", "l.bundle", "--length", "3", "--load-state", "s", "--save-state", "s").code == 0)
  }

  /// The table of a log takes the place of an earlier one of its kind, of nothing else.
  @Test func logsReplaceTheirKind() throws {
    try put("logs/metrics.csv", "patient,result\n1,2\n")
    let refused = try run(SmallTraining.languageModel.command() + ["--tensorboard", "logs"])
    #expect(refused.code == 1 && refused.errors.contains("logs/metrics.csv"), "\(refused.errors)")
    #expect(run.text("logs/metrics.csv") == "patient,result\n1,2\n")
    for output in ["a.bundle", "b.bundle"] {
      #expect(try run(SmallTraining.languageModel.command(output) + ["--tensorboard", "own"]).code == 0)
    }
    #expect(run.text("own/metrics.csv").hasPrefix("step,epoch,loss"))
  }
}
