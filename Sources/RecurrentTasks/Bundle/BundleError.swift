/// What is wrong with a bundle.
public enum BundleError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is nothing at the path.
  case notFound(path: String)
  /// The path is not a folder with a `task.json`.
  case notABundle(path: String, found: String)
  /// `task.json` is not what it must be.
  case damaged(path: String, reason: String)
  /// The bundle was written by another version.
  case unsupportedVersion(path: String, found: Int, supported: Int)
  /// An earlier version wrote the bundle, and what it has fitted cannot be used any more.
  case outdated(path: String, reason: String)
  /// The bundle holds another task than the command needs.
  case otherTask(path: String, expected: String, found: String)
  /// Something stands where the bundle would be written.
  case exists(path: String)
  /// In the bundle that would be replaced something else stands where the new one needs a file.
  case cannotReplace(path: String, file: String)
  /// The bundle is written; files that had stood in the one before it and were not written with that are still at `path`.
  case leftBehind(path: String, files: [String])
  /// The bundle cannot be written.
  case cannotWrite(path: String, reason: String)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(path): no such bundle; check the path"
    case .notABundle(let path, let found):
      "\(path): is not a bundle: \(found); a bundle is a folder with a task.json"
    case .damaged(let path, let reason):
      "\(path): is damaged: \(reason); train again or restore it from a copy"
    case .unsupportedVersion(let path, let found, let supported):
      "\(path): is of bundle version \(found), this program reads version \(supported); use the program that wrote it"
    case .outdated(let path, let reason): "\(path): cannot be used any more: \(reason); train again"
    case .otherTask(let path, let expected, let found):
      "\(path): holds the task \"\(found)\", this command needs \"\(expected)\""
    case .exists(let path):
      "\(path): already exists"
    case .cannotReplace(let path, let file):
      "\(path): cannot be replaced: \"\(file)\" in it was not written with the bundle; move it away, or choose another "
        + "output"
    case .leftBehind(let path, let files):
      "\(path): here are files that stood in the bundle that was replaced and cannot be moved to the new one: "
        + files.joined(separator: ", ")
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }
}
