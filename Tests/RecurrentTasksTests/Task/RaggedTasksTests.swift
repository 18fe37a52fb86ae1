import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Every task on every kind of data, as the command line prepares it, with sequences of very different lengths: a row has the
/// bits that it has alone.
@Suite struct RaggedTasksTests {
  enum Modality: String, CaseIterable, Sendable {
    case texts, words, sound, pictures, series, tables
  }

  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Steps of the ten sequences; both labels stand behind all of them.
  private static let lengths = [4, 9, 1, 6, 2, 17, 3, 1, 11, 5]

  private static func uniforms(_ count: Int, _ seed: Int) -> [Float] {
    RandomKey(seed: UInt64(seed)).uniforms(count)
  }

  /// Writes a file with a sequence of so many steps.
  private func file(_ modality: Modality, _ index: Int, _ steps: Int) throws -> String {
    if modality == .sound {
      // a frame every 80 samples
      let samples = Self.uniforms(steps * 80 - 40, index).map { 0.5 * ($0 - 0.5) }
      _ = try folder.file("\(index).wav", waveFile(rate: 8000, samples: samples))
      return "\(index).wav"
    }
    let frames = (0..<steps).map { step in
      Self.uniforms(30, 100 * index + step).map { UInt8($0 * 127) }
    }
    _ = try folder.file("\(index).gif", gifFile(width: 6, height: 5, frames: frames))
    return "\(index).gif"
  }

  private func text(_ index: Int, _ steps: Int) -> [String] {
    let words = ["fine", "dull", "film", "and", "long", "moving"]
    return Self.uniforms(steps, index).map { words[Int($0 * 5.99)] }
  }

  /// A table with a sequence in each row, or a step of one, and a class or number; nil for words, which have labels of steps
  /// alone.
  ///
  /// - Parameter isSplit: whether the table says that all of it is the training part.
  private func table(_ modality: Modality, isSplit: Bool = false) throws -> String? {
    let (name, end) = isSplit ? (",split\n", ",train\n") : ("\n", "\n")
    func written(_ head: String, _ rows: [String]) throws -> String {
      try folder.file("t.csv", Array((head + ",label" + name + rows.joined()).utf8))
    }
    let items = Self.lengths.enumerated()
    switch modality {
    case .texts:
      return try written("text", items.map { "\(text($0, $1).joined(separator: " ")),\($0 % 2)" + end })
    case .words: return nil
    case .sound, .pictures:
      return try written("file", try items.map { "\(try file(modality, $0, $1)),\($0 % 2)" + end })
    case .series:
      let part = isSplit ? "\"split\":\"train\"," : ""
      let rows = items.map { index, steps in
        "{\"values\":\(Self.uniforms(steps, index)),\(part)\"label\":\"\(index % 2)\"}\n"
      }
      return try folder.file("t.jsonl", Array(rows.joined().utf8))
    case .tables:
      let rows = items.flatMap { index, steps in
        (0..<steps).map { "s\(index),\(Self.uniforms(17, index)[$0]),\($0 % 3),\(index % 2)" + end }
      }
      return try written("id,a,b", rows)
    }
  }

  /// The network as small as it can be checked quickly.
  private func shrunk(_ network: SequenceNetworkConfiguration) -> SequenceNetworkConfiguration {
    var own = network
    (own.hiddenSize, own.embeddingSize, own.pictureSize) = (3, 3, 4)
    if !own.pictureConvolutions.isEmpty { own.pictureConvolutions = [2, 3] }
    for index in own.convolutions.indices { own.convolutions[index].size = 4 }
    return own
  }

  @Test(arguments: Modality.allCases.filter { $0 != .words }, [false, true])
  func classification(_ modality: Modality, _ isCausal: Bool) throws {
    guard let path = try table(modality) else { return }
    var settings = Settings()
    settings[.causal] = isCausal
    let made = try ClassificationTask.plan(TaskRequest([DataSource(path)], settings: settings)) { _, _ in }
    var task = made.task
    task.classifier.network = shrunk(task.classifier.network)
    if isCausal { task.classifier.poolings = SequencePooling.allCases }
    var examples = try made.training.all() + made.validation.all() + made.test.all()
    #expect(examples.count == 10 && (task.classifier.network.picture != nil) == (modality == .pictures))
    examples.append(.init(features: examples[0].features.part(0..<0), target: 0))
    try checkTask(task, examples: examples)
  }

