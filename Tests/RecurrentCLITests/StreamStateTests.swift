import Foundation
import RecurrentTestSupport
import Testing

/// A stream that goes on from a file of its state says what one says that never stopped.
@Suite struct StreamStateTests {
  private let run: CommandLineRun

  init() throws {
    run = try CommandLineRun()
  }

  private func lines(_ count: Int) -> [String] {
    RandomKey(seed: 3).uniforms(2 * count).enumerated().reduce(into: []) { lines, number in
      if number.offset % 2 == 0 {
        lines.append("[\(number.element),")
      } else {
        lines[lines.count - 1] += "\(number.element)]"
      }
    }
  }

  /// Rows of lines at once, and in two runs around a file.
  private func check(_ bundle: String, _ lines: [String], cut: Int) throws {
    func stream(_ lines: ArraySlice<String>, _ flags: String) throws -> String {
      try run.write("lines", lines.joined(separator: "\n") + "\n")
      let result = try run.shell("$R predict \(bundle) --stream \(flags) < lines")
      try #require(result.code == 0, "\(result.errors)")
      return result.output
    }
    let whole = try stream(lines[...], "")
    let first = try stream(lines[..<cut], "--save-state s")
    let second = try stream(lines[cut...], "--load-state s")
    #expect(first + second == whole && whole.split(separator: "\n").count >= 3, "\(first)|\(second)|\(whole)")
  }

  private func train(_ arguments: String...) throws {
    let result = try run(["train"] + arguments + ["-o", "x.bundle", "--hidden", "4", "--epochs", "2"])
    try #require(result.code == 0, "\(result.errors)")
  }

