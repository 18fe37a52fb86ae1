import Foundation
import RecurrentTestSupport
import Testing

/// `recurrent explain`.
@Suite struct ExplainTests {
  /// A bundle of every task that has a loss of an example is explained by an example of its data.
  @Test(arguments: SmallTraining.all)
  func everyTask(_ training: SmallTraining) throws {
    let run = try CommandLineRun()
    try training.write(to: run)
    let trained = try run(training.command(epochs: 1))
    #expect(trained.code == 0, "\(trained.errors)")
    if training.task == "recommendation" {
      let refused = try run("explain", "x.bundle", training.data, "--output", "page.html")
      #expect(
        refused.code == 1 && refused.errors.contains("no loss of a single example"), "\(refused.errors)")
      #expect(!run.exists("page.html"))
      return
    }
    let result = try run(
      ["explain", "x.bundle", training.data, "--output", "page.html", "--steps", "20", "--threads", "1"]
        // the first text to translate has one token, and nothing to unroll
        + (training.task == "translation" ? ["--example", "4"] : []))
    #expect(result.code == 0 && result.output.contains("wrote page.html"), "\(result.errors)")
    let page = run.text("page.html")
    let check = try checkedMarkup(page)
    #expect(
      check.text.contains("decoder with attention is one operation")
        == ["translation", "captioning"].contains(training.task), "\(training.task)")
    #expect(page.utf8.count < 2_000_000 && !page.contains("<script") && !page.contains("src="))
    for text in ["The loop, unrolled", "Backwards through time", "Gates and units"] {
      #expect(check.text.contains(text), "\(training.task): \(text); \(result.errors)")
    }
    #expect(check.text.contains("What each step adds to the gradients"), "\(training.task) \(result.errors)")
    let differences = result.output.split(separator: "\n").filter {
      $0.hasPrefix("contributions against gradient: ")
    }
    let difference = try #require(differences.first?.split(separator: " ").last.flatMap { Double($0) })
    #expect(difference < 1e-3, "\(training.task) \(difference)")
    guard ["language-model", "classification", "tagging", "forecasting"].contains(training.task) else {
      return
    }
    try Browser.open(run.folder.path + "/page.html", shows: ["The loop, unrolled", "Backwards through time"])
  }

  @Test func textsAndComparisons() throws {
    let run = try CommandLineRun()
    try SmallTraining.languageModel.write(to: run)
    #expect(try run(SmallTraining.languageModel.command()).code == 0)
    let before = try run.bytes("x.bundle/model.safetensors")
    let result = try run(
      "explain", "x.bundle", "--text", "the old river <b>", "--compare", "--output", "page.html", "--threads",
      "1")
    #expect(result.code == 0, "\(result.errors)")
    let check = try checkedMarkup(run.text("page.html"))
    #expect(check.text.contains("How x.bundle reads \"the old river <b>\""))
    #expect(
      check.text.contains("The same input through other cells")
        && check.text.contains("elman, uniform weights"))
    #expect(try run.bytes("x.bundle/model.safetensors") == before)
    // the same page again, on any number of threads
    let again = try run(
      "explain", "x.bundle", "--text", "the old river <b>", "--compare", "--output", "again.html",
      "--threads", "2")
    #expect(again.code == 0 && run.text("again.html") == run.text("page.html"))
    for (words, part) in [
      (["explain", "x.bundle", "--output", "p.html"], "name an example of data"),
      (["explain", "x.bundle", "--text", "a", "--output", "p.html"], "at least 2 tokens"),
      (["explain", "x.bundle", "t.txt", "--text", "a", "--output", "p.html"], "name no data beside it"),
      (["explain", "x.bundle", "t.txt", "--example", "2", "--output", "p.html"], "found 1 example"),
      (["explain", "x.bundle", "t.txt", "--steps", "999", "--output", "p.html"], "expected 1 to 240"),
      (["explain", "x.bundle", "t.txt", "--cell", "gru", "--output", "p.html"], "--untrained"),
      (["explain", "x.bundle", "t.txt", "--output", "x.bundle/task.json"], "is read; name another file"),
      (["explain", "--untrained", "--cell", "gur", "--output", "p.html"], "did you mean gru?"),
      (["explain", "--untrained", "--cell", "gru,gru", "--output", "p.html"], "cells that differ"),
      (["explain", "--untrained", "x.bundle", "--output", "p.html"], "needs neither a bundle"),
      (["explain", "--output", "p.html"], "name the bundle"),
    ] {
      let refused = try run(words)
      #expect(refused.code != 0 && refused.errors.contains(part), "\(words): \(refused.errors)")
      #expect(!run.exists("p.html"))
    }
  }

  @Test func untrainedCells() throws {
    let run = try CommandLineRun()
    let result = try run(
      "explain", "--untrained", "--cell", "elman,lstm,gru", "--hidden", "32", "--steps", "60", "--output",
      "vanishing.html", "--threads", "1")
    #expect(result.code == 0, "\(result.errors)")
    #expect(
      result.output.contains("elman: gradient reaches ")
        && result.output.contains("lstm: gradient reaches all 59 steps (forget bias 4.1)")
        && result.output.contains("gru: gradient reaches all 59 steps (update bias 4.1)"))
    let check = try checkedMarkup(run.text("vanishing.html"))
    for text in ["lstm, uniform biases", "gru, uniform biases", "elman, orthogonal weights", "ln(T - 1)"] {
      #expect(check.text.contains(text), "\(text)")
    }
    #expect(check.text.contains("How far gradients reach: elman, lstm, gru"))
    try Browser.open(run.folder.path + "/vanishing.html", shows: ["Vanishing and exploding gradients"])
  }

  /// Imported layers, which have no task, read random vectors.
  @Test func importedLayers() throws {
    let run = try CommandLineRun()
    let layer = RecurrentLayer(layerCount: 2, inputSize: 3, isBidirectional: true, key: RandomKey(seed: 4)) {
      GRU(inputSize: $0, hiddenSize: 5, key: $1)
    }
    try SafetensorsWriter.write(layer.entries(), to: run.folder.path + "/layers.safetensors")
    let result = try run(
      "explain", "layers.safetensors", "--steps", "20", "--output", "page.html", "--threads", "1")
    #expect(result.code == 0, "\(result.errors)")
    let check = try checkedMarkup(run.text("page.html"))
    for text in [
      "these layers belong to no task", "The loop, unrolled", "weight_hh_l0_reverse", "weight_hh_l1_reverse",
    ] {
      #expect(check.text.contains(text), "\(text)")
    }
    #expect(try run("explain", "layers.safetensors", "x.csv", "--output", "page.html").code == 2)
  }

  /// Of an example that is longer than can be looked at, the beginning is.
  @Test func longExamples() throws {
    let run = try CommandLineRun()
    try SmallTraining.tagging.write(to: run)
    #expect(try run(SmallTraining.tagging.command(epochs: 1)).code == 0)
    let values = RandomKey(seed: 5).uniforms(2 * 5000)
    let rows = (0..<5000).map {
      "\($0),\(values[2 * $0]),\(values[2 * $0 + 1]),\($0 % 2 == 0 ? "left" : "right")\n"
    }
    try run.write("long.csv", "step,a,b,move\n" + rows.joined())
    for (from, first) in [(1, 1), (4000, 905)] {
      let result = try run(
        "explain", "x.bundle", "long.csv", "--output", "page.html", "--steps", "30", "--from", "\(from)",
        "--threads", "1")
      #expect(result.code == 0, "\(result.errors)")
      #expect(
        result.errors.contains("of the 5,000 steps of the example \(grouped(first)) to"), "\(result.errors)")
      let check = try checkedMarkup(run.text("page.html"))
      #expect(check.text.contains("steps \(from) to \(from + 29) of 4,096 are drawn"))
    }
  }

  /// A graph of operators has no layers to unroll: what it is made of is shown.
  @Test func aGraph() throws {
    let run = try CommandLineRun()
    try SmallTraining.classification.write(to: run)
    #expect(try run(SmallTraining.classification.command(epochs: 1)).code == 0)
    #expect(try run("export", "x.bundle", "--output", "x.onnx").code == 0)
    let result = try run("explain", "x.onnx", "--output", "page.html")
    #expect(result.code == 0, "\(result.errors)")
    let check = try checkedMarkup(run.text("page.html"))
    #expect(check.text.contains("What x.onnx is made of") && check.text.contains("GRU"))
    #expect(try run("explain", "x.onnx", "waves.csv", "--output", "page.html").code == 2)
  }
}

