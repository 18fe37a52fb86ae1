import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Data of a classifier that was planned already.
struct ClassificationDataTests {
  private static func task() throws -> ClassificationTask {
    let records = (0..<40).map { index in
      Record(
        .series(
          NumericSeries(channels: ["dimension 1"], values: RandomKey(seed: UInt64(index)).uniforms(12))),
        label: index % 2 == 0 ? "a" : "b")
    }
    let request = TaskRequest([DataSource(records, name: "train")])
    return try ClassificationTask.plan(request) { _, _ in }.task
  }

  private static let unlabelled: [(data: DataSource, origin: String)] = [
    (
      DataSource(
        bytes: Array("@problemName p\n@classLabel false\n@data\n1,2,3\n4,5,6\n".utf8), name: "new.ts"),
      "new.ts:4"
    ),
    (
      DataSource(
        [
          Record(
            .series(NumericSeries(channels: ["dimension 1"], values: [1, 2, 3])), label: "", origin: "r")
        ], name: "new"),
      "r"
    ),
  ]

  /// What is evaluated needs a class; what is predicted needs none.
  @Test(arguments: [0, 1]) func sequencesWithoutAClassAreNotEvaluated(_ index: Int) throws {
    let (task, own) = (try Self.task(), Self.unlabelled[index])
    let error = #expect(throws: DataError.self) {
      try task.examples([own.data], settings: Settings(), needsTargets: true).all()
    }
    #expect(
      error == .malformed(path: own.origin, place: .record, expected: "a class", found: "none"))
    let predicted = try task.examples([own.data], settings: Settings(), needsTargets: false)
    #expect(try predicted.all().allSatisfy { $0.target == -1 && $0.features.stepCount == 3 })
  }
}
