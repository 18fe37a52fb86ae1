import RecurrentTestSupport
import Testing

/// An option that does not exist is reported before anything that is missing besides.
@Suite struct UnknownOptionTests {
  @Test(arguments: HelpFlags.commands)
  func everyCommand(_ command: String) throws {
    let run = try CommandLineRun()
    let words = command.split(separator: " ").map(String.init)
    for (given, named) in [
      (["--frobnicate"], "--frobnicate"), (["--frobnicate=3"], "--frobnicate"),
      (["x.bundle", "data.csv", "--frobnicate", "3"], "--frobnicate"), (["-x"], "-x"),
    ] {
      let result = try run(words + given)
      #expect(result.code == 2, "\(command) \(given)")
      #expect(
        result.errors.hasPrefix("error: unknown option '\(named)'"), "\(command) \(given): \(result.errors)")
    }
  }

  @Test func whatWasMeant() throws {
    let run = try CommandLineRun()
    for (words, meant) in [
      ("explain --untraned", "--untrained"), ("explain --untrained --hiden 3", "--hidden"),
      ("train tagging --epoch 3", "--epochs"),
      ("generate --lenght 3", "--length"), ("serve --lisen 80", "--listen"),
      ("train classification a.csv --input-colum x", "--input-column"),
    ] {
      let result = try run(words.split(separator: " ").map(String.init))
      #expect(
        result.code == 2 && result.errors.contains("did you mean '\(meant)'?"), "\(words): \(result.errors)")
    }
    // every flag that a help lists is known
    let flags = try HelpFlags.shared.get()
    for command in HelpFlags.commands {
      let all = flags.listed(command).sorted().map { "--\($0)" }
      let result = try run(command.split(separator: " ").map(String.init) + all + ["--frobnicate"])
      #expect(
        result.errors.hasPrefix("error: unknown option '--frobnicate'"), "\(command): \(result.errors)")
    }
  }
}