  @Test(arguments: Modality.allCases.filter { $0 != .words }, [false, true])
  func regression(_ modality: Modality, _ isCausal: Bool) throws {
    guard let path = try table(modality) else { return }
    var settings = Settings()
    (settings[.causal], settings[.targetColumn]) = (isCausal, "label")
    let made = try RegressionTask.plan(TaskRequest([DataSource(path)], settings: settings)) { _, _ in }
    var task = made.task
    task.reader.network = shrunk(task.reader.network)
    var examples = try made.training.all() + made.validation.all() + made.test.all()
    #expect(examples.count == 10 && (task.reader.network.picture != nil) == (modality == .pictures))
    examples.append(.init(features: examples[0].features.part(0..<0), target: 1))
    try checkTask(task, examples: examples)
  }

  /// Sound, pictures and series are labelled by a table of events, or step by step.
  @Test(
    arguments: [
      (Modality.words, false, false), (.words, true, false), (.words, false, true), (.words, true, true),
    ]
      + [Modality.sound, .pictures, .tables].flatMap { [($0, false, false), ($0, true, false)] })
  func tagging(_ modality: Modality, _ isCausal: Bool, _ usesField: Bool) throws {
    var settings = Settings()
    (settings[.causal], settings[.crf]) = (isCausal, usesField)
    var path = folder.path
    switch modality {
    case .words:
      let sentences = Self.lengths.enumerated().map { index, steps in
        text(index, steps).map { $0 + ($0 == "film" ? " N\n" : " O\n") }.joined() + "\n"
      }
      path = try folder.file("w.conll", Array((sentences.joined() + "film N\ndull O\n").utf8))
    case .sound, .pictures:
      let rows = try Self.lengths.enumerated().map { index, steps in
        let file = try file(modality, index, steps)
        let second = modality == .sound ? "0.015,0.02" : "0.03,0.05"
        return steps > 2 ? "\(file),x,0.01,0.014\n\(file),y,\(second)\n" : "\(file),x,0,0.01\n"
      }
      settings[.events] = try folder.file("e.csv", Array(("file,label,start,end\n" + rows.joined()).utf8))
    default:
      let rows = Self.lengths.enumerated().flatMap { index, steps in
        (0..<steps).map { "s\(index),\(Self.uniforms(17, index)[$0]),\($0 % 3),\($0 % 2)\n" }
      }
      path = try folder.file("t.csv", Array(("name,a,b,label\n" + rows.joined()).utf8))
      settings[.idColumn] = "name"
    }
    let made = try TaggingTask.plan(TaskRequest([DataSource(path)], settings: settings)) { _, _ in }
    var task = made.task
    task.network = shrunk(task.network)
    var examples = try made.training.all() + made.validation.all() + made.test.all()
    examples.append(.init(features: examples[0].features.part(0..<0), labels: [], events: nil))
    try checkTask(task, examples: examples)
  }

  /// What a regression reads of a sequence is what a classification reads of it.
  @Test(arguments: [Modality.texts, .sound, .pictures, .series, .tables])
  func featuresOfRegressionAreThoseOfClassification(_ modality: Modality) throws {
    guard let path = try table(modality, isSplit: true) else { return }
    var (classes, numbers) = (Settings(), Settings())
    (classes[.evidence], numbers[.targetColumn]) = (false, "label")
    let one = try ClassificationTask.plan(TaskRequest([DataSource(path)], settings: classes)) { _, _ in }
    let other = try RegressionTask.plan(TaskRequest([DataSource(path)], settings: numbers)) { _, _ in }
    #expect(other.task.featurizer == one.task.featurizer)
    #expect(
      try other.training.all().map(\.features) == one.training.all().map(\.features)
        && one.training.count == 10)
    let (network, expected) = (other.task.reader.network, one.task.classifier.network)
    #expect(network.pictureHeight == expected.pictureHeight && network.pictureWidth == expected.pictureWidth)
    #expect(network.pictureScale == expected.pictureScale)
    #expect(network.pictureConvolutions == expected.pictureConvolutions)
  }
}
