import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Nucleotide sequences in the tasks that read them.
@Suite struct GenomeTasksTests {
  private static func bases(_ count: Int, _ seed: Int) -> String {
    String(RandomKey(seed: UInt64(seed)).integers(count, below: 4).map { ["A", "C", "G", "T"][$0] }.joined())
  }

  private static func source(_ text: String, _ name: String) -> DataSource {
    DataSource(bytes: Array(text.utf8), name: name)
  }

  private static func settings(_ change: (inout Settings) -> Void = { _ in }) -> Settings {
    var settings = Settings()
    change(&settings)
    return settings
  }

  /// Windows of one class in two have `TATA` at a place.
  private static let windows = (0..<60).map { number -> String in
    var window = Array(bases(24, number))
    if number % 2 == 0 { window.replaceSubrange(8..<12, with: "TATA") }
    return ">w\(number) class=\(number % 2 == 0 ? "box" : "none")\n\(String(window))\n"
  }.joined()

  @Test func classification() throws {
    let plan = try ClassificationTask.plan(TaskRequest([Self.source(Self.windows, "w.fa")])) { _, _ in }
    guard case .text(let text) = plan.task.featurizer else {
      Issue.record("no text")
      return
    }
    #expect(text.vocabulary.unit == .base && text.placeCount == 24 && plan.task.labels == ["box", "none"])
    #expect(plan.task.issue == nil && !plan.task.classifier.network.convolutions.isEmpty)
    #expect(
      plan.notes.contains { $0.setting == "unit" } && plan.notes.contains { $0.setting == "label-column" })
    #expect(plan.task.augmentation.oppositeStrands == nil)
    let others = try plan.task.examples(
      [Self.source(">x\nACGTACGTACGT\n>y\nAC\n", "x.fa")], settings: Settings(), needsTargets: false)
    #expect(try others.all().map(\.features.stepCount) == [12, 2] && others.name(1) == "x.fa:3, y")
  }

  /// A prediction for a sequence is that for its other strand.
  @Test func bothStrandsAreOne() throws {
    let settings = Self.settings { $0[.reverseComplement] = true }
    let plan = try ClassificationTask.plan(
      TaskRequest([Self.source(Self.windows, "w.fa")], settings: settings)
    ) { _, _ in }
    guard case .text(let text) = plan.task.featurizer else {
      Issue.record("no text")
      return
    }
    let model = plan.task.makeModel(key: RandomKey(seed: 3))
    let example = try plan.training[0]
    var other = example
    other.features = text.oppositeStrand(example.features)
    let own = plan.task.predictions(model, to: [example, other])
    #expect(zip(own[0].scores, own[1].scores).allSatisfy { abs($0 - $1) < 1e-5 })
    let one = plan.task.ofOneStrand.predictions(model, to: [example, other])
    #expect(zip(one[0].scores, one[1].scores).contains { abs($0 - $1) > 1e-4 })
    var drawn: Set<[Int32]> = []
    for number in 0..<20 {
      let changed = plan.task.augmented(example, key: RandomKey(seed: UInt64(number)))
      #expect(changed == plan.task.augmented(example, key: RandomKey(seed: UInt64(number))))
      drawn.insert(changed.features.tokens.suffix(1) + changed.features.tokens.prefix(1))
    }
    #expect(drawn.count > 1)
    var examples = try (0..<5).map { try plan.training[$0] }
    for steps in [0, 1, 7] {
      examples.append(.init(features: examples[0].features.part(0..<steps), target: steps % 2))
    }
    try checkTask(plan.task, examples: examples)
    let numbers = "a,b,label\n1,2,x\n2,3,y\n3,1,x\n4,4,y\n"
    let error = try #require(throws: DataError.self) {
      try ClassificationTask.plan(TaskRequest([Self.source(numbers, "n.csv")], settings: settings)) { _, _ in
      }
    }
    #expect("\(error)".hasPrefix("reverse-complement must be off"))
  }

  private static let genome = ">chr\n\(bases(3000, 7))\n"
  private static let genes = (0..<20).map { number in
    "chr\tx\tCDS\t\(number * 150 + 11)\t\(number * 150 + 70)\t.\t\(number % 2 == 0 ? "+" : "-")\t.\tID=c\(number)\n"
  }.joined()

  private func tagging(_ change: (inout Settings) -> Void = { _ in }) throws -> (
    plan: TrainingPlan<TaggingTask>, folder: ScratchFolder
  ) {
    let folder = try ScratchFolder()
    let events = try folder.file("genes.gff3", Array(Self.genes.utf8))
    let settings = Self.settings {
      $0[.events] = events
      change(&$0)
    }
    let request = TaskRequest([Self.source(Self.genome, "g.fa")], settings: settings)
    return (try TaggingTask.plan(request) { _, _ in }, folder)
  }

  /// Each base has the label of its feature, in all parts, and these are cut by place.
  @Test func tagging() throws {
    let (plan, folder) = try tagging()
    #expect(
      plan.task.labels == ["other", "CDS+", "CDS-"] && plan.task.picker == nil && plan.task.issue == nil)
    let test = try plan.test[0]
    #expect(test.start == 2250 && test.labels.count == 750)
    for (place, label) in test.labels.enumerated() {
      let (gene, base) = ((2250 + place) / 150, (2250 + place) % 150)
      #expect(label == (10..<70 ~= base ? gene % 2 == 0 ? 1 : 2 : 0))
    }
    #expect(plan.task.columns?.tellsStrands == nil)
    let model = plan.task.makeModel(key: RandomKey(seed: 1))
    let input = try plan.task.examples(
      [Self.source(">n\nACGTNACG\n", "n.fa")], settings: Settings(), needsTargets: false)
    let rows = plan.task.rows(
      plan.task.predictions(model, to: [try input[0]])[0], to: try input[0], name: "n")
    #expect(rows.count == 8 && input.count == 1)
    var settings = Settings()
    settings[.events] = folder.path + "/genes.gff3"
    let again = try plan.task.examples(
      [Self.source(Self.genome, "g.fa")], settings: settings, needsTargets: true)
    let report = plan.task.evaluation(
      of: plan.task.predictions(model, to: [try again[0]]), to: [try again[0]])
    #expect(report.metrics.contains { $0.name == "macro F1" })
  }

  /// On the other strand features change theirs, and predictions are those of it in the opposite order.
  @Test func taggingOfBothStrands() throws {
    let plan = try tagging { $0[.reverseComplement] = true }.plan
    #expect(plan.task.oppositeLabels == [0, 2, 1])
    let example = try plan.training[0]
    let key = try #require((0..<50).map { RandomKey(seed: $0) }.first { plan.task.drawsOppositeStrand($0) })
    let other = plan.task.augmented(example, key: key)
    #expect(other.labels == example.labels.reversed().map { [0, 2, 1][Int($0)] })
    guard case .text(let text) = plan.task.featurizer else {
      Issue.record("no text")
      return
    }
    var turned = example
    turned.features = text.oppositeStrand(example.features)
    let model = plan.task.makeModel(key: RandomKey(seed: 4))
    let own = plan.task.predictions(model, to: [example, turned])
    for (step, scores) in own[0].scores.enumerated() {
      let mirrored = own[1].scores[own[1].scores.count - 1 - step]
      #expect(
        zip([scores[0], scores[1], scores[2]], [mirrored[0], mirrored[2], mirrored[1]]).allSatisfy {
          abs($0 - $1) < 1e-4
        })
    }
  }

  @Test func languageModel() throws {
    let plan = try LanguageModelTask.plan(TaskRequest([Self.source(Self.genome, "g.fa")])) { _, _ in }
    #expect(plan.task.vocabulary.unit == .base && plan.task.configuration.readsBothStrands == true)
    #expect(plan.task.issue == nil && plan.unitName == "bases")
    #expect(Set(plan.notes.map(\.setting)).isSuperset(of: ["unit", "reverse-complement"]))
    let one = try plan.task.problem(plan)
    let position = StepPosition(epoch: 0, step: 0)
    #expect(try one.window(at: position) == one.window(at: position))
    let epochs = try (0..<8).map { try one.window(at: StepPosition(epoch: $0, step: 0)).inputs.values }
    #expect(Set(epochs).count > 1)
    let characters = try LanguageModelTask.plan(
      TaskRequest([Self.source(Self.genome, "g.fa")], settings: Self.settings { $0[.unit] = .character })
    ) { _, _ in }
    #expect(characters.task.configuration.readsBothStrands == nil)
    let words = Self.settings {
      $0[.unit] = .kmer
      $0[.k] = 4
    }
    let fours = try LanguageModelTask.plan(TaskRequest([Self.source(Self.genome, "g.fa")], settings: words)) {
      _, _ in
    }
    #expect(fours.task.vocabulary.baseCount == 4)
    #expect(
      LanguageModelTask.issue(
        of: Self.settings {
          $0[.k] = 4; $0[.unit] = .base
        }) != nil)
  }
}
