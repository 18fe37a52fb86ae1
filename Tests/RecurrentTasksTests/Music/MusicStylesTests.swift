import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Music that is told apart by styles.
@Suite struct MusicStylesTests {
  private static let labels: StyleNames = ["bach", "joplin"]

  private static func model(_ representation: MusicRepresentation) -> (task: MusicTask, model: MusicModel) {
    let task = MusicTaskTests.task(representation, layers: 2, labels: labels)
    var model = task.makeModel(key: RandomKey(seed: 4))
    // far enough apart to be heard
    if let weight = model.styles?.weight { model.styles?.weight = weight * 100 }
    return (task, model)
  }

  /// Without styles, which nobody tells a session.
  @Test(arguments: MusicRepresentation.allCases) func promisesHold(_ representation: MusicRepresentation)
    throws
  {
    let task = MusicTaskTests.task(representation, labels: Self.labels)
    #expect(
      task.issue == nil && task.parameterCount == countParameters { task.makeModel(key: RandomKey(seed: 1)) })
    try checkTask(
      task,
      examples: [6, 3, 9, 1, 5].enumerated().map { index, count in
        MusicTask.Example(steps: MusicTaskTests.steps(count, seed: index))
      })
  }

  /// A row of a batch with other styles has the bits that it has alone, and those of a session of its style.
  @Test(arguments: MusicRepresentation.allCases) func stylesMatterAndRowsAreAlone(
    _ representation: MusicRepresentation
  ) {
    let (task, model) = Self.model(representation)
    let steps = MusicTaskTests.steps(9, seed: 3)
    let examples = [0, 1, nil].map { MusicTask.Example(steps: steps, label: $0) }
    let together = task.predictions(model, to: examples)
    #expect(Set(together.map { $0.steps.map(\.nats) }).count == 3)
    for (example, own) in zip(examples, together) {
      #expect(task.predictions(model, to: [example]) == [own])
      var session = task.session(model, style: example.label.map { Self.labels.shares(of: $0) })
      #expect(steps.flatMap { session.push($0) } == own.steps)
    }
  }

  @Test(arguments: MusicRepresentation.allCases) func lossesAreOfTheStyle(
    _ representation: MusicRepresentation
  ) {
    let (task, model) = Self.model(representation)
    let examples = [(7, 0), (4, 1), (5, nil)].map { count, label in
      MusicTask.Example(steps: MusicTaskTests.steps(count, seed: count), label: label)
    }
    let together = task.loss(model, examples, mode: .inference)
    let alone = examples.map { task.loss(model, [$0], mode: .inference) }
    let mean = alone.reduce(0) { $0 + Double($1.mean.scalar) * $1.weight } / 16
    #expect(together.weight == 16 && abs(Double(together.mean.scalar) - mean) < 1e-4)
    #expect(Set(examples.indices.map { alone[$0].mean.scalar }).count == 3)
  }

  @Test(arguments: MusicRepresentation.allCases) func stylesOfStatesAreKept(
    _ representation: MusicRepresentation
  ) throws {
    let (task, model) = Self.model(representation)
    let steps = MusicTaskTests.steps(8, seed: 5)
    var session = task.session(model, style: [0.3, 0.7])
    for step in steps.prefix(4) { session.read(step) }
    var other = task.session(model, style: nil)
    try other.restore(session.state)
    let (own, rest) = (session.push(steps[4]), other.push(steps[4]))
    #expect(own == rest)
  }

  @Test(arguments: MusicRepresentation.allCases) func waysAreWritten(_ representation: MusicRepresentation)
    throws
  {
    let (task, model) = Self.model(representation)
    let trained = TrainedTask(task, model)
    let (sampler, key) = (MusicSampler(voices: 3), RandomKey(seed: 9))
    func written(_ course: StyleCourse?) throws -> [[MusicPiece.Tone]] {
      try trained.write(stepCount: 12, sampler: sampler, style: course, key: key).piece.steps
    }
    let (bach, way) = (try written(StyleCourse([1, 0])), try written(StyleCourse([1, 0], to: [0, 1])))
    #expect(way[0] == bach[0] && way != bach)
    #expect(try written(StyleCourse([0, 1])) != bach && written(nil) != bach)
    let melody = MusicPiece(keys: [[63], [62], [65]])
    let four = [[1, 0], [0, 1]].map { try? trained.harmonise(melody, style: $0, key: key).piece.keys }
    #expect(four.allSatisfy { $0?.map(\.first) == [63, 62, 65] })
  }

  @Test(arguments: MusicRepresentation.allCases) func theNearestStyleIsTheLikeliest(
    _ representation: MusicRepresentation
  ) {
    let (task, model) = Self.model(representation)
    for seed in 0..<4 {
      let piece = MusicPiece(steps: MusicTaskTests.steps(9, seed: seed), tellsHeld: false)
      let nats = (0..<2).map { label in
        task.predictions(model, to: [.init(steps: piece.steps, label: label)])[0].steps.reduce(0) {
          $0 + Double($1.nats)
        }
      }
      #expect(task.nearestStyle(model, to: piece) == (nats[0] < nats[1] ? "bach" : "joplin"))
    }
    let plain = MusicTaskTests.task(representation)
    #expect(plain.nearestStyle(plain.makeModel(key: RandomKey(seed: 1)), to: MusicPiece(keys: [[60]])) == nil)
  }

  private static func write(_ bytes: [UInt8], _ folder: String, _ name: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: folder + "/" + name))
  }

  @Test func foldersAreStyles() throws {
    let folder = try ScratchFolder()
    for (place, count) in [("train/bach", 5), ("train/joplin", 4), ("test/bach", 1), ("valid/joplin", 1)] {
      for index in 0..<count {
        let piece = MusicPiece(keys: (0..<6).map { [60 + ($0 + index) % 7, 48] })
        try Self.write(MusicGrid().file(piece).bytes, folder.path + "/\(place)", "\(index).mid")
      }
    }
    let plan = try MusicTask.plan(TaskRequest([DataSource(folder.path)]), progress: { _, _ in })
    #expect(plan.task.labels == Self.labels && plan.notes.contains { $0.setting == "styles" })
    #expect(plan.facts.targets == ["bach", "joplin"])
    let labels = try plan.training.all().map(\.label)
    #expect(labels.count { $0 == 0 } == 5 && labels.count { $0 == 1 } == 4)
    #expect(try plan.test.all().map(\.label) == [0] && plan.validation.all().map(\.label) == [1])
    var settings = Settings()
    settings[.styles] = false
    let plain = try MusicTask.plan(
      TaskRequest([DataSource(folder.path)], settings: settings), progress: { _, _ in })
    #expect(plain.task.labels == nil && plain.task.makeModel(key: RandomKey(seed: 1)).styles == nil)
  }

  /// Two styles that go up and down are told apart and written as such.
  @Test(arguments: MusicRepresentation.allCases) func stylesAreLearnt(_ representation: MusicRepresentation)
    throws
  {
    func piece(_ base: Int, _ way: Int) -> MusicPiece {
      MusicPiece(keys: (0..<8).map { [base + way * ($0 % 4)] })
    }
    var settings = Settings()
    settings[.representation] = representation
    settings[.hidden] = 32
    settings[.layers] = 1
    settings[.dropout] = 0
    settings[.keyHidden] = 4
    settings[.epochs] = representation == .roll ? 80 : 200
    settings[.batchSize] = 4
    settings[.warmUp] = 5
    settings[.average] = 0
    settings[.learningRate] = 1e-2
    settings[.transpose] = 0
    let folder = try ScratchFolder()
    for (name, base, way) in [("up", 60, 1), ("down", 63, -1)] {
      for index in 0..<6 {
        let file = MusicGrid(stepsPerQuarter: 1).file(piece(base, way))
        try Self.write(file.bytes, folder.path + "/train/\(name)", "\(index).mid")
        if index == 0 { try Self.write(file.bytes, folder.path + "/valid/\(name)", "0.mid") }
      }
    }
    settings[.stepsPerQuarter] = 1
    let output = TrainingOutput(folder.path + "/x.bundle", overwrites: true)
    _ = try TaskTraining<MusicTask>(
      TaskRequest([DataSource(folder.path)], settings: settings), output: output
    ).run()
    let trained = try TrainedTask<MusicTask>(bundle: output.path)
    let labels = try #require(trained.task.labels)
    for (name, base, way) in [("up", 60, 1), ("down", 63, -1)] {
      let given = piece(base, way)
      #expect(trained.task.nearestStyle(trained.model, to: given) == name)
      let sampler = MusicSampler(Sampler(temperature: 0), voices: 1)
      let written = try trained.write(
        stepCount: 8, sampler: sampler, style: StyleCourse(try labels.shares(name)), key: RandomKey(seed: 1))
      #expect(written.piece.keys == given.keys, "\(name): \(written.piece.keys)")
    }
  }
}
