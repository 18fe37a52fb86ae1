/// The data and settings of a training.
public struct TaskRequest: Sendable {
  /// Files or folders.
  public var paths: [String]
  /// Data to validate with; empty to split them off the training data.
  public var validationPaths: [String]
  /// Data to test with; empty to split them off the training data.
  public var testPaths: [String]
  /// What is set.
  public var settings: Settings

  /// A request.
  public init(
    paths: [String], validationPaths: [String] = [], testPaths: [String] = [], settings: Settings = Settings()
  ) {
    self.paths = paths
    self.validationPaths = validationPaths
    self.testPaths = testPaths
    self.settings = settings
  }

  /// The seed of everything random.
  public var seed: UInt64 { settings.value(.seed) }
}
