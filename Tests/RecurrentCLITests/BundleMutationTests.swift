import Foundation
import RecurrentTestSupport
import Testing

/// Whatever stands in the `task.json` of a bundle: it is refused with the file and the key, or the bundle works. It never
/// ends the process, hangs or takes all memory.
///
/// The checksums are taken out first, as if the bundle were from before there were any: they would refuse everything. Where there are
/// resources, which are read by their checksums alone, what was changed gets a right checksum instead.
/// With `RECURRENT_MUTATIONS=all` every value stands in for every value, without it a few of them for each.
@Suite struct BundleMutationTests {
  let run: CommandLineRun

  init() throws { run = try CommandLineRun() }

  private static var values: [Any] {
    [
      0, -1, 1 << 62, Int.min, 1e308, -1e-308, "nan", "inf", NSNull(), "a text", true, [Any](), 7, 0.5,
      1 << 20,
      [String: Any](),
    ]
  }

  private static let takesAll = ProcessInfo.processInfo.environment["RECURRENT_MUTATIONS"] == "all"

  /// A way through objects and lists to a value.
  private enum Step {
    case key(String)
    case place(Int)
  }

  /// The ways to numbers and lists; of long lists to some elements.
  private static func ways(_ value: Any, _ way: [Step] = []) -> [[Step]] {
    switch value {
    case let object as [String: Any]:
      return object.keys.sorted().flatMap { key in ways(object[key] ?? 0, way + [.key(key)]) }
    case let list as [Any]:
      let places = Set([0, list.count / 2, list.count - 1]).sorted().filter(list.indices.contains)
      return [way] + places.flatMap { ways(list[$0], way + [.place($0)]) }
    case is String: return []
    default: return [way]
    }
  }

  private static func replacing(_ value: Any, _ way: ArraySlice<Step>, _ change: (Any) -> Any) -> Any {
    guard let step = way.first else { return change(value) }
    switch (step, value) {
    case (.key(let key), var object as [String: Any]):
      object[key] = replacing(object[key] ?? 0, way.dropFirst(), change)
      return object
    case (.place(let place), var list as [Any]):
      list[place] = replacing(list[place], way.dropFirst(), change)
      return list
    default: return value
    }
  }

  /// Opens and uses a bundle; throws what it throws.
  private func use<Task: SequenceTask>(_ type: Task.Type, _ bundle: String, data: String) throws {
    let trained = try TrainedTask<Task>(bundle: bundle)
    let task = trained.task
    let input = try task.examples(
      [DataSource(run.folder.path + "/" + data)], settings: Settings(), needsTargets: false)
    let examples = try (0..<min(2, input.count)).map { try input[$0] }
    for (prediction, example) in zip(trained.predictions(to: examples), examples) {
      _ = task.rows(prediction, to: example, name: "x")
      _ = task.plot([prediction], of: [example])
    }
    if let example = examples.first, var session = task.session(task.packed(trained.model)) {
      for step in task.steps(of: example).prefix(3) { _ = session.push(step) }
      for moment in [SessionMoment.step, .line, .end] { _ = task.rows(of: session, at: moment) }
    }
    if let trained = trained as? TrainedTask<LanguageModelTask> {
      let session = LanguageModelSession(model: trained.model, vocabulary: trained.task.vocabulary)
      _ = Array(
        TextGenerator(session, sampler: Sampler(temperature: 1), length: 2, key: RandomKey(seed: 1)))
    }
  }

  private func use(_ training: SmallTraining, _ bundle: String) throws {
    guard let task = TaskCatalog.task(named: training.task) else {
      Issue.record("there is no task \(training.task)")
      return
    }
    try use(task, bundle, data: training.data)
  }

  /// Changes values of the `task.json` in `folder` one after the other and calls `body`; returns how often it threw nothing.
  private func mutate(_ folder: String, _ body: () throws -> Void) throws -> (count: Int, works: Int) {
    let url = URL(filePath: folder + "/task.json")
    let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    var object = try #require(parsed as? [String: Any])
    let checksums = try #require(object["checksums"] as? [String: Any])
    for key in ["checksum", "checksums", "files"] { object[key] = nil }
    let hasResources = checksums.keys.contains { $0 != "model.safetensors" }
    func write(_ value: Any) throws {
      guard hasResources, var whole = value as? [String: Any] else {
        return try JSONSerialization.data(withJSONObject: value, options: .sortedKeys).write(to: url)
      }
      whole["checksums"] = checksums
      let bytes = [UInt8](try JSONSerialization.data(withJSONObject: whole, options: .sortedKeys))
      let head = Array("{\n  \"checksum\" : \"\(XXHash64.digits(of: bytes))\",".utf8)
      try Data(head + bytes.dropFirst()).write(to: url)
    }
    try write(object)
    try body()
    let ways = BundleMutationTests.ways(object)
    let all = BundleMutationTests.values
    var (count, works) = (0, 0)
    for (number, way) in ways.enumerated() {
      var changes: [(Any) -> Any] = (0..<all.count).map { place in { _ in all[place] } }
      if !BundleMutationTests.takesAll { changes = (0..<3).map { changes[(3 * number + $0) % all.count] } }
      // the last element twice
      changes.append { value in (value as? [Any]).map { $0 + $0.suffix(1) } ?? value }
      for change in changes {
        let changed = BundleMutationTests.replacing(object, way[...], change)
        try write(changed)
        if BundleMutationTests.takesAll { trace(way, changed) }
        count += 1
        do {
          try body()
          works += 1
        } catch let error as BundleError {
          #expect("\(error)".contains("task.json") || "\(error)".contains("version"), "\(way): \(error)")
        } catch {
          // what fits no data, or no array of the model, is said by others
          #expect(!"\(error)".isEmpty)
        }
      }
    }
    return (count, works)
  }

  /// Leaves in a file what is tried, to be found when the process has ended.
  private func trace(_ way: [Step], _ changed: Any) {
    let name = repositoryRoot + "/.build/scratch/last-mutation.txt"
    try? Data("\(way)\n".utf8).write(to: URL(filePath: name))
  }

  @Test(arguments: SmallTraining.everyKind)
  func tasks(_ training: SmallTraining) throws {
    try training.write(to: run)
    let result = try run(training.command(epochs: 1))
    #expect(result.code == 0, "\(result.errors)")
    let (count, works) = try mutate(run.folder.path + "/x.bundle") {
      try use(training, run.folder.path + "/x.bundle")
    }
    if BundleMutationTests.takesAll {
      print("\(training.task): \(count) changed values, \(count - works) refused")
    }
    // settings of the training change nothing in a prediction; what the network is made of cannot be changed
    #expect(works < count, "\(works) of \(count) work")
  }

  @Test func importedLayers() throws {
    _ = try run.folder.file("state_dict.pt", fixture("state_dict.pt"))
    let result = try run("import", "state_dict.pt", "-o", "x.bundle")
    #expect(result.code == 0, "\(result.errors)")
    _ = try mutate(run.folder.path + "/x.bundle") {
      let layers = try ImportedLayers(bundle: run.folder.path + "/x.bundle")
      let x = Tensor(zeros: [2, 1, layers.layer.inputSize])
      _ = layers.layer(SequenceBatch(x), state: nil)
    }
  }
}
