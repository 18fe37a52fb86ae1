import Foundation
import RecurrentTestSupport
import Testing

/// Wrong use and broken files end with a code and a message that says what to do, and leave nothing behind.
@Suite struct ErrorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let command: String
    let code: Int32
    let fragments: [String]

    init(_ command: String, _ code: Int32, _ fragments: String...) {
      (self.command, self.code, self.fragments) = (command, code, fragments)
    }

    var testDescription: String { command }
  }

  let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
    try run.write("t.txt", sampleText(3_000))
    try run.write("empty.txt", "")
    try run.write("short.txt", "brief")
    _ = try run.folder.file("latin.txt", Array("abcdefg".utf8) + [0xE9, 0x20])
    try FileManager.default.createDirectory(
      atPath: run.folder.path + "/folder", withIntermediateDirectories: false)
    try run.write("unknown.yaml", "epochs: 2\nhidden: 8\nlearning-rtae: 0.1\n")
    try run.write("type.yaml", "epochs: 2\nhidden: abc\n")
    try run.write("type.json", "{\n  \"epochs\": 2,\n  \"cell\": \"lsmt\"\n}\n")
    try run.write("range.yaml", "epochs: 2\n\ndropout: 1.5\n")
    try run.write("broken.yaml", "epochs: 2\nhidden: [\n")
    try run.write("list.yaml", "- epochs\n- 2\n")
    try run.write("memory.yaml", "bptt-memory: 12 parsecs\n")
  }

  private static let train = "train language-model "

  @Test(arguments: [
    Case("apply nope.onnx --input x.npy -o y.npz", 1, "nope.onnx"),
    Case("apply t.txt --input t.txt -o y.npz", 1, "t.txt"),
    Case("apply t.txt --input t.txt -o y.txt", 2, "--output is y.txt", ".npz"),
    Case("apply empty.txt --input t.txt -o y.npz", 1, "error: "),
    Case("import t.txt -o x.bundle", 1, "t.txt"),
    Case("import empty.txt -o x.bundle", 1, "empty.txt"),
    Case("import folder -o x.bundle", 1, "folder"),
    Case("export folder -o x.onnx", 1, "folder", "task.json"),
    Case("export t.txt -o x.bin", 2, "--format is missing"),
    Case("export t.txt -o x.onnx --precision bfloat16", 2, "--precision is bfloat16"),
    Case("export t.txt -o x.onnx --verify-with torch", 2, "--verify-with is torch"),
    Case("inspect nope.pt", 1, "nope.pt"),
    Case("inspect empty.txt", 1, "empty.txt"),
    Case("inspect t.txt", 1, "t.txt"),
    Case(train + "nope.txt -o x.bundle", 1, "error: nope.txt: no such file"),
    Case(train + "empty.txt -o x.bundle", 1, "empty.txt", "empty"),
    Case(train + "folder -o x.bundle", 1, "folder: is a folder"),
    Case(train + "/dev/null -o x.bundle", 1, "/dev/null", "device"),
    Case(train + "t.txt short.txt nope.txt -o x.bundle", 1, "nope.txt"),
    Case(train + "short.txt -o x.bundle --sequence-length 20", 1, "short.txt: ", "has 5 tokens, too few"),
    Case(train + "t.txt -o x.bundle --sequence-length 5000", 1, "t.txt: ", "too few", "5000 steps"),
    Case(train + "latin.txt -o x.bundle", 1, "latin.txt: byte 7 (0xE9)", "UTF-8"),
    Case(train + "t.txt --valid latin.txt -o x.bundle", 1, "latin.txt: byte 7"),
    Case(train + "t.txt", 2, "--output"),
    Case(train + "-o x.bundle", 2, "name the data"),
    Case(train + "t.txt -o x.bundle --hiden 3", 2, "--hiden", "--hidden"),
    Case(train + "t.txt -o x.bundle --hidden 0", 2, "--hidden is 0, expected a whole number from 1 to 65536"),
    Case(train + "t.txt -o x.bundle --hidden abc", 2, "\"abc\"", "--hidden"),
    Case(train + "t.txt -o x.bundle --layers -1", 2, "--layers is -1, expected a whole number"),
    Case(train + "t.txt -o x.bundle --dropout 1", 2, "--dropout is 1, expected at least 0 and below 1"),
    Case(train + "t.txt -o x.bundle --dropout 0.999999999999", 2, "--dropout"),
    Case(train + "t.txt -o x.bundle --dropout nan", 2, "--dropout"),
    Case(train + "t.txt -o x.bundle --zoneout 1", 2, "--zoneout is 1, expected at least 0 and below 1"),
    Case(train + "t.txt -o x.bundle --cell gru --layer-norm", 2, "layer normalisation", "not gru"),
    Case(train + "t.txt -o x.bundle --cell gru --zoneout-cell 0.1", 2, "cell state", "gru"),
    Case(train + "t.txt -o x.bundle --activation relu", 2, "belongs to elman, not lstm"),
    Case(train + "t.txt -o x.bundle --cell elman --activation leaky:0.1", 2, "--activation", "leaky-relu"),
    Case(train + "t.txt -o x.bundle --cell-clip 0", 2, "--cell-clip is 0, expected a positive number"),
    Case(train + "t.txt -o x.bundle --cell gru --window 2", 2, "belongs to qrnn, not gru"),
    Case(train + "t.txt -o x.bundle --cell mlstm --hidden 10 --heads 3", 1, "heads is 3", "10 units"),
    Case(train + "t.txt -o x.bundle --cell sru --zoneout 0.1", 2, "sru has none"),
    Case(train + "t.txt -o x.bundle --projection 0", 2, "--projection"),
    Case(train + "t.txt -o x.bundle --learning-rate 0", 2, "--learning-rate"),
    Case(train + "t.txt -o x.bundle --learning-rate inf", 2, "--learning-rate"),
    Case(train + "t.txt -o x.bundle --warm-up 9223372036854775807", 2, "--warm-up"),
    Case(train + "t.txt -o x.bundle --clip-norm -1", 2, "--clip-norm"),
    Case(train + "t.txt -o x.bundle --average 1", 2, "--average"),
    Case(train + "t.txt -o x.bundle --split 0.9,0.2,0.1", 2, "split", "add up to 1"),
    Case(train + "t.txt -o x.bundle --split 0.9", 2, "--split is 0.9", "add up to 1"),
    Case(train + "t.txt -o x.bundle --split 0.8,0.1,0.1 --valid t.txt", 1, "--split", "files for validation"),
    Case(train + "t.txt -o x.bundle --cutoffs 5,x", 2, "--cutoffs is \"5,x\"", "numbers from 1"),
    Case(train + "t.txt -o x.bundle --cutoffs 9,5", 2, "--cutoffs is 9,5", "rise from 1"),
    Case(train + "t.txt -o x.bundle --cutoffs 5 --softmax full", 2, "--softmax is full, expected adaptive"),
    Case(
      train + "t.txt -o x.bundle --adaptive-division 0.5", 2,
      "--adaptive-division is 0.5, expected at least 1"),
    Case(train + "t.txt -o x.bundle --cutoffs 5,9000", 1, "below the", "found 5,9000"),
    Case(train + "t.txt -o x.bundle --softmax adaptive --tie-embeddings", 1, "full with tied embeddings"),
    Case(train + "t.txt -o x.bundle --cell lsmt", 2, "lsmt", "did you mean lstm?"),
    Case(
      train + "t.txt -o x.bundle --precision int8", 2, "--precision is \"int8\", expected float32 or bfloat16"
    ),
    Case(
      train + "t.txt -o x.bundle --precision bfloat16 --cell sru", 2, "lstm, gru and elman",
      "sru computes in float32"),
    Case(
      train + "t.txt -o x.bundle --precision bfloat16 --layer-norm", 2, "with options inside the step lstm"),
    Case(train + "t.txt -o x.bundle --precision half", 2, "half", "float32 or bfloat16"),
    Case(train + "t.txt -o x.bundle --threads 0", 2, "--threads"),
    Case(train + "t.txt -o x.bundle --seed -1", 2, "--seed"),
    Case(train + "t.txt -o x.bundle --bptt-memory 512", 2, "--bptt-memory", "512MB, 2GB or 1GiB"),
    Case(
      train + "t.txt -o x.bundle --bptt-memory 2MB", 1, "2MB of memory are too little",
      "the least that works is"),
    Case(
      train + "t.txt -o x.bundle --config memory.yaml", 1,
      "memory.yaml: line 1: bptt-memory is \"12 parsecs\""),
    Case(train + "t.txt -o x.bundle --unit word --vocabulary-size 1", 2, "--vocabulary-size"),
    Case(train + "t.txt -o x.bundle --unit bpe --vocabulary-size 100", 1, "at least 256"),
    Case(train + "t.txt -o x.bundle --hidden 65536 --layers 64", 1, "parameters", "memory", "--hidden"),
    Case(train + "t.txt -o t.txt/x.bundle", 1, "t.txt/x.bundle"),
    Case(train + "t.txt -o folder", 1, "folder: is not a bundle"),
    Case(train + "t.txt -o folder --overwrite", 1, "folder: is not a bundle", "never replaced"),
    Case(train + "t.txt -o t.txt --overwrite", 1, "t.txt: is not a bundle"),
    Case(train + "t.txt -o x.bundle --config nope.yaml", 1, "nope.yaml: no such file"),
    Case(
      train + "t.txt -o x.bundle --config unknown.yaml", 1, "unknown.yaml: line 3",
      "did you mean \"learning-rate\"?"),
    Case(
      train + "t.txt -o x.bundle --config type.yaml", 1,
      "type.yaml: line 2: hidden is \"abc\", expected a whole number"),
    Case(train + "t.txt -o x.bundle --config type.json", 1, "type.json: line 3: cell is \"lsmt\"", "gru"),
    Case(train + "t.txt -o x.bundle --config range.yaml", 1, "range.yaml: line 3: dropout is 1.5"),
    Case(train + "t.txt -o x.bundle --config broken.yaml", 1, "broken.yaml", "line 3"),
    Case(train + "t.txt -o x.bundle --config list.yaml", 1, "list.yaml", "name: value"),
    Case(train + "t.txt -o x.bundle --learning-rate 1e30 --clip-norm 0", 1, "diverged", "learning rate"),
    Case("trian t.txt", 2, "'trian'", "did you mean 'train'?"),
    Case("train language-modle t.txt -o x", 2, "did you mean 'language-model'?"),
    Case("frobnicate", 2, "'train', 'generate', 'evaluate'"),
    Case("--nonsense", 2, "--nonsense"),
    Case("generate", 2, "<bundle>"),
    Case("generate nope.bundle", 1, "nope.bundle: no such bundle"),
    Case("generate t.txt", 1, "t.txt: is not a bundle: it is a file"),
    Case("generate folder", 1, "folder: is not a bundle: it has no task.json"),
    Case("generate x --length -1", 2, "--length is -1"),
    Case("generate x --temperature -0.5", 2, "--temperature"),
    Case("generate x --temperature nan", 2, "--temperature"),
    Case("generate x --top-k 0", 2, "--top-k is 0"),
    Case("generate x --top-p 0", 2, "--top-p"),
    Case("generate x --top-p 1.5", 2, "--top-p"),
    Case("generate x --repetition-penalty 0", 2, "--repetition-penalty"),
    Case("generate x --count 0", 2, "--count"),
    Case("evaluate x.bundle", 2, "<data>"),
    Case("evaluate nope.bundle t.txt", 1, "nope.bundle: no such bundle"),
  ])
  func message(_ test: Case) throws {
    let before = try run.names()
    let result = try run(test.command.split(separator: " ").map(String.init))
    #expect(result.code == test.code, "\(result.errors)")
    #expect(result.output == "")
    for fragment in test.fragments {
      #expect(result.errors.contains(fragment), "\"\(fragment)\" is not in: \(result.errors)")
    }
    #expect(try run.names() == before)
  }

  @Test(arguments: [
    "", "--help", "train --help", "train language-model --help", "generate --help", "evaluate -h",
    "apply --help", "import --help", "export --help", "inspect --help",
    "--version",
  ])
  func help(_ command: String) throws {
    let result = try run(command.split(separator: " ").map(String.init))
    #expect(result.code == 0 && result.errors == "" && !result.output.isEmpty)
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE:") })
    #expect(!result.output.contains("checkpoint-seconds"))
  }

  // MARK: Damaged bundles

  private static let trained = Swift.Result { () throws -> CommandLineRun in
    let run = try CommandLineRun()
    try run.write("t.txt", sampleText(3_000))
    let result = try run(["train", "language-model", "t.txt", "-o", "good.bundle"] + tiny)
    try require(result.code == 0, result.errors)
    return run
  }

  struct Damage: CustomTestStringConvertible, Sendable {
    let name: String
    let fragments: [String]
    let apply: @Sendable (_ folder: String) throws -> Void

    init(_ name: String, _ fragments: String..., apply: @escaping @Sendable (_ folder: String) throws -> Void)
    {
      (self.name, self.fragments, self.apply) = (name, fragments, apply)
    }

    /// Changes a text in task.json.
    init(_ text: String, _ replacement: String, _ fragments: String...) {
      name = replacement
      self.fragments = fragments
      apply = { folder in
        let url = URL(filePath: folder + "/task.json")
        let old = try String(contentsOf: url, encoding: .utf8)
        try require(old.contains(text), "task.json has no \(text)")
        try old.replacingOccurrences(of: text, with: replacement).write(
          to: url, atomically: true, encoding: .utf8)
      }
    }

    var testDescription: String { name }
  }

  private static func truncate(_ file: String, keeping share: Double) -> @Sendable (String) throws -> Void {
    { folder in
      let url = URL(filePath: folder + "/" + file)
      let data = try Data(contentsOf: url)
      try data.prefix(Int(Double(data.count) * share)).write(to: url)
    }
  }

  @Test(arguments: [
    Damage("no model", "model.safetensors", "no such file") {
      try FileManager.default.removeItem(atPath: $0 + "/model.safetensors")
    },
    Damage("no task.json", "no task.json") { try FileManager.default.removeItem(atPath: $0 + "/task.json") },
    Damage("half a model", "model.safetensors", apply: truncate("model.safetensors", keeping: 0.5)),
    Damage("empty model", "model.safetensors", apply: truncate("model.safetensors", keeping: 0)),
    Damage("half a task.json", "task.json", "damaged", apply: truncate("task.json", keeping: 0.5)),
    Damage("empty task.json", "task.json", "damaged", apply: truncate("task.json", keeping: 0)),
    Damage("\"version\" : 1", "\"version\" : 7", "version 7", "reads version 1"),
    Damage("\"task\" : \"language-model\"", "\"task\" : \"tagging\"", "\"tagging\"", "\"language-model\""),
    Damage("\"recurrent-bundle\"", "\"something\"", "something"),
    Damage("\"hiddenSize\" : 12", "\"hiddenSize\" : 13", "task.json", "parameters"),
    Damage("\"hiddenSize\" : 12", "\"hiddenSize\" : 65536", "task.json", "parameters"),
    Damage("\"hiddenSize\" : 12", "\"hiddenSize\" : 9000000000000000000", "task.json", "hiddenSize"),
    Damage("\"hiddenSize\" : 12", "\"hiddenSize\" : -12", "task.json", "hiddenSize"),
    Damage("\"hiddenSize\" : 12", "\"hiddenSize\" : \"nan\"", "task.json", "hiddenSize"),
    Damage("\"hiddenSize\" : 12", "\"hiddenSize\" : 1e400", "task.json"),
    Damage("\"layerCount\" : 1", "\"layerCount\" : 65536", "task.json", "parameters"),
    Damage("\"dropoutRate\" : 0.2", "\"dropoutRate\" : 1.5", "task.json", "dropoutRate"),
    Damage("\"dropoutRate\" : 0.2", "\"dropoutRate\" : \"nan\"", "task.json", "dropoutRate"),
    Damage("\"cell\" : \"lstm\"", "\"cell\" : \"gru\"", "task.json", "parameters"),
    Damage("\"cell\" : \"lstm\"", "\"cell\" : \"lsmt\"", "task.json", "lsmt"),
    Damage("\"vocabulary\"", "\"vocabluary\"", "task.json", "\"vocabulary\" is missing"),
    // as many parameters, in other shapes
    Damage("other names", "model.safetensors", "does not hold this model") { folder in
      let file = try SafetensorsFile(path: folder + "/model.safetensors")
      let entries = try file.tensors.map {
        ArrayEntry(
          name: $0.name, shape: $0.name == "embedding.weight" ? $0.shape.reversed() : $0.shape,
          floats: try file.floats(named: $0.name))
      }
      try SafetensorsWriter.write(entries, metadata: [:], to: folder + "/model.safetensors")
    },
  ])
  func damagedBundle(_ damage: Damage) throws {
    let trained = try ErrorTests.trained.get()
    let copy = run.folder.path + "/x.bundle"
    try FileManager.default.copyItem(atPath: trained.folder.path + "/good.bundle", toPath: copy)
    // whole, it is read
    _ = try TrainedTask<LanguageModelTask>(bundle: copy)
    try damage.apply(copy)
    let result = try run("generate", "x.bundle")
    #expect(result.code == 1, "\(result.errors)")
    #expect(result.output == "")
    for fragment in ["x.bundle"] + damage.fragments {
      #expect(result.errors.contains(fragment), "\"\(fragment)\" is not in: \(result.errors)")
    }
  }

  @Test func evaluateRefusesAndCounts() throws {
    let trained = try ErrorTests.trained.get()
    try FileManager.default.copyItem(
      atPath: trained.folder.path + "/good.bundle", toPath: run.folder.path + "/x.bundle")
    try run.write("one.txt", "a")
    try run.write("strange.txt", "the river 漢字 runs 漢")
    for (file, fragment) in [
      ("nope.txt", "no such file"), ("empty.txt", "empty"), ("one.txt", "at least 2"),
      ("latin.txt", "byte 7"),
    ] {
      let result = try run("evaluate", "x.bundle", file)
      #expect(result.code == 1 && result.errors.contains(fragment), "\(result.errors)")
      #expect(result.errors.contains(file), "\(result.errors)")
    }
    let text = try run("evaluate", "x.bundle", "strange.txt")
    #expect(
      text.code == 0 && text.output.contains("3 tokens not seen in training: \"漢\" \"字\""), "\(text.output)")
    let json = try run("evaluate", "x.bundle", "strange.txt", "--json")
    let value = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(value["unknownCount"] as? Int == 3 && value["unknownExamples"] as? [String] == ["漢", "字"])
    #expect(value["tokenCount"] as? Int == 18 && value["characterCount"] as? Int == 18)
  }
}
