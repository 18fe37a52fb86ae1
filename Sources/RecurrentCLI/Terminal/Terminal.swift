import Recurrent

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where text goes: results to the standard output, everything else to the standard error.
enum Terminal {
  /// Whether progress can be redrawn in place.
  static let isInteractive =
    isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"

  /// Columns of the terminal.
  static var width: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
  }

  /// Whether results are shown, rather than kept in a file or read by a program.
  private static let showsOutput = isatty(STDOUT_FILENO) == 1

  /// A line of result for people; what a terminal would obey in it is written as codes.
  static func output(_ line: String) { write(line.onOneLine + "\n", to: STDOUT_FILENO) }

  /// Lines of result.
  static func output(text: String) { write(text.visible + "\n", to: STDOUT_FILENO) }

  /// A piece of result that appears at once. Programs and files get it as it is, a terminal nothing that it would obey.
  static func stream(_ text: String) { stream(plain: streamed(text)) }

  /// What the standard output gets of a piece of result.
  static func streamed(_ text: String) -> [UInt8] { Array((showsOutput ? text.visible : text).utf8) }

  /// Bytes of result in which there is nothing that a terminal would obey.
  static func stream(plain bytes: [UInt8]) { write(bytes[...], to: STDOUT_FILENO) }

  /// A line about what is going on; what a terminal would obey in it is written as codes.
  static func error(_ line: String) { write(line.onOneLine + "\n", to: STDERR_FILENO) }

  /// Lines about what is going on.
  static func error(text: String) { write(text.visible + "\n", to: STDERR_FILENO) }

  /// Redraws the line of progress.
  static func progress(_ line: String) {
    let line = line.onOneLine
    let shown = line.count < width ? line : String(line.prefix(width - 1))
    write("\r\u{1B}[2K" + shown, to: STDERR_FILENO)
  }

  /// Removes the line of progress.
  static func clearProgress() { if isInteractive { write("\r\u{1B}[2K", to: STDERR_FILENO) } }

  private static func write(_ text: String, to descriptor: Int32) {
    write(Array(text.utf8)[...], to: descriptor)
  }

  private static func write(_ all: ArraySlice<UInt8>, to descriptor: Int32) {
    var bytes = all
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { buffer in
        #if canImport(Glibc)
        Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        Musl.write(descriptor, buffer.baseAddress, buffer.count)
        #else
        Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        // a terminal that is gone must not keep a training from being saved
        guard descriptor == STDOUT_FILENO, !Interrupt.isRequested else { return }
        let reason = String(cString: strerror(errno))
        error("error: the standard output cannot be written: \(reason)")
        exit(1)
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
