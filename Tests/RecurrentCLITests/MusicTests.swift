import Foundation
import RecurrentTestSupport
import Testing

/// Music on the command line, from a training to files that are read again.
@Suite(.serialized) struct MusicTests {
  private let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
    try SmallTraining.music.write(to: run)
  }

  private func done(_ words: String) throws -> String {
    let result = try run(words.split(separator: " ").map(String.init))
    try #require(result.code == 0, "\(words): \(result.errors)")
    return result.output
  }

  private func refused(_ words: String, _ reason: String) throws {
    let result = try run(words.split(separator: " ").map(String.init))
    #expect([1, 2].contains(result.code) && result.errors.contains(reason), "\(words): \(result.errors)")
  }

  private func file(_ name: String) throws -> MIDIFile {
    try MIDIFile(DataBytes(DataSource(run.folder.path + "/" + name)))
  }

  @Test(arguments: ["events", "roll"]) func musicIsWritten(_ representation: String) throws {
    let command = SmallTraining.music.command(epochs: 8).joined(separator: " ")
    _ = try done(command + " --representation \(representation)")
    let lines = try done(
      "generate x.bundle --length 6bars --temperature 1 --count 2 --output new.mid --seed 3")
    #expect(lines.split(separator: "\n").count == 2 && lines.contains("new-2.mid: 24 steps"))
    #expect(lines.contains("longest copy: "))
    for name in ["new-1", "new-2"] {
      let music = try file(name + ".mid")
      #expect(music.warnings.isEmpty && !music.notes.isEmpty && music.endTick <= 24 * 480)
      try checkedMarkup(run.text(name + ".svg"))
    }
    // the same seed writes the same, and what is written can be gone on with
    let first = try file("new-1.mid")
    _ = try done("generate x.bundle --length 24 --temperature 1 --output again.mid --seed 3")
    #expect(try file("again.mid") == first)
    let json = try done("generate x.bundle --primer new-1.mid --length 2bars --output on.mid --json")
    let object = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(
      object["steps"] as? Int == (object["givenSteps"] as? Int ?? 0) + 8 && object["longestCopy"] is Int)
    let grid = MusicGrid(stepsPerQuarter: 1)
    let given = object["givenSteps"] as? Int ?? 0
    let (before, after) = (try grid.piece(first, name: ""), try grid.piece(try file("on.mid"), name: ""))
    #expect(Array(after.piece.keys.prefix(given)) == Array(before.piece.keys.prefix(given)))
    let melody = "X:1\nL:1/4\nK:C\nCDEF|GFED|\n"
    try run.write("tune.abc", melody)
    _ = try done("generate x.bundle --harmonise tune.abc --beam 4 --output four.mid")
    let four = try grid.piece(try file("four.mid"), name: "").piece
    #expect(four.keys.map(\.first) == [60, 62, 64, 65, 67, 65, 64, 62])
    let metrics = try done("evaluate x.bundle chorales.json --json")
    #expect(
      metrics.contains("\"natsPerStep\":{")
        && metrics.contains(representation == "roll" ? "independent keys" : "joint"))
    _ = try done("predict x.bundle new-1.mid --plot roll.svg --format jsonl")
    try checkedMarkup(run.text("roll.svg"))
    let stream = try run.shell(
      "printf '[60]\\n[62,50]\\n[]\\n' | $R predict x.bundle --stream --format jsonl")
    #expect(stream.code == 0 && stream.output.split(separator: "\n").count == 3, "\(stream.errors)")
  }

  @Test func stylesAreWritten() throws {
    for (name, notes) in [("up", "CDEF|GABc|"), ("down", "cBAG|FEDC|")] {
      let folder = run.folder.path + "/tunes/" + name
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for index in 0..<5 { try run.write("tunes/\(name)/\(index).abc", "X:1\nL:1/4\nK:C\n\(notes)\n") }
    }
    _ = try done(
      "train music tunes --output s.bundle --epochs 2 --hidden 8 --layers 1 --embedding 4 --threads 1 --overwrite"
    )
    try run.write("tune.abc", "X:1\nL:1/4\nK:C\nCDEF|GABc|\n")
    _ = try done("generate s.bundle --style up --style-to down --length 8 --output way.mid")
    _ = try done("generate s.bundle --style up:0.5,down:0.5 --harmonise tune.abc --output four.mid")
    let like = try run("generate", "s.bundle", "--like", "tune.abc", "--output", "like.mid", "--length", "8")
    #expect(like.code == 0 && like.errors.contains("tune.abc is nearest to the style \""), "\(like.errors)")
    for name in ["way.mid", "four.mid", "like.mid"] { #expect(try file(name).warnings.isEmpty) }
    try refused("generate s.bundle --output a.mid --style sideways", "down, up")
    try refused("generate s.bundle --output a.mid --style-to up", "say with --style")
    try refused(
      "generate s.bundle --output a.mid --style up --style-to down --harmonise tune.abc",
      "--harmonise has one")
    _ = try done(SmallTraining.music.command(epochs: 1).joined(separator: " "))
    try refused("generate x.bundle --output a.mid --style up", "trained without words")
    try refused("generate x.bundle --output a.mid --like tune.abc", "without styles")
  }

  @Test func wrongUseIsSaid() throws {
    _ = try done(SmallTraining.music.command(epochs: 1).joined(separator: " "))
    try run.write("none.mid", "no music")
    try refused("generate x.bundle", "--output is missing")
    try refused("generate x.bundle --output a.mid --length 0bars", "--length is 0 steps")
    try refused("generate x.bundle --output a.mid --length 3pages", "--length")
    try refused(
      "generate x.bundle --output a.mid --primer none.mid", "none.mid: byte 0: expected a Standard MIDI File")
    try refused("generate x.bundle --output a.mid --prompt x", "--prompt")
    try refused("generate x.bundle --output a.mid --primer b.mid --harmonise c.mid", "give one of them")
    try refused("generate x.bundle --output x.bundle/task.json", "which is")
    try refused("generate x.bundle --output a.mid --voices 0", "--voices is 0")
    try refused("generate x.bundle --output a.svg", "the drawing has that name")
    try SmallTraining.languageModel.write(to: run)
    _ = try done(SmallTraining.languageModel.command("l.bundle", epochs: 1).joined(separator: " "))
    try refused("generate l.bundle --output a.mid", "writes texts: --output")
    try refused("generate l.bundle --length 4bars", "a number of tokens")
    #expect(try done("generate l.bundle --length 5").count > 2)
  }

  /// Recordings without a grid are a task of their own, which the words of the command lead to.
  @Test func performancesArePlayed() throws {
    for index in 0..<6 {
      let notes = (0..<30).map { place in
        MusicPerformance.Note(
          key: 60 + (place + index) % 5, velocity: 40 + place, start: 25 * place + index, end: 25 * place + 40
        )
      }
      _ = try run.folder.file("p\(index).mid", MusicPerformance(notes: notes).file().bytes)
    }
    let files = (0..<6).map { "p\($0).mid" }.joined(separator: " ")
    let settings = "--epochs 2 --hidden 8 --layers 1 --embedding 4 --threads 1 --output p.bundle"
    _ = try done("train music \(files) --representation performance \(settings)")
    let line = try done("generate p.bundle --primer p1.mid --length 3s --output played.mid --seed 2")
    #expect(line.hasPrefix("played.mid: ") && line.contains("longest copy: "))
    let played = try file("played.mid")
    #expect(played.warnings.isEmpty && played.notes.count > 30 && played.seconds < 7.9 + 3.1)
    #expect(run.text("played.svg").hasPrefix("<svg"))
    let object = try done("generate p.bundle --length 2s --count 2 --output more.mid --json")
    #expect(object.split(separator: "\n").count == 2 && object.contains("\"givenSeconds\":0"))
    #expect(try done("evaluate p.bundle p2.mid --json").contains("\"natsPerEvent\""))
    try refused("generate p.bundle --length 4bars --output x.mid", "expected seconds")
    try refused("generate p.bundle --harmonise p1.mid --output x.mid", "--harmonise")
    try refused("generate p.bundle --style bach --output x.mid", "plays")
    try refused("generate p.bundle --length 3s", "--output is missing")
  }
}
