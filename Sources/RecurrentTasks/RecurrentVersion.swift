/// The version of the project, as it stands in signatures of metrics and in the command line's `--version`.
public enum RecurrentVersion {
  /// Major, minor and patch.
  public static let current = "0.1.0"
}
