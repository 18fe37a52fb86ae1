import ArgumentParser
import Recurrent

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How data are read that do not tell it themselves.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the data are written, where they do not tell or are wrong: \(DataFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var inputFormat: DataFormat?

  @Option(help: ArgumentHelp("Samples a second of sound without a head.", valueName: "n"))
  var rate: Double?

  /// The sources that words name; `-` is the standard input, read to its end.
  ///
  /// - Throws: a validation error where the standard input is named twice, ``ExitCode`` where reading it is interrupted.
  func sources(_ words: [String]) throws -> [DataSource] {
    if words.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("the standard input, -, can be read once")
    }
    return try words.map { word in
      word == "-"
        ? DataSource(bytes: try StandardInput.all(), name: "<stdin>", format: inputFormat, rate: rate)
        : DataSource(word, format: inputFormat, rate: rate)
    }
  }
}

extension DataFormat: ExpressibleByArgument {}

/// The standard input as a whole.
enum StandardInput {
  /// All bytes up to its end.
  ///
  /// - Throws: ``ExitCode`` where somebody asks to stop.
  static func all() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var event = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let count = poll(&event, 1, 100)
      if Interrupt.isRequested { throw ExitCode.interrupted }
      guard count > 0 else { continue }
      let size = read(STDIN_FILENO, &part, part.count)
      if size < 0, errno == EINTR || errno == EAGAIN { continue }
      if size <= 0 { return bytes }
      bytes += part[..<size]
    }
  }
}
