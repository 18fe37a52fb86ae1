import RecurrentReports
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// What is shown of networks that read an example.
@Suite struct ExplanationTests {
  private static let key = RandomKey(seed: 71)

  /// Words in no order that matters.
  private static func sampleText(_ count: Int) -> String {
    let words = ["some ", "text ", "“here” ", "an ", "(example) ", "Of 12\n"]
    return String(
      RandomKey(seed: 3).integers(count, below: words.count).map { words[$0] }.joined().prefix(count))
  }

  private static func languageModel() throws -> TrainedTask<LanguageModelTask> {
    let text = Self.sampleText(2_000)
    let vocabulary = try TextVocabulary.fit(unit: .character, texts: [text])
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 2_000)
    (configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount) = (10, 6, 2)
    let task = LanguageModelTask(configuration: configuration, vocabulary: vocabulary)
    return TrainedTask(task, task.makeModel(key: key))
  }

  private static func text(_ text: String) -> [DataSource] {
    [DataSource(bytes: Array(text.utf8), name: "an example")]
  }

  @Test func aText() throws {
    let trained = try Self.languageModel()
    let words = String(Self.sampleText(2_000).prefix(41))
    let explanation = try trained.explanation(
      Self.text(words), settings: Settings(), ExplanationRequest("book <b>", comparesCells: true))
    #expect(explanation.steps.count == 40 && explanation.readings.count == 1)
    // the loss is the mean of those of the steps, and what the task predicts
    let losses = explanation.steps.compactMap(\.loss)
    let predicted = trained.predictions(to: [try trained.task.vocabulary.encode(sources: Self.text(words))])
    #expect(losses.count == 40)
    #expect(abs(losses.reduce(0, +) / 40 - explanation.loss) < 1e-5)
    #expect(zip(losses, predicted[0].nats).allSatisfy { abs($0 - Double($1)) < 1e-5 })
    #expect(explanation.steps[3].target == explanation.steps[4].input)
    let reading = explanation.readings[0]
    #expect(
      reading.parts.count == 2 && reading.parts.allSatisfy { $0.hidden.count == 40 && $0.health.size == 10 })
    #expect(reading.parts.allSatisfy { $0.reach.byLag.first == 1 && $0.reach.byLag.count > 20 })
    #expect(explanation.largestDifference < 1e-5 && !explanation.contributions.isEmpty)
    for weight in explanation.contributions where weight.norm > 1e-6 {
      #expect(abs(explanation.shares(of: weight, in: reading).reduce(0, +) - 1) < 1e-3)
    }
    #expect(
      explanation.comparisons.map(\.name) == [
        "elman, orthogonal weights", "elman, uniform weights", "lstm, uniform biases",
        "lstm, forget bias 3.7", "gru, uniform biases", "gru, update bias 3.7",
      ])

    let page = ExplanationPage([explanation], start: 5, stepCount: 12).report
    let check = try checkedMarkup(page.html)
    #expect(page.html.utf8.count < 2_000_000)
    for text in [
      "How book <b> reads an example", "steps 6 to 17 of 40 are drawn",
      "What each step adds to the gradients",
      "The same input through other cells", "weight_hh_l0", "sum 1.0", "effective memory",
    ] {
      #expect(check.text.contains(text), "\(text)")
    }
    // everything that scrolls can be reached by the keyboard and has a name, every picture a title
    let scrolling = check.elements.filter { $0.attributes["class"] == "wide" }
    #expect(!scrolling.isEmpty)
    #expect(
      scrolling.allSatisfy {
        $0.attributes["tabindex"] == "0" && $0.attributes["aria-label"]?.isEmpty == false
      })
    #expect(check.count("svg") == check.elements.count { $0.attributes["role"] == "img" })
    // the table of the steps that are drawn
    #expect(check.elements.count { $0.name == "th" && $0.attributes["scope"] == "row" } >= 12)
  }

  @Test func whatCannotBeShown() throws {
    let trained = try Self.languageModel()
    #expect(throws: TaskError.self) {
      try trained.explanation(Self.text("x"), settings: Settings(), ExplanationRequest("m"))
    }
    #expect(throws: TaskError.self) {
      try trained.explanation(Self.text("some text"), settings: Settings(), ExplanationRequest("m", index: 1))
    }
    let long = try trained.explanation(
      Self.text(Self.sampleText(3_000)), settings: Settings(), ExplanationRequest("m"))
    #expect(long.steps.count == LanguageModelTask.viewLimit)
    #expect(long.notes.contains(.information("of the text the first 2,048 tokens are read")))
    #expect(ExplanationPage([long]).report.html.utf8.count < 2_000_000)
  }

  /// A number that is none is named, and the page is made all the same.
  @Test func noNumber() throws {
    let trained = try Self.languageModel()
    let model = trained.model.mappingParameters { name, value in
      guard name == "recurrent.weight_hh_l1" else { return value }
      var scalars = value.scalars
      scalars[7] = .nan
      return Tensor(scalars, shape: value.shape)
    }
    let damaged = TrainedTask(trained.task, model)
    let explanation = try damaged.explanation(
      Self.text("some text here"), settings: Settings(), ExplanationRequest("m"))
    #expect(
      explanation.notes.contains { note in
        if case .warning(let text) = note {
          return text.contains("recurrent.weight_hh_l1") && text.contains("nan at element 7")
        }
        return false
      })
    try checkedMarkup(ExplanationPage([explanation]).report.html)
  }

  /// The lesson: a gradient vanishes in a tanh network, and lives on behind the gates.
  @Test func untrained() throws {
    let explanations = try UntrainedLesson.explanations(
      [.elman, .lstm, .gru], hiddenSize: 32, stepCount: 60, seed: 1)
    let reaches = explanations.map { $0.readings[0].parts[0].reach }
    #expect(reaches.allSatisfy { $0.byLag.count == 60 && $0.byLag[0] == 1 })
    // what text-books say: in a tanh network next to nothing is left of it, behind open gates much
    #expect(reaches[0].byLag[59] < 1e-8 && reaches[0].memory ?? 60 < 20)
    #expect(reaches[1...].allSatisfy { $0.byLag[59] > 0.01 && $0.memory == nil })
    // and what they do not: behind gates that stand half open nothing is left either
    for explanation in explanations[1...] {
      let uniform = try #require(explanation.comparisons.first { $0.name.hasSuffix("uniform biases") })
      #expect(uniform.reach.byLag[59] < 1e-6)
    }
    #expect(
      explanations.map(\.initialization) == ["uniform weights", "forget bias 4.1", "update bias 4.1"])
    #expect(explanations.allSatisfy { $0.largestDifference < 1e-4 })
    let page = ExplanationPage(explanations, stepCount: 60).report
    let check = try checkedMarkup(page.html)
    #expect(
      check.text.contains("Vanishing and exploding gradients")
        && check.text.contains("elman: the loop, unrolled"))
    #expect(page.html.utf8.count < 2_000_000)
    #expect(throws: TaskError.self) {
      try UntrainedLesson.explanations([.slstm], hiddenSize: 0, stepCount: 3, seed: 1)
    }
  }

  /// The loss of layers that read in both directions reaches both: each has a memory, and weights whose contributions sum up.
  @Test func bothDirections() throws {
    let file = try TorchFile(bytes: fixture("interchange_pytorch.pt"), path: "f")
    let layers = try ImportedLayers(from: file, prefix: "projected-2-bi.state", unsaid: StoredLayers.Unsaid())
    let explanation = try layers.explanation("both", stepCount: 12)
    #expect(explanation.largestDifference < 1e-5)
    #expect(explanation.contributions.count == layers.layer.parameters.count)
    for weight in explanation.contributions {
      #expect(weight.norm > 1e-4, "\(weight.name)")
      #expect(abs(weight.steps.reduce(0) { $0 + $1.share } - 1) < 1e-4, "\(weight.name)")
    }
    let parts = explanation.readings[0].parts
    #expect(parts.map(\.isReverse) == [false, true, false, true])
    for part in parts.suffix(2) {
      #expect(part.health.isLossAtEnd && part.reach.byLag.count == 12 && part.reach.byLag[0] == 1)
      #expect(part.reach.byLag.allSatisfy { $0 > 0 })
    }
    let page = try checkedMarkup(ExplanationPage([explanation]).report.html)
    #expect(
      page.text.contains("behind the last step of each direction") && !page.text.contains("all 0 steps"))
  }

  @Test func reach() {
    // halves, a loss at 3 and one at 1
    let reach = GradientReach([[1, 2, 4, 8], [5, 10, 0, 0]], times: [3, 1])
    #expect(reach.byLag == [1, 0.5, 0.25, 0.125] && reach.memory == nil && reach.explosion == nil)
    let reverse = GradientReach([[8, 4, 2, 1]], times: [0], isReverse: true)
    #expect(reverse.byLag == [1, 0.5, 0.25, 0.125])
    #expect(GradientReach([[0.001, 0.02, 1]], times: [2]).memory == 2)
    #expect(GradientReach([[1000, 1, 1]], times: [2]).explosion == 2)
    #expect(GradientReach([[.nan, 1, 1]], times: [2]).explosion == 2)
    #expect(GradientReach([[0, 0]], times: [1]).byLag.isEmpty)
    // a state that is not put out begins one step earlier
    #expect(GradientReach([[1, 2, 0]], times: [2]).byLag == [0, 1, 0.5])
    #expect(
      GradientReach(byLag: []).words == "no gradient" && GradientReach(byLag: [1, 0.5]).words == "all 1 step"
        && GradientReach(byLag: [1]).words == "the step itself alone")
  }
}
