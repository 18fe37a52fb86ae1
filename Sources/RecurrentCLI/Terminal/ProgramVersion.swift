import CRecurrent
import Recurrent

/// What `--version` says.
enum ProgramVersion {
  /// The version, the commit where the build was told it, and what the kernels compute with here.
  static var text: String {
    let commit = rec_commit().map { String(cString: $0) } ?? ""
    let kernels = CPUBackend.issue ?? CPUBackend(threadCount: 1).instructionSet
    return "recurrent \(RecurrentVersion.current) (\(commit.isEmpty ? "" : "commit \(commit), ")\(kernels))"
  }
}