/// A browser without a window, where one is installed.
enum Browser {
  private static let program = ["chromium", "chromium-browser", "google-chrome"].lazy.flatMap { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
  }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Opens a page, narrow and wide, light and dark, and verifies that nothing is said on the console, that texts are there, and
  /// that nothing is wider than the window but what scrolls by itself.
  /// Without a browser that is said and nothing is verified.
  static func open(_ path: String, shows texts: [String]) throws {
    guard let program else {
      print("no Chromium is installed: \(path) was not opened in a browser")
      return
    }
    let run = try CommandLineRun()
    let ruler =
      "<script>document.title = 'needs ' + document.documentElement.scrollWidth + ' of ' + innerWidth;"
      + "parent.postMessage(document.title, '*')</script>"
    try run.write(
      "measured.html",
      try String(contentsOfFile: path, encoding: .utf8).replacing("</body>", with: ruler + "</body>"))
    // a browser without a window is 500 pixels wide at least: the page is narrower in a frame
    try run.write(
      "framed.html",
      "<title></title><script>addEventListener('message', e => { document.title = e.data })</script>"
        + "<iframe src=\"measured.html\" width=\"360\" height=\"2000\" style=\"border:0\"></iframe>")
    for (file, width, isDark) in [("framed", 360, false), ("measured", 1200, true)] {
      let dark = isDark ? "--blink-settings=preferredColorScheme=0" : ""
      let result = try run.shell(
        "timeout 60 \(program) --headless --no-sandbox --disable-gpu --enable-logging=stderr \(dark) "
          + "--window-size=1200,2000 --virtual-time-budget=5000 --dump-dom 'file://\(run.folder.path)/\(file).html'"
      )
      try require(result.code == 0, "\(program): exit \(result.code) \(result.errors.suffix(500))")
      for text in texts where file == "measured" {
        try require(result.output.contains(text), "the browser does not show \"\(text)\"")
      }
      let title = try #require(
        result.output.firstMatch(of: #/<title>needs (\d+) of (\d+)<\/title>/#),
        "the page has no script: \(width)")
      try require(
        Int(title.1) ?? .max <= Int(title.2) ?? 0 && title.2 == "\(width)",
        "the page needs \(title.1) pixels of \(title.2)")
      let said = result.errors.split(separator: "\n").filter { $0.contains(":CONSOLE") }
      try require(said.isEmpty, "the console says \(said)")
    }
  }
}
