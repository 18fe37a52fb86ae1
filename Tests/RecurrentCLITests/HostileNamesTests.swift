import Foundation
import RecurrentTestSupport
import Testing

/// Names and labels of a file are shown, never obeyed: by a terminal, by a browser, or as Markdown.
@Suite struct HostileNamesTests {
  let run: CommandLineRun

  /// Colours, a title of the window, a cleared screen in one character of C1, a turned direction, an element of HTML.
  private static let hostile = "\u{1B}[31m\u{1B}]0;x\u{7}\u{9B}2J\u{202E}<script>alert(1)</script>\u{7F}"

  init() throws { run = try CommandLineRun() }

  private func expectShown(_ text: String, _ what: String) {
    let obeyed = text.unicodeScalars.filter { scalar in
      scalar != "\n" && scalar != "\t"
        && (scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
          || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value))
    }
    #expect(obeyed.isEmpty, "\(what): \(obeyed.map { String($0.value, radix: 16) })")
  }

  private func expectShown(_ result: CommandLineRun.Result, _ what: String) {
    expectShown(result.output, what)
    expectShown(result.errors, what)
  }

  private func expectPlainMarkup(_ name: String) {
    let text = run.text(name)
    expectShown(text, name)
    #expect(!text.isEmpty && !text.contains("<script"), "\(name)")
  }

  @Test func arraysAndMetadata() throws {
    let name = HostileNamesTests.hostile
    for (file, value) in [("a.safetensors", Float(1)), ("b.safetensors", 2)] {
      try SafetensorsWriter.write(
        [ArrayEntry(name: name, shape: [1], floats: [value])], metadata: [name + "k": name + "\nsecond line"],
        to: run.folder.path + "/" + file)
    }
    for words in [
      ["inspect", "a.safetensors"], ["inspect", "a.safetensors", "--json"],
      ["inspect", "a.safetensors", "--compare", "b.safetensors"],
      ["apply", "a.safetensors", "--input", "b.safetensors", "-o", "c.npz"],
      ["import", "a.safetensors", "-o", "c.bundle"], ["inspect", "no\u{1B}[2Jsuch"],
    ] {
      let result = try run(words)
      expectShown(result, words.joined(separator: " "))
      #expect(!(result.output + result.errors).isEmpty)
    }
    // the name in JSON is the name
    let line = try run("inspect", "a.safetensors", "--json").output
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let row = try #require((object["arrays"] as? [[String: Any]])?.first)
    #expect(row["name"] as? String == name)
    // a name cannot pretend to be lines of its own
    #expect(try run("inspect", "a.safetensors").output.contains("\\u{a}second line"))
  }

  @Test func labelsColumnsAndFiles() throws {
    let label = HostileNamesTests.hostile + "|`*[x](y)"
    let noise = RandomKey(seed: 1).uniforms(40 * 8)
    let rows = (0..<40).map { row in
      (row % 2 == 0 ? label : "other") + ","
        + (0..<8).map { "\((row % 2 == 0 ? 0.3 : -0.3) * Float($0) + noise[row * 8 + $0])" }.joined(
          separator: ",")
    }
    let header = "label," + (0..<8).map { "t\($0)\u{1B}[3\($0)m" }.joined(separator: ",")
    let name = "a\u{1B}[2J<script>.csv"
    try run.write(name, header + "\n" + rows.joined(separator: "\n") + "\n")
    let trained = try run(
      "train", "classification", name, "-o", "x.bundle", "--hidden", "4", "--epochs", "2", "--label-column",
      "label")
    #expect(trained.code == 0, "\(trained.errors)")
    expectShown(trained, "train")
    for file in ["card.md", "report.html", "loss.svg"] { expectPlainMarkup("x.bundle/" + file) }
    #expect(run.text("x.bundle/card.md").contains("&lt;script&gt;"))
    for words in [
      ["evaluate", "x.bundle", name, "--report", "r.html"], ["evaluate", "x.bundle", name, "--json"],
    ] {
      let result = try run(words)
      #expect(result.code == 0, "\(result.errors)")
      expectShown(result, words.joined(separator: " "))
    }
    expectPlainMarkup("r.html")
    for format in ["table", "jsonl"] {
      let result = try run("predict", "x.bundle", name, "--format", format)
      #expect(result.code == 0, "\(result.errors)")
      expectShown(result, format)
    }
    // programs get labels as they are
    let line = try run("predict", "x.bundle", name, "--format", "jsonl").output.split(separator: "\n")[0]
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect([object["label"] as? String, object["label 2"] as? String].contains(label))
    #expect(try run("predict", "x.bundle", name, "--format", "csv").output.contains("\u{1B}[31m"))
  }

  @Test func contentInMessages() throws {
    try run.write("s.csv", "date,y\n1,2\n2,\u{1B}[31m\u{9B}x\n3,4\n")
    try run.write("c.yaml", "hid\u{1B}[31mden: 3\n")
    try run.write("w.csv", "label,a\nx,1\ny,2\n")
    for words in [
      ["train", "forecasting", "s.csv", "-o", "x.bundle", "--target", "y"],
      ["train", "classification", "w.csv", "-o", "x.bundle", "--config", "c.yaml"],
      ["train", "classification", "w.csv", "-o", "x.bundle", "--la\u{1B}[31mbel", "x"],
      ["trai\u{1B}[31mn"], ["generate", "x\u{1B}[31m"],
    ] {
      let result = try run(words)
      #expect(result.code != 0)
      expectShown(result, "\(words)")
    }
  }

  /// What a model writes goes to a file or a program as it is; what is shown of it is not obeyed.
  @Test func samples() throws {
    let text = sampleText(2_000).replacing(" past ", with: " \u{1B}[31mpast\u{9B}\n```\n<script> ")
    try run.write("t.txt", text)
    let trained = try run(SmallTraining.languageModel.command())
    #expect(trained.code == 0, "\(trained.errors)")
    expectShown(trained, "train")
    expectShown(run.text("x.bundle/card.md"), "card")
  }
}
