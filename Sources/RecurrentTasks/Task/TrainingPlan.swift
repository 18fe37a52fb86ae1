/// Everything that a training needs.
public struct TrainingPlan<Task: SequenceTask>: Sendable {
  /// The task, fitted to the training part.
  public var task: Task
  /// The training part.
  public var training: ExampleSource<Task.Example>
  /// The part that chooses and calibrates; empty for none.
  public var validation: ExampleSource<Task.Example>
  /// The part that tests; empty for none.
  public var test: ExampleSource<Task.Example>
  /// How to train, with what is set in place of what the task suggests.
  public var settings: TaskSettings
  /// What was found and assumed.
  public var notes: [DataNote]
  /// What examples are called, for counts and speeds.
  public var unitName: String
  /// What the data are, for programs.
  public var facts = DataFacts()
  /// How many of these the parts hold, where examples are counted in other units than they are read in.
  public var sizes: (training: Int, validation: Int, test: Int)

  /// A plan.
  ///
  /// - Parameters:
  ///   - task: fitted to the training part.
  ///   - training: the training part.
  ///   - validation: the part that chooses and calibrates.
  ///   - test: the part that tests.
  ///   - suggested: how to train where nothing is set.
  ///   - asked: what is set.
  ///   - notes: what was found and assumed.
  ///   - unitName: what examples are called.
  public init(
    task: Task, training: ExampleSource<Task.Example>, validation: ExampleSource<Task.Example>,
    test: ExampleSource<Task.Example>, suggested: TaskSettings, settings asked: Settings,
    notes: [DataNote] = [],
    unitName: String
  ) {
    (self.task, self.training, self.validation, self.test) = (task, training, validation, test)
    settings = suggested.applying(asked)
    (self.notes, self.unitName) = (notes, unitName)
    sizes = (training.count, validation.count, test.count)
  }
}
