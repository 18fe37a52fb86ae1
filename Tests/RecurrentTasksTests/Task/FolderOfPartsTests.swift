import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Folders with a file for each part.
struct FolderOfPartsTests {
  private static func table(_ count: Int, seed: UInt64) -> [UInt8] {
    let rows = (0..<count).map { index in
      RandomKey(seed: seed + UInt64(index)).uniforms(6).map { "\($0 + (index % 2 == 0 ? 1 : 0))" }
        .joined(separator: ",") + (index % 2 == 0 ? ",high" : ",low")
    }
    return Array((["a1,a2,a3,a4,a5,a6,label"] + rows).joined(separator: "\n").utf8)
  }

  @Test func partsOfAFolder() throws {
    let folder = try ScratchFolder()
    let train = try folder.file("train.csv", Self.table(40, seed: 1))
    let test = try folder.file("test.csv", Self.table(12, seed: 100))
    _ = try folder.file("notes.md", Array("about".utf8))
    let training = TaskTraining<ClassificationTask>(TaskRequest([DataSource(folder.path)]))
    #expect(training.request.data == [DataSource(train)] && training.request.testData == [DataSource(test)])
    #expect(training.request.validationData.isEmpty)
    let plan = try training.plan()
    #expect(plan.sizes.training == 40 && plan.sizes.test == 12)
    let note = try #require(plan.notes.first)
    #expect(note.kind == .assumed && note.text.contains("train.csv, test.csv of"))
    #expect(note.text.contains("not read: notes.md"))

    // what is evaluated is the file to test with
    let trained = TrainedTask(plan.task, plan.task.makeModel(key: RandomKey(seed: 1)))
    func evaluated(_ path: String) throws -> (metrics: [Double], notes: [DataNote]) {
      var said: [DataNote] = []
      let evaluation = try trained.evaluation(
        [DataSource(path)], settings: Settings(), states: StateFiles(), notes: { said = $0 },
        progress: { _ in })
      return (evaluation.metrics.map(\.value), said)
    }
    let (whole, file) = (try evaluated(folder.path), try evaluated(test))
    #expect(whole.metrics == file.metrics)
    #expect(whole.notes.contains { $0.text.contains("the file test.csv is evaluated") })
  }

  /// Parts that somebody names are not looked for, and other folders stay what they are.
  @Test func whatIsNamedIsNotGuessed() throws {
    let folder = try ScratchFolder()
    let train = try folder.file("train.csv", Self.table(4, seed: 1))
    _ = try folder.file("test.csv", Self.table(4, seed: 9))
    let request = TaskRequest([DataSource(folder.path)], testData: [DataSource(train)])
    #expect(TaskTraining<ClassificationTask>(request).request.data == [DataSource(folder.path)])
    let file = TaskRequest([DataSource(train)])
    #expect(TaskTraining<ClassificationTask>(file).request.data == [DataSource(train)])
  }
}
