import Foundation
import RecurrentFormats
import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct MusicFilesTests {
  private func keys(_ files: MusicFiles, _ part: DataPart?) -> [[[Int]]] {
    files.pieces.filter { $0.part == part }.map(\.keys)
  }

  /// The highest key first, as pieces have them.
  private func expected(_ rolls: [String: [[[Int]]]], _ name: String) -> [[[Int]]] {
    (rolls[name] ?? []).map { $0.map { $0.sorted(by: >) } }
  }

  @Test func pianoRollsOfAllKinds() throws {
    let own = try MusicFixture.read()
    let json = try JSONEncoder().encode(own.rolls)
    var sources = [
      DataSource(bytes: Array(json), name: "x.json"), DataSource(bytes: Array(json), name: "<stdin>"),
    ]
    sources += own.pickles.map { DataSource(bytes: MusicFixture.bytes($0), name: "x.pickle") }
    sources += own.matrices.map { DataSource(bytes: MusicFixture.bytes($0), name: "x.mat") }
    for source in sources {
      let files = try MusicFiles([source])
      for (name, part) in [("train", DataPart.training), ("valid", .validation), ("test", .test)] {
        #expect(keys(files, part) == expected(own.rolls, name), "\(source.name), \(name)")
      }
      #expect(files.refused.isEmpty && files.pieces.allSatisfy { !$0.tellsHeld })
    }
    let list = try MusicFiles([DataSource(text: "[[[60, -1, 64, 64], []]]", name: "x.json")])
    #expect(list.pieces.map(\.keys) == [[[64, 60], []]] && list.pieces[0].part == nil)
  }

  @Test(arguments: [
    "{\"train\": [[[128]]]}", "{\"train\": [[[1.5]]]}", "{\"train\": [[60]]}", "{\"train\": 3}",
    "{\"other\": []}", "7",
    "{\"train\": [[[\"a\"]]]}",
  ]) func whatIsNoRollIsRefused(_ text: String) {
    #expect(throws: DataError.self) { try MusicFiles([DataSource(text: text, name: "x.json")]) }
  }

  @Test func foldersSayPartsAndReasons() throws {
    let folder = try ScratchFolder()
    let music = MIDIFile(notes: [MIDIFile.Note(key: 60, start: 0, end: 480)]).bytes
    for name in ["train", "valid/deep", "other"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + name, withIntermediateDirectories: true)
    }
    for name in ["train/a.mid", "train/b.MID", "valid/deep/c.midi", "other/d.mid", "e.mid"] {
      _ = try folder.file(name, music)
    }
    _ = try folder.file("train/bad.mid", [1, 2, 3, 4])
    _ = try folder.file(
      "train/drums.mid", MIDIFile(notes: [MIDIFile.Note(key: 60, start: 0, end: 9, channel: 9)]).bytes)
    _ = try folder.file("notes.txt", Array("no music".utf8))
    let files = try MusicFiles([DataSource(folder.path)])
    #expect(files.pieces.count == 5)
    #expect(
      keys(files, .training).count == 2 && keys(files, .validation).count == 1 && keys(files, nil).count == 2)
    #expect(files.refused.count == 2)
    let texts = files.notes.map(\.text)
    #expect(texts.contains { $0.contains("bad.mid is left out: byte 0: expected a Standard MIDI File") })
    #expect(texts.contains { $0.contains("drums.mid is left out") && $0.contains("percussion alone") })
    // what is named must be music
    #expect(throws: DataError.self) { try MusicFiles([DataSource(folder.path + "/train/bad.mid")]) }
    #expect(throws: DataError.self) { try MusicFiles([DataSource(folder.path + "/notes.txt")]) }
    let empty = try ScratchFolder()
    _ = try empty.file("x.mid", [0])
    #expect(throws: DataError.self) { try MusicFiles([DataSource(empty.path)]) }
  }

  @Test func gridsThatDoNotFitAreSaid() throws {
    let notes = (0..<20).map { MIDIFile.Note(key: 60, start: $0 * 160 + 40, end: $0 * 160 + 120) }
    let source = DataSource(bytes: MIDIFile(notes: notes).bytes, name: "x.mid")
    let files = try MusicFiles([source])
    #expect(files.notes.contains { $0.kind == .warning && $0.text.contains("try 12 steps of a quarter") })
    let fine = try MusicFiles([source], grid: MusicGrid(stepsPerQuarter: 12))
    #expect(!fine.notes.contains { $0.kind == .warning })
  }

  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)")) func choralesAreTheSameInBothForms() throws {
    let folder = (sharedData ?? "") + "/music/jsb-chorales"
    let rolls = try MusicFiles([DataSource(folder + "/jsb-chorales.json")])
    let counts = DataPart.allCases.map { keys(rolls, $0).count }
    #expect(counts == [229, 76, 77])
    #expect(keys(rolls, .training).reduce(0) { $0 + $1.count } == 13_807)
    let files = try MusicFiles([DataSource(folder + "/midi/test")])
    #expect(files.pieces.count == 77 && files.refused.isEmpty)
  }

  @Test(.enabled(if: sharedData != nil, "\(needsSharedData)")) func oddFilesAreReadOrRefused() throws {
    let files = try MusicFiles([DataSource((sharedData ?? "") + "/music/midi-odd")])
    #expect(files.pieces.count == 10 && files.refused.count == 1)
    #expect(files.refused[0].name.hasSuffix("type-2.mid") && files.report.drumCount > 0)
  }

  /// What is merged and how long it takes are said, of performances too.
  @Test func unisonsAreSaid() throws {
    let notes = [(60, 0, 480), (60, 0, 960), (62, 480, 96_000)].map {
      MIDIFile.Note(key: $0.0, start: $0.1, end: $0.2)
    }
    let source = DataSource(bytes: MIDIFile(notes: notes).bytes, name: "x.mid")
    let unison = "1 notes begin with another one of their key: of such ones one is left"
    let grid = try MusicFiles([source])
    #expect(grid.notes.map(\.text).contains(unison) && grid.pieces[0].steps.count == 800)
    let played = try MusicPerformances([source])
    #expect(played.notes.map(\.text) == ["1 performance of 2 notes, 1:40 minutes", unison])
  }

  // MARK: ABC

  private func tune(_ music: String, _ head: String = "M:4/4\nL:1/8\nK:C\n") throws -> [MIDIFile.Note] {
    try ABCTuneReader((head + music).split(separator: "\n")).notes
  }

  /// Notes as key and length in 960ths of a quarter.
  private func played(_ music: String, _ head: String = "M:4/4\nL:1/8\nK:C\n") throws -> [[Int]] {
    try tune(music, head).map { [$0.key, $0.end - $0.start] }
  }

  @Test func tunesOfABC() throws {
    #expect(try played("C D,2 e/ f'3/2|") == [[60, 480], [50, 960], [76, 240], [89, 720]])
    // accidentals hold to the end of the bar, in their octave
    #expect(try played("^F F f | F _B =B").map { $0[0] } == [66, 66, 77, 65, 70, 71])
    #expect(try played("F C B", "L:1/4\nK:D\n") == [[66, 960], [61, 960], [71, 960]])
    #expect(try played("B E A", "L:1/4\nK:Gm\n").map { $0[0] } == [70, 63, 69])
    #expect(try played("F c", "L:1/4\nK:A dorian\n").map { $0[0] } == [66, 72])
    #expect(try played("A>B c<d") == [[69, 720], [71, 240], [72, 240], [74, 720]])
    // one mark a note, however many follow each other, and rests take part
    #expect(try played("A" + String(repeating: " >", count: 200) + " B") == [[69, 720], [71, 240]])
    #expect(try tune("z>A B").map { [$0.start, $0.end] } == [[720, 960], [960, 1440]])
    #expect(try tune("Z2 A", "M:3/4\nL:1/8\nK:C\n").map(\.start) == [2 * 3 * 960])
    #expect(try played("(3ABc d") == [[69, 320], [71, 320], [72, 320], [74, 480]])
    #expect(try played("A2-A2 B") == [[69, 1920], [71, 480]])
    #expect(try played("[CEG]2 z [CE]") == [[60, 960], [64, 960], [67, 960], [60, 480], [64, 480]])
    #expect(try tune("[CE] z2 D").map(\.start) == [0, 0, 1440])
    #expect(
      try played("{ag}A \"Am\"B !trill!c [K:D] F |1 E :|2 D|] % C")
        == [69, 71, 72, 66, 64, 62].map { [$0, 480] })
    // lengths by the metre where none is given
    #expect(try played("A", "M:2/4\nK:C\n") == [[69, 240]] && played("A", "M:6/8\nK:C\n") == [[69, 480]])
    for music in ["^", "A////////////", "z"] {
      #expect(throws: ABCTuneReader.Issue.self) { try tune(music) }
    }
    let book = "X:1\nT:one\nL:1/4\nK:C\nCDE\n\nA word about it\n\nX:2\nK:C\nV:1\nC\n\nX:3\nK:Q\nA\n"
    let files = try MusicFiles([DataSource(text: book, name: "x.abc")])
    #expect(files.pieces.map(\.keys) == [(0..<12).map { [[60], [62], [64]][$0 / 4] }])
    #expect(files.refused.map(\.reason) == ["it has several voices", "K: is no key"])
  }

  @Test func tunesWithstandDamage() throws {
    let text = Array("X:1\nM:6/8\nL:1/8\nK:Gm\n(3ABc [CE]2>d | ^f-f z/ \"Am\"A{b}!t!c [K:D] f' |]\n".utf8)
    try checkFormat(text, rounds: 3000, isCutNoticed: false) { (bytes) throws(DataError) in
      _ = try ABCTunes(DataBytes(bytes, path: "x.abc"), stepsPerQuarter: 4).pieces.count
    }
    try checkStructure(damagedNumerals(text), naming: "x.abc") {
      _ = try ABCTunes(DataBytes($0, path: "x.abc"), stepsPerQuarter: 4).pieces.count
    }
  }
}
