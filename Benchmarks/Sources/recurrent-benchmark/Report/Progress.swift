import Foundation

/// What is going on, on the standard error: one line that is drawn over in a terminal, else a line a problem.
final class Progress {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var heading = ""

  /// A new problem.
  func begin(_ number: Int, of count: Int, _ name: String) {
    heading = "[\(number)/\(count)] \(name)"
    isTerminal ? draw(heading) : write(heading + "\n")
  }

  /// What is done for it now.
  func say(_ text: String) {
    if isTerminal { draw("\(heading): \(text)") }
  }

  /// A line that stays.
  func note(_ text: String) {
    clear()
    write(text + "\n")
  }

  /// Makes place for lines on the standard output.
  func clear() {
    if isTerminal { write("\r\u{1B}[2K") }
  }

  private func draw(_ text: String) { write("\r\u{1B}[2K" + String(text.prefix(columns - 1))) }

  private var columns: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
  }

  private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
