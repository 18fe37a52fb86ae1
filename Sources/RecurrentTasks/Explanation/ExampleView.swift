import RecurrentReports

/// An example as it is looked at step by step: its loss, what is read and predicted at each step, and what units may follow.
public struct ExampleView<Model: Module>: Sendable {
  /// The loss, of shape [], in the mode that the recurrent layers are given.
  public var loss: @Sendable (Model, Mode) throws -> Tensor
  /// The steps of the input; empty where they have nothing to be called by.
  public var steps: [StepView]
  /// Numbers of each step of the input that units may follow.
  public var signals: [StepSignal]
  /// What is predicted of the whole; empty where each step has its prediction.
  public var prediction: String
  /// What there is to say about the loss.
  public var notes: [String]

  /// A view.
  public init(
    steps: [StepView] = [], signals: [StepSignal] = [], prediction: String = "", notes: [String] = [],
    loss: @escaping @Sendable (Model, Mode) throws -> Tensor
  ) {
    (self.steps, self.signals, self.prediction, self.notes) = (steps, signals, prediction, notes)
    self.loss = loss
  }
}

/// A step of an example.
public struct StepView: Sendable, Equatable {
  /// What is read.
  public var input: String
  /// What is predicted there; empty for nothing.
  public var prediction = ""
  /// How sure that is, from 0 to 1; nil where nothing tells.
  public var confidence: Double?
  /// What is right; empty where it is not known.
  public var target = ""
  /// The probability of that; nil where it has none.
  public var targetProbability: Double?
  /// The loss of the step; nil where it has none of its own.
  public var loss: Double?

  /// A step.
  public init(input: String) { self.input = input }
}

/// A number of each step that a unit may follow.
public struct StepSignal: Sendable, Equatable {
  /// What it is.
  public var name: String
  /// By step.
  public var values: [Float]

  /// A signal.
  public init(_ name: String, _ values: [Float]) { (self.name, self.values) = (name, values) }
}

extension SequenceTask {
  /// Nothing: the task has no loss of a single example.
  public func view(_ model: Model, of example: Example) throws -> ExampleView<Model>? { nil }
}

extension SequenceTask {
  /// Nil: targets belong to whole examples.
  public func part(of example: Example, steps: Range<Int>) -> Example? { nil }
}

extension BatchedTask {
  /// The loss of the example alone, and its prediction.
  public func view(_ model: Model, of example: Example) throws -> ExampleView<Model>? {
    batchedView(model, of: example)
  }

  func batchedView(_ model: Model, of example: Example) -> ExampleView<Model> {
    ExampleView(prediction: predictions(model, to: [example]).first.map { text(of: $0, to: example) } ?? "") {
      model, mode in self.loss(model, [example], mode: mode).mean
    }
  }
}

extension FeatureTask {
  /// The loss of the example alone, with the steps of its features.
  public func view(_ model: Model, of example: Example) throws -> ExampleView<Model>? {
    var view = batchedView(model, of: example)
    (view.steps, view.signals) = featurizer.views(of: example.features)
    return view
  }
}

extension SequenceFeaturizer {
  /// What the steps of features are called, and the numbers in them that units may follow.
  func views(of features: FeatureSequence) -> (steps: [StepView], signals: [StepSignal]) {
    let count = features.stepCount
    if case .text(let own) = self {
      let tokens = features.tokens.map { own.vocabulary.token($0) ?? "<unk>" }
      return (
        tokens.map { StepView(input: $0) }, TextSignals(tokens, areWords: own.vocabulary.unit == .word).all
      )
    }
    let (values, width) = (features.values, features.featureCount)
    let names = (0..<count).map { width == 1 ? significant(Double(values[$0]), 2) : "\($0 + 1)" }
    let columns = (0..<min(width, 16)).map { column in
      StepSignal("input \(column + 1)", (0..<count).map { values[$0 * width + column] })
    }
    return (names.map { StepView(input: $0) }, [.position(count)] + columns)
  }
}

extension StepSignal {
  /// How far a step is in the sequence.
  static func position(_ count: Int) -> StepSignal { StepSignal("position", (0..<count).map { Float($0) }) }
}
