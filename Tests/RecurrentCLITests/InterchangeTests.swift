import Foundation
import RecurrentTestSupport
import Testing

/// Models in and out, and states as files, as users have them.
@Suite struct InterchangeTests {
  let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
    try run.write("t.txt", sampleText(6_000))
    for name in ["state_dict.pt", "hostile_command.pt", "interchange_keras.npz"] {
      _ = try run.folder.file(name, fixture(name))
    }
    let x = Tensor(uniformIn: -1...1, shape: [7, 2, 3], key: RandomKey(seed: 1))
    try NPYWriter.write(
      ArrayEntry(name: "input", shape: [7, 2, 3], floats: x.scalars), to: run.folder.path + "/x.npy")
    let parts = [("a.npy", 0..<3), ("b.npy", 3..<7)]
    for (name, range) in parts {
      let part = x.sliced(axis: 0, range)
      try NPYWriter.write(
        ArrayEntry(name: "input", shape: part.shape, floats: part.scalars), to: run.folder.path + "/" + name)
    }
  }

  private func done(_ command: String) throws -> CommandLineRun.Result {
    let result = try run(command.split(separator: " ").map(String.init))
    #expect(result.code == 0, "\(command): \(result.errors)")
    return result
  }

  private func floats(_ file: String, _ name: String) throws -> [Float] {
    try ArrayFileCatalog.open(run.folder.path + "/" + file).file.array(named: name).floats()
  }

  @Test func aTextGoesOnFromItsState() throws {
    _ = try done("train language-model t.txt -o m.bundle --hidden 8 --epochs 1 --seed 2")
    let whole = try done("generate m.bundle --prompt a --length 50 --seed 7").output
    let first = try done("generate m.bundle --prompt a --length 20 --seed 7 --save-state s").output
    let second = try done("generate m.bundle --length 30 --load-state s").output
    #expect(first.dropLast() + second == whole)
    let fork = try done("generate m.bundle --length 30 --load-state s --seed 8").output
    #expect(fork != second)
    _ = try done("train language-model t.txt -o n.bundle --hidden 8 --epochs 1 --seed 3")
    let other = try run("generate", "n.bundle", "--load-state", "s")
    #expect(other.code == 1 && other.errors.contains("state of the model"))
    let evaluation = try done("evaluate m.bundle t.txt --save-state e --json").output
    #expect(evaluation.contains("\"nats\""))
    _ = try done("evaluate m.bundle t.txt --load-state e")
  }

  /// Checkpoints from before PyTorch 1.6 are read as those since are; what is called one and is none says so.
  @Test func checkpointsOfEitherForm() throws {
    for name in ["checkpoint.pt", "checkpoint_plain.pt"] {
      _ = try run.folder.file(name, fixture(name))
      _ = try done("apply \(name) --prefix model --input x.npy -o \(name).npz")
    }
    #expect(try floats("checkpoint.pt.npz", "output") == floats("checkpoint_plain.pt.npz", "output"))
    try run.write("text.pt", "no checkpoint")
    let refused = try run("apply", "text.pt", "--input", "x.npy", "-o", "y.npz")
    #expect(refused.code == 1 && refused.errors.contains("torch.save"), "\(refused.errors)")
    let below = try run("apply", "checkpoint.pt", "--prefix", "rnn", "--input", "x.npy", "-o", "y.npz")
    #expect(below.code == 1 && below.errors.contains("below \"rnn\""), "\(below.errors)")
  }

  @Test func exportsProveThemselves() throws {
    _ = try done(
      "train language-model t.txt -o m.bundle --hidden 8 --epochs 1 --cell slstm --tensorboard logs/a")
    #expect(run.text("logs/a/metrics.csv").hasPrefix("step,epoch,loss"))
    #expect(try run.names().contains("logs"))
    for flags in ["", " --streaming", " --lengths"] {
      let line = try done("export m.bundle -o m.onnx --json\(flags)").output
      let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(try #require(object["difference"] as? Double) < 1e-5)
    }
    #expect(try done("inspect m.onnx").output.contains("Scan"))
    _ = try done("import m.onnx -o g.bundle")
    _ = try done("export m.bundle -o m.safetensors")
    #expect(try run.bytes("m.safetensors") == run.bytes("m.bundle/model.safetensors"))
    #expect(try done("inspect m.bundle --json").output.contains("\"format\":\"bundle\""))
  }

  @Test(arguments: SmallTraining.everyKind) func everyTaskIsExported(_ training: SmallTraining) throws {
    try training.write(to: run)
    _ = try done(training.command("task.bundle", epochs: 1).joined(separator: " "))
    let line = try done("export task.bundle -o task.onnx --card task.md --json").output
    let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(try #require(object["difference"] as? Double) < 1e-4)
    #expect(run.text("task.md").hasPrefix("# A model of \(training.task) as a graph"))
    #expect(try done("inspect task.onnx").output.contains("recurrent.task: \(training.task)"))
  }

  @Test func layersOfOtherSystems() throws {
    _ = try done("import state_dict.pt -o l.bundle")
    _ = try done("apply state_dict.pt --input x.npy -o y.npz")
    _ = try done("apply l.bundle --input x.npy -o z.npz")
    #expect(try floats("y.npz", "output") == floats("z.npz", "output"))
    let keras = "interchange_keras.npz --prefix lstm-2/weights/"
    _ = try done("import \(keras) -o k.bundle")
    #expect(try done("export k.bundle -o k.onnx").output.contains("largest difference"))
    let refused = try run("apply", "hostile_command.pt", "--input", "x.npy", "-o", "y.npz")
    #expect(refused.code == 1 && refused.errors.contains("refused"))
  }

  @Test func layersGoOnFromTheirState() throws {
    let layer = RecurrentLayer(layerCount: 2, inputSize: 3, key: RandomKey(seed: 5)) {
      AnyCell(GRU(inputSize: $0, hiddenSize: 4, key: $1))
    }
    try SafetensorsWriter.write(layer.entries(), to: run.folder.path + "/gru.safetensors")
    _ = try done("apply gru.safetensors --input x.npy -o whole.npz")
    _ = try done("apply gru.safetensors --input a.npy -o first.npz --save-state s")
    _ = try done("apply gru.safetensors --input b.npy -o second.npz --load-state s")
    let parts = try floats("first.npz", "output") + floats("second.npz", "output")
    #expect(try floats("whole.npz", "output") == parts)
    #expect(try floats("whole.npz", "h_n") == floats("second.npz", "h_n"))
    #expect(try done("inspect s").output.contains("h_l0"))
    #expect(try done("inspect s --compare s").output.contains("2 arrays the same"))
    let other = try run("inspect", "whole.npz", "--compare", "first.npz")
    #expect(other.code == 1 && other.output.contains("output") && other.output.contains("h_n"))
  }
}
