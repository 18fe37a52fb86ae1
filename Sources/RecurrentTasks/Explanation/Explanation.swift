import RecurrentReports

/// What a network did with an example, step by step, forwards and backwards.
public struct Explanation: Sendable {
  /// What is looked at, such as the name of a bundle or a cell.
  public var name: String
  /// The example.
  public var example: String
  /// The loss.
  public var loss: Double
  /// What is predicted of the whole; empty for nothing.
  public var prediction: String
  /// The steps of the input.
  public var steps: [StepView]
  /// The number of the first of them in the example, from 0; more where a part of a long example is looked at.
  public var firstStep = 0
  /// The readings of recurrent layers that have more than one step.
  public var readings: [ReadingView]
  /// What the steps add to the gradients of the weights.
  public var contributions: [ParameterContributions]
  /// How the parameters were drawn, in words; nil of a model that was trained.
  public var initialization: String?
  /// What is conspicuous, and what helps.
  public var advice: [Advice]
  /// How far losses reach in other cells of the same size that read the same; by name.
  public var comparisons: [(name: String, reach: GradientReach)] = []
  /// What there is to say.
  public var notes: [HTMLReport.Note] = []

  /// Steps of an example that are computed, at most.
  public static let stepLimit = 4096

  /// Looks at a loss of a model.
  ///
  /// - Parameters:
  ///   - name: of the model.
  ///   - example: the name of the example.
  ///   - model: the model.
  ///   - view: of the example.
  ///   - comparesCells: whether other cells of the same size read the same.
  ///   - settings: names of those that advice may name; nil for any.
  /// - Throws: what the loss throws.
  public init<Model: Module>(
    _ name: String, example: String, model: Model, view: ExampleView<Model>, comparesCells: Bool = false,
    settings: Set<String>? = nil
  ) throws {
    let seen = try observe(model, view.loss)
    (self.name, self.example, loss, prediction) = (name, example, seen.loss, view.prediction)
    steps = view.steps
    contributions = seen.contributions
    readings = seen.readings.enumerated()
      .filter { $1.batch.stepCount > 1 && !$1.parts.isEmpty }
      .map { ReadingView($1, number: $0, signals: view.signals) }
    let found = Advice.all(of: readings.flatMap { $0.parts.map(\.health) })
    advice = found.map { advice in settings.map { advice.only($0) } ?? advice }
    if comparesCells, let first = readings.first {
      comparisons = CellComparison.reaches(seen.readings[first.number])
    }
    notes = view.notes.map { .information($0) }
    if let damaged = model.parameters.first(where: { !$0.value.scalars.allSatisfy(\.isFinite) }) {
      let place = damaged.value.scalars.firstIndex { !$0.isFinite } ?? 0
      notes.append(
        .warning(
          "the parameter \(damaged.name) \(damaged.value.shape) holds \(damaged.value.scalars[place]) at element \(place): everything behind it is no number"
        ))
    } else if !seen.loss.isFinite {
      notes.append(.warning("the loss is \(seen.loss), no finite number"))
    }
    if readings.isEmpty {
      notes.append(
        .information("no recurrent layer read this example over several steps: there is no graph to unroll"))
    } else if seen.contributions.allSatisfy({ $0.norm == 0 }) {
      notes.append(.information("the loss has no gradient: the example has no target that is known"))
    }
    let single = seen.readings.count { $0.batch.stepCount == 1 }
    if single > 0 {
      notes.append(
        .information("\(counted(single, "reading")) of a single step \(single == 1 ? "is" : "are") not drawn")
      )
    }
  }

  /// The cell of the uppermost layer of the first reading.
  var top: ReadingView.Part? { readings.first?.parts.last }

  /// How far sums of contributions lie from gradients at most.
  public var largestDifference: Double { contributions.map(\.difference).max() ?? 0 }

  /// The shares of a gradient by time in one reading.
  func shares(of weight: ParameterContributions, in reading: ReadingView) -> [Double] {
    let isReverse = weight.name.contains("_reverse")
    var shares = [Double](repeating: 0, count: reading.stepCount)
    for step in weight.steps where step.reading == reading.number && step.step < shares.count {
      shares[isReverse ? shares.count - 1 - step.step : step.step] += step.share
    }
    return shares
  }
}