  @Test func labelsOfSteps() throws {
    let rows = lines(300).enumerated().map { index, line in
      line.dropFirst().dropLast() + "," + (index / 7 % 2 == 0 ? "walk" : "rest")
    }
    try run.write("t.csv", "a,b,label\n" + rows.joined(separator: "\n") + "\n")
    try train("tagging", "t.csv", "--label-column", "label", "--causal", "--crf")
    try check("x.bundle", lines(40), cut: 17)
    // a state of another model
    #expect(
      try run(
        "train", "tagging", "t.csv", "--label-column", "label", "--causal", "-o", "y.bundle", "--hidden", "5",
        "--epochs", "1"
      ).code == 0)
    let other = try run.shell("$R predict y.bundle --stream --load-state s < lines")
    #expect(
      other.code == 1 && other.errors.contains("a state goes with the model that it comes from"),
      "\(other.errors)")
    let alone = try run("predict", "x.bundle", "t.csv", "--save-state", "s")
    #expect(alone.code == 2 && alone.errors.contains("--stream"), "\(alone.code) \(alone.errors)")
  }

  @Test func classesOfText() throws {
    let rows = (0..<40).map { ["good fine film,1", "dull bad film,0"][$0 % 2] }
    try run.write("t.csv", "text,label\n" + rows.joined(separator: "\n") + "\n")
    try train("classification", "t.csv", "--label-column", "label", "--causal")
    try check("x.bundle", ["\"good\"", "\"bad dull\"", "\"fine\"", "\"film film\""], cut: 2)
  }

  @Test func texts() throws {
    try run.write("t.txt", String(repeating: "the cat sat on the mat\n", count: 60))
    try train("language-model", "t.txt")
    try check("x.bundle", ["\"the c\"", "\"at sat\"", "\" on\""], cut: 1)
  }

  @Test func forecasts() throws {
    try run.write(
      "t.csv",
      "y\n" + (0..<200).map { "\(Double($0 % 12) + 0.1 * Double($0 % 7))" }.joined(separator: "\n") + "\n")
    try train("forecasting", "t.csv", "--target", "y", "--horizon", "3")
    try check("x.bundle", (0..<30).map { "{\"y\": \($0 % 12)}" }, cut: 11)
  }

  /// Sound by a fixed level comes sample by sample; one by its loudest moment says why it cannot.
  @Test func sound() throws {
    var rows: [String] = []
    for index in 0..<12 {
      let samples = RandomKey(seed: UInt64(index)).uniforms(1600).map {
        ($0 - 0.5) * (index % 2 == 0 ? 0.9 : 0.1)
      }
      _ = try run.folder.file("\(index).wav", waveFile(rate: 8000, samples: samples))
      rows.append("\(index).wav,\(index % 2 == 0 ? "loud" : "soft")")
    }
    try run.write("t.csv", "file,label\n" + rows.joined(separator: "\n") + "\n")
    try train("classification", "t.csv", "--label-column", "label", "--causal", "--bands", "8")
    // the samples that the file holds
    let samples = RandomKey(seed: 0).uniforms(1600).map { ($0 - 0.5) * 0.9 }
    let stored = samples.map { (min(max($0, -1), 1) * 32767).rounded() / 32768 }
    let lines = stride(from: 0, to: 1600, by: 100).map { start in
      "[" + stored[start..<start + 100].map { "\($0)" }.joined(separator: ",") + "]"
    }
    try check("x.bundle", lines, cut: 5)
    try run.write("lines", lines.joined(separator: "\n") + "\n")
    let stream = try run.shell("$R predict x.bundle --stream < lines")
    let whole = try run("predict", "x.bundle", "0.wav", "--format", "jsonl")
    // the last row, behind the frames that waited for the end, is that of the file
    let last = stream.output.split(separator: "\n").last?.split(separator: ",").last.map { $0.dropLast() }
    #expect(whole.output.contains(last ?? "-") && last?.contains("probability") ?? false, "\(whole.output)")
    // samples without a head at another rate, and the same in FLAC, are what the file is
    let wave = waveFile(rate: 44_100, samples: RandomKey(seed: 2).uniforms(9000).map { ($0 - 0.5) * 0.3 })
    _ = try run.folder.file("other.wav", wave)
    _ = try run.folder.file("other.raw", Array(wave.dropFirst(44)))
    let integers = stride(from: 44, to: wave.count, by: 2).map { place in
      Int(Int16(truncatingIfNeeded: Int(wave[place]) | Int(wave[place + 1]) << 8))
    }
    _ = try run.folder.file("other", FLACEncoder.file([.init([integers], .fixed(1))], bits: 16, rate: 44_100))
    func probability(_ output: String) -> Substring? {
      output.split(separator: "\n").last?.split(separator: ",").first { $0.contains("\"probability\":") }
    }
    let file = try run("predict", "x.bundle", "other.wav", "--format", "jsonl")
    let note = "sound of 44.1 kHz is resampled to 8 kHz"
    #expect(file.errors.contains(note), "\(file.errors)")
    let expected = try #require(probability(file.output)).filter { $0 != "}" }
    let raw = try run.shell("$R predict x.bundle --stream --rate 44100 < other.raw")
    #expect(probability(raw.output)?.filter { $0 != "}" } == expected && raw.errors.contains(note), "\(raw)")
    for command in [
      "$R predict x.bundle other --format jsonl", "$R predict x.bundle - --format jsonl < other",
    ] {
      let flac = try run.shell(command)
      #expect(probability(flac.output)?.filter { $0 != "}" } == expected, "\(flac)")
    }
    let wrong = try run.shell("$R predict x.bundle --stream --rate 44100 --input-format csv < other.raw")
    #expect(wrong.code != 0 && wrong.errors.contains("jsonl, s16le or f32le"))
    try train(
      "classification", "t.csv", "--label-column", "label", "--causal", "--level", "loudest", "--overwrite")
    let refused = try run.shell("$R predict x.bundle --stream < lines")
    #expect(refused.code == 1 && refused.errors.contains("--level fixed"), "\(refused.errors)")
  }

  /// Ctrl-C keeps the state of the lines so far.
  @Test func interrupts() throws {
    try run.write("t.txt", String(repeating: "the cat sat on the mat\n", count: 60))
    try train("language-model", "t.txt")
    let result = try run.shell(
      """
      mkfifo pipe; $R predict x.bundle --stream --save-state s < pipe > rows & P=$!
      exec 3> pipe; echo '"the c"' >&3; for i in $(seq 600); do [ -s rows ] && break; sleep 0.05; done
      kill -INT $P; wait $P; echo code $?; exec 3>&-; cat rows
      $R predict x.bundle --stream --load-state s < /dev/null
      echo '"at"' | $R predict x.bundle --stream --load-state s
      """)
    #expect(result.output.contains("code 130") && run.exists("s"), "\(result.output) \(result.errors)")
    let whole = try run.shell("echo '\"the cat\"' | $R predict x.bundle --stream")
    let rows = result.output.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(rows == whole.output.split(separator: "\n"), "\(result.output)")
  }
}
