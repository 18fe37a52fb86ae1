import Foundation
import RecurrentTestSupport
import Testing

/// `recurrent generate` of a model that draws.
@Suite struct DrawingTests {
  private func trained(_ flags: [String] = []) throws -> CommandLineRun {
    let run = try CommandLineRun()
    try SmallTraining.sketch.write(to: run)
    let result = try run(SmallTraining.sketch.command() + flags)
    #expect(result.code == 0, "\(result.errors)")
    return run
  }

  @Test func drawsAllKindsOfFiles() throws {
    let run = try trained()
    let lines = try run("generate", "x.bundle", "--count", "5", "--threads", "1")
    #expect(lines.code == 0 && lines.output.split(separator: "\n").count == 5, "\(lines.errors)")
    #expect(lines.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"drawing\":[[[") })
    for (output, command) in [
      ("grid.svg", ["--count", "9", "--temperature", "0.4"]), ("one.svg", ["--animate"]),
      ("square.ndjson", ["--style", "square", "--count", "3"]),
      ("way.svg", ["--style", "square", "--style-to", "triangle", "--count", "4"]),
      ("sheet.svg", ["--count", "2", "--animate"]),
    ] {
      let result = try run(["generate", "x.bundle", "--output", output] + command)
      #expect(result.code == 0 && result.output.contains(output), "\(result.errors)")
    }
    #expect(try checkedMarkup(run.text("grid.svg")).count("path") > 0)
    #expect(
      run.text("square.ndjson").split(separator: "\n").allSatisfy { $0.hasPrefix("{\"word\":\"square\"") })
    #expect(run.text("sheet.svg").contains("@keyframes") && run.text("one.svg").contains("viewBox"))
    let folder = try run("generate", "x.bundle", "--count", "11", "--output", "all/")
    #expect(folder.code == 0, "\(folder.errors)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: run.folder.path + "/all").sorted().first == "01.svg"
    )
    let like = try run("generate", "x.bundle", "--like", "one.svg", "--output", "like.svg")
    #expect(like.code == 0 && like.errors.contains("is nearest to the style \""), "\(like.errors)")
    // what was drawn can be trained on, scored, and gone on with
    #expect(try run("evaluate", "x.bundle", "square.ndjson", "--json").output.contains("\"natsPerPoint\""))
    #expect(try run("predict", "x.bundle", "all").code == 0)
    let again = try run("generate", "x.bundle", "--complete", "one.svg", "--output", "done.svg")
    #expect(again.code == 0, "\(again.errors)")
    #expect(try run("generate", "x.bundle", "--count", "5", "--threads", "1").output == lines.output)
  }

  /// Strokes of several pressures and colours are learnt, drawn and read again.
  @Test func drawsWithABrush() throws {
    let run = try CommandLineRun()
    let lines = (0..<40).map { index in
      let (side, colour) = (20 + index % 7, index % 2 == 0 ? "#ff0000" : "blue")
      return
        "{\"drawing\":[[[0,\(side),\(side)],[0,0,\(side)],[0.9,0.5,0.1]]],\"channels\":[\"x\",\"y\",\"pressure\"],"
        + "\"colors\":[\"\(colour)\"]}"
    }
    try run.write("brush.ndjson", lines.joined(separator: "\n") + "\n")
    let train = [
      "train", "sketch", "brush.ndjson", "--epochs", "3", "--hidden", "6", "--mixtures", "2", "--threads",
      "1",
    ]
    let learnt = try run(train + ["--output", "x.bundle"])
    #expect(
      learnt.code == 0 && (learnt.output + learnt.errors).contains("the brush is learnt: pressure, colour"),
      "\(learnt.errors)")
    for (output, count, expected) in [
      ("one.svg", "1", "data-brush-pressure"), ("sheet.svg", "4", "stroke-linecap=\"round\""),
      ("lines.ndjson", "3", "\"channels\":[\"x\",\"y\",\"pressure\"],\"colors\":[\"#"),
      ("one.inkml", "1", "<channel name=\"F\""),
    ] {
      let result = try run("generate", "x.bundle", "--count", count, "--output", output)
      #expect(result.code == 0, "\(result.errors)")
      #expect(run.text(output).contains(expected), "\(output)")
    }
    for file in ["one.svg", "lines.ndjson", "one.inkml"] {
      let result = try run("evaluate", "x.bundle", file, "--json")
      #expect(
        result.output.contains("\"brushNatsPerPoint\"") && !result.errors.contains("without pressure"),
        "\(result.errors)")
    }
    // what tells no brush is gone on with all the same, and said
    try run.write("plain.ndjson", "{\"drawing\":[[[0,9],[0,9]]]}\n")
    let going = try run("generate", "x.bundle", "--complete", "plain.ndjson", "--output", "done.svg")
    #expect(
      going.code == 0 && going.errors.contains("plain.ndjson tells no pressure, colour"), "\(going.errors)")
    let without = try run(train + ["--no-brush", "--output", "y.bundle"])
    #expect(without.code == 0 && !(without.output + without.errors).contains("brush is learnt"))
    #expect(!(try run("generate", "y.bundle")).output.contains("channels"))
    let none = try run("train", "sketch", "plain.ndjson", "--brush", "--output", "z.bundle")
    #expect(
      none.code != 0 && none.errors.contains("a pressure, a width or a colour that varies"), "\(none.errors)")
    let several = try run("generate", "x.bundle", "--count", "2", "--output", "two.inkml")
    #expect(several.code != 0 && several.errors.contains("one drawing"))
  }

  @Test func drawsBetweenTwo() throws {
    let run = try trained(["--latent", "3", "--encoder-hidden", "4"])
    try run.write("a.ndjson", "{\"drawing\":[[[0,9,9],[0,0,9]]]}\n")
    try run.write("b.svg", "<svg viewBox='0 0 9 9'><path d='M0 0L9 9L0 9'/></svg>")
    let result = try run(
      "generate", "x.bundle", "--interpolate", "a.ndjson", "b.svg", "--steps", "4", "--output", "strip.svg")
    #expect(result.code == 0 && result.output.contains("4 drawings"), "\(result.errors)")
    #expect(
      try run("evaluate", "x.bundle", "shapes.ndjson", "--json").output.contains("\"latentNatsPerDrawing\""))
  }

  @Test func mistakesAreNamed() throws {
    let run = try trained()
    try run.write("empty.svg", "<svg/>")
    try run.write("a.ndjson", "{\"drawing\":[[[0,9],[0,9]]]}\n")
    for (flags, expected) in [
      (["--output", "x.png"], "ends in .svg"), (["--interpolate", "a.ndjson"], "two drawings"),
      (["--interpolate", "a.ndjson", "a.ndjson"], "latent"), (["--style", "cow"], "square, triangle"),
      (["--style-to", "square"], "say with --style"),
      (["--style", "square", "--like", "a.ndjson"], "one of them"),
      (["--style", "square", "--style-to", "cow"], "style-to must be"), (["--like", "none.svg"], "none.svg"),
      (["--complete", "empty.svg"], "a stroke"), (["--complete", "none.svg"], "none.svg"),
      (["--prompt", "a"], "for texts"), (["--temperature=-1"], "--temperature is"),
      (["--output", "x.bundle/task.json"], "ends in .svg"), (["--steps", "1"], "--steps is 1"),
      (["--complete", "a.ndjson", "--output", "a.ndjson"], "name another file"),
    ] {
      let result = try run(["generate", "x.bundle"] + flags)
      #expect(result.code != 0 && result.errors.contains(expected), "\(flags): \(result.errors)")
      #expect(!result.errors.contains("Fatal") && result.code < 128)
    }
  }
}
