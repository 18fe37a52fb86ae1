import ArgumentParser
import Recurrent

/// How data are read that do not tell it themselves.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the data are written, where they do not tell or are wrong: \(DataFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var inputFormat: DataFormat?

  @Option(
    help: ArgumentHelp(
      "Samples a second of sound without a head, of 16 bits unless the format of the input says f32le.",
      valueName: "n"))
  var rate: Double?

  /// The sources that words name; `-` is the standard input, read to its end.
  ///
  /// - Throws: a validation error where the standard input is named twice, ``ExitCode`` where reading it is interrupted.
  func sources(_ words: [String]) throws -> [DataSource] {
    if words.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("the standard input, -, can be read once")
    }
    return try words.map { word in
      // of a folder `clips/` messages say `clips/words.csv`
      let end = word.lastIndex { $0 != "/" }
      let path = end.map { String(word[...$0]) } ?? word
      return word == "-"
        ? DataSource(bytes: try StandardInput.all(), name: "<stdin>", format: inputFormat, rate: rate)
          .assumingSamples
        : DataSource(path, format: inputFormat, rate: rate).assumingSamples
    }
  }
}

extension DataFormat: ExpressibleByArgument {}
