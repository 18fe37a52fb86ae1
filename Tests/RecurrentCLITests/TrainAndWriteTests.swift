import Foundation
import RecurrentTestSupport
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// From a text to a bundle that is evaluated and writes.
@Suite struct TrainAndWriteTests {
  let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
    try run.write("t.txt", sampleText(6_000))
  }

  private func train(_ flags: [String]) throws -> CommandLineRun.Result {
    let result = try run(["train", "language-model", "t.txt", "-o", "x.bundle"] + tiny + flags)
    try require(result.code == 0, "\(flags): \(result.errors)")
    return result
  }

  private func object(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
  }

  @Test(arguments: [
    ["--unit", "character"], ["--unit", "byte", "--cell", "elman"], ["--unit", "word", "--cell", "gru"],
    ["--unit", "bpe", "--vocabulary-size", "300", "--cell", "gru-reset-before"],
    ["--unit", "word", "--softmax", "adaptive", "--split", "0.9,0.1,0"],
    [
      "--unit", "bpe", "--vocabulary-size", "300", "--softmax", "adaptive", "--cutoffs", "40,100",
      "--adaptive-division", "2",
    ],
    ["--cell", "elman-relu", "--initialization", "orthogonal", "--optimizer", "adamw"],
    ["--tie-embeddings", "--variational-dropout", "--optimizer", "rmsprop"],
    [
      "--cell", "lstm", "--layer-norm", "--peepholes", "--coupled-gates", "--projection", "7", "--cell-clip",
      "3",
      "--zoneout", "0.1", "--zoneout-cell", "0.2", "--layers", "2",
    ],
    [
      "--cell", "gru", "--zoneout", "0.1", "--input-dropout", "0.1", "--recurrent-dropout", "0.2",
      "--weight-drop",
      "0.3",
    ],
    ["--cell", "min-gru"], ["--cell", "min-lstm"], ["--cell", "indrnn"], ["--cell", "sru"],
    ["--cell", "qrnn", "--window", "3"], ["--cell", "slstm", "--heads", "2", "--hidden", "8"],
    ["--cell", "mlstm", "--heads", "2", "--hidden", "8"],
    ["--cell", "elman", "--activation", "leaky-relu:0.2", "--zoneout", "0.1"],
    ["--tie-embeddings", "--embedding", "12", "--optimizer", "asgd", "--schedule", "plateau"],
    [
      "--valid", "t.txt", "--min-count", "2", "--optimizer", "adagrad", "--schedule", "step", "--patience",
      "1",
    ],
    [
      "--split", "1,0,0", "--optimizer", "sgd", "--schedule", "constant", "--average", "0.9", "--warm-up",
      "3",
    ],
  ])
  func everyKind(_ flags: [String]) throws {
    let trained = try train(flags + ["--json"])
    let lines = try trained.output.split(separator: "\n").map { try object($0) }
    let events = lines.compactMap { $0["event"] as? String }
    #expect(events.count == lines.count && events.first == "start" && events.last == "end")
    #expect(events.filter { $0 == "epoch" }.count == 2 && events.filter { $0 == "step" }.count >= 4)
    for step in lines where step["event"] as? String == "step" {
      let loss = try #require(step["loss"] as? Double)
      #expect(loss > 0 && loss < 10)
    }
    #expect(trained.errors == "")

    let files = try FileManager.default.contentsOfDirectory(atPath: run.folder.path + "/x.bundle").sorted()
    #expect(files == ["card.md", "loss.svg", "model.safetensors", "task.json"])
    #expect(try run.names() == ["t.txt", "x.bundle"])
    #expect(XMLParser(data: try run.bytes("x.bundle/loss.svg")).parse())
    #expect(run.text("x.bundle/card.md").contains("t.txt"))
    #expect(try object(run.text("x.bundle/task.json"))["task"] as? String == "language-model")

    let prompt = "the river runs"
    let first = try run("generate", "x.bundle", "--prompt", prompt, "--length", "40", "--seed", "3")
    let again = try run("generate", "x.bundle", "--prompt", prompt, "--length", "40", "--seed", "3")
    let other = try run("generate", "x.bundle", "--prompt", prompt, "--length", "40", "--seed", "4")
    #expect(
      first.code == 0 && first.errors == "" && first.output == again.output && first.output != other.output)
    // as bytes: what a model of bytes writes may combine with its neighbours
    #expect(first.output.utf8.starts(with: prompt.utf8) && first.output.utf8.last == 10)
    #expect(!first.output.contains("<unk>"))
    if flags.contains("word") {
      // words of the text and marks between them
      let words = Set(sampleText(6_000).split { !$0.isLetter }.map(String.init))
      #expect(first.output.split { !$0.isLetter }.allSatisfy { words.contains(String($0)) })
      let next = first.output.dropFirst(prompt.count).first
      #expect(next.map { $0.isWhitespace || $0.isPunctuation } ?? false, "\(first.output)")
    }
  }

  /// What training reports of a part is what evaluating that part gives.
  @Test(arguments: ["character", "byte", "word", "bpe"]) func evaluateAgrees(_ unit: String) throws {
    let characters = Array(sampleText(6_000).unicodeScalars)
    let ranges = DataShares.shares(training: 0.8, validation: 0.1, test: 0.1).ranges(of: characters.count)
    for (name, range) in [("validation", ranges.validation), ("test", ranges.test)] {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: characters[range])
      try run.write(name + ".txt", String(view))
    }
    let trained = try train(["--unit", unit, "--split", "0.8,0.1,0.1", "--vocabulary-size", "300", "--json"])
    let end = try object(try #require(trained.output.split(separator: "\n").last))
    for name in ["validation", "test"] {
      let evaluation = try run("evaluate", "x.bundle", name + ".txt", "--json")
      #expect(evaluation.code == 0)
      let (found, told) = (try object(evaluation.output), try #require(end[name] as? [String: Any]))
      #expect(found["nats"] as? Double == told["nats"] as? Double)
      #expect(NSDictionary(dictionary: found) == NSDictionary(dictionary: told))
      if unit == "character" {
        let (nats, bits) = (found["nats"] as? Double ?? 0, found["bitsPerCharacter"] as? Double ?? 1)
        #expect(abs(nats / 0.693147180559945 - bits) < 1e-9)
      }
    }
    #expect(try run("evaluate", "x.bundle", "test.txt").output.contains("perplexity"))
  }

  /// A model is trained in a precision, used in any, and told what that costs.
  @Test func precisions() throws {
    _ = try train(["--precision", "bfloat16", "--cell", "gru"])
    #expect(run.text("x.bundle/task.json").contains("\"precision\" : \"bfloat16\""))
    let own = try object(try run("evaluate", "x.bundle", "t.txt", "--json").output)
    #expect(own["precision"] == nil)
    for name in ["float32", "bfloat16", "int8"] {
      let result = try run("evaluate", "x.bundle", "t.txt", "--json", "--precision", name)
      #expect(result.code == 0, "\(result.errors)")
      let found = try object(result.output)
      let nats = found["nats"] as? Double ?? 0
      let float32 = (found["float32"] as? [String: Any])?["nats"] as? Double ?? 0
      #expect(found["precision"] as? String == name && float32 > 0)
      #expect(name == "float32" ? nats == float32 : nats != float32 && abs(nats - float32) < 0.05)
      if name == "bfloat16" { #expect(nats == own["nats"] as? Double) }
      #expect(try run("generate", "x.bundle", "--length", "5", "--precision", name).code == 0)
    }
    #expect(try run("evaluate", "x.bundle", "t.txt", "--precision", "int8").output.contains("difference"))
  }

  /// Without a terminal there are plain lines, without control characters.
  @Test func plainLines() throws {
    let result = try train([])
    #expect(!result.errors.contains("\u{1B}") && !result.errors.contains("\r"))
    #expect(result.errors.contains("epoch 1/2  loss") && result.errors.contains("epoch 2/2  loss"))
    #expect(result.output.contains("perplexity") && result.output.contains("a sample"))
    #expect(result.errors.contains("next: recurrent generate x.bundle"))
  }

  @Test func configurationFiles() throws {
    try run.write(
      "c.yaml", "hidden: 9\nepochs: 1\ncell: gru\ntie-embeddings: true\nsplit: [0.8, 0.1, 0.1]\nseed: 7\n")
    try run.write(
      "c.json",
      #"{"hidden": 9, "epochs": 1, "cell": "gru", "tie-embeddings": true, "split": [0.8, 0.1, 0.1], "seed": 7}"#
    )
    let flags = [
      "--hidden", "9", "--epochs", "1", "--cell", "gru", "--tie-embeddings", "--split", "0.8,0.1,0.1",
      "--seed", "7",
    ]
    for (name, settings) in [
      ("yaml", ["--config", "c.yaml"]), ("json", ["--config", "c.json"]), ("flags", flags),
      ("won", ["--config", "c.yaml", "--hidden", "11"]),
    ] {
      #expect(try run(["train", "language-model", "t.txt", "-o", name + ".bundle"] + settings).code == 0)
    }
    func model(_ name: String) throws -> Data { try run.bytes(name + ".bundle/model.safetensors") }
    #expect(try model("yaml") == model("flags") && model("json") == model("flags"))
    #expect(run.text("won.bundle/task.json").contains("\"hiddenSize\" : 11"))
  }

  @Test func writing() throws {
    _ = try train([])
    func write(_ arguments: String...) throws -> CommandLineRun.Result {
      let result = try run(["generate", "x.bundle"] + arguments)
      try require(result.code == 0, result.errors)
      return result
    }
    // always the likeliest, however it is asked for
    let likeliest = try write("--temperature", "0", "--length", "60", "--prompt", "the ")
    #expect(
      try write("--top-k", "1", "--length", "60", "--prompt", "the ", "--seed", "9").output
        == likeliest.output)
    #expect(try write("--top-p", "0.000001", "--length", "60", "--prompt", "the ").output == likeliest.output)
    #expect(try write("--length", "0", "--prompt", "the").output == "the\n")
    #expect(try write("--length", "0").output == "\n")
    #expect(try write("--length", "5").output.unicodeScalars.count == 6)
    #expect(try write("--length", "0", "--prompt", "--- \"é").output == "--- \"é\n")

    let texts = try write("--count", "3", "--length", "30", "--json").output.split(separator: "\n").map {
      try object($0)
    }
    #expect(texts.compactMap { $0["index"] as? Int } == [0, 1, 2])
    #expect(Set(texts.compactMap { $0["text"] as? String }).count == 3)
    #expect(
      texts.allSatisfy {
        ($0["text"] as? String)?.unicodeScalars.count == 30 && $0["end"] as? String == "length"
      })
    let plain = try write("--count", "3", "--length", "30").output
    for text in texts { #expect(plain.contains(try #require(text["text"] as? String))) }

    let strange = try write("--prompt", "漢 the", "--length", "3")
    #expect(
      strange.output.hasPrefix("漢 the") && strange.errors.contains("1 of 5 tokens of the prompt: \"漢\""))
  }

  /// A stop text ends the text before it, also where it goes over several tokens or begins inside one.
  @Test(arguments: ["character", "word", "bpe"]) func stopping(_ unit: String) throws {
    _ = try train(["--unit", unit, "--vocabulary-size", "300"])
    func write(_ arguments: [String]) throws -> [String: Any] {
      try object(
        try run(["generate", "x.bundle", "--length", "60", "--seed", "2", "--json"] + arguments).output)
    }
    let whole = try #require(try write([])["text"] as? String)
    #expect(whole.count > 20)
    for (start, length) in [(0, 1), (7, 1), (7, 2), (10, 5), (15, 4)] {
      let stop = String(whole.dropFirst(start).prefix(length))
      let found = try write(["--stop", "not there", "--stop", stop])
      let cut = try #require(whole.range(of: stop)?.lowerBound)
      #expect(found["text"] as? String == String(whole[..<cut]), "\(stop)")
      #expect(found["end"] as? String == "stop")
    }
    let other = try write(["--stop", whole + "!"])
    #expect(other["text"] as? String == whole && other["end"] as? String == "length")
  }

  /// A reader that has seen enough ends the writer, without a word.
  @Test func pipes() throws {
    _ = try train([])
    let head = try run.shell("$R generate x.bundle --length 100000 | head -c 20; echo; echo done")
    #expect(head.code == 0 && head.errors == "" && head.output.hasSuffix("\ndone\n"), "\(head.errors)")
    #expect(head.output.unicodeScalars.count >= 20)
    let full = try run.shell("$R generate x.bundle --length 3 > /dev/full")
    #expect(full.code == 1 && full.errors.contains("standard output"), "\(full.errors)")
  }
}
