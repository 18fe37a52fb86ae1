import ArgumentParser
import Recurrent

extension Terminal {
  /// Shows what there is to say about data.
  static func show(notes: [DataNote]) { for note in notes { error(note.line) } }

  /// What work calls with the completed fraction, 0 to 1: the line of progress, and the end where the user asks for it.
  ///
  /// - Parameter what: is done, such as `evaluating`.
  static func progressing(_ what: String) -> (Double) throws -> Void {
    { fraction in
      if Interrupt.isRequested { throw ExitCode.interrupted }
      if isInteractive { progress("\(what) \(Int(fraction * 100))%") }
    }
  }
}
