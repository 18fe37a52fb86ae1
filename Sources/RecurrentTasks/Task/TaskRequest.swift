/// The data and settings of a training.
public struct TaskRequest: Sendable {
  /// What is trained on, and validated and tested with where nothing else is given for that.
  public var data: [DataSource]
  /// Data to validate with; empty to split them off the training data.
  public var validationData: [DataSource]
  /// Data to test with; empty to split them off the training data.
  public var testData: [DataSource]
  /// What is set.
  public var settings: Settings

  /// A request.
  public init(
    _ data: [DataSource], validationData: [DataSource] = [], testData: [DataSource] = [],
    settings: Settings = Settings()
  ) {
    (self.data, self.validationData) = (data, validationData)
    (self.testData, self.settings) = (testData, settings)
  }

  /// The seed of everything random.
  public var seed: UInt64 { settings.value(.seed) }
}
