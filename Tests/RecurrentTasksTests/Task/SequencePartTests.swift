import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

@Suite struct SequencePartTests {
  /// Contiguous, whole, nearly equal, and the first one empty only where all are.
  @Test(arguments: [0, 1, 3, 15, 16, 17, 100_000]) func parts(_ total: Int) {
    for count in [1, 2, 7, 16] {
      let parts = (0..<count).map { SequencePart($0, of: count).numbers(of: total) }
      #expect(parts.flatMap(Array.init) == Array(0..<total))
      #expect(parts.allSatisfy { (total / count...total / count + 1).contains($0.count) })
      #expect(parts[0].isEmpty == (total == 0))
    }
  }

  @Test func written() {
    #expect(SequencePart("3/16") == SequencePart(3, of: 16) && "\(SequencePart.whole)" == "0/1")
    for text in ["", "3", "16/16", "-1/4", "1/0", "a/b", "1/2/3", "1/"] { #expect(SequencePart(text) == nil) }
  }

  private static func outcome() throws -> (TrainedTask<ClassificationTask>, [DataSource]) {
    let lines = (0..<40).map { $0 % 3 == 0 ? "good fine number\($0)\tgood" : "bad poor number\($0)\tbad" }
    let data = DataSource((["text\tlabel"] + lines).joined(separator: "\n") + "\n", format: .tsv)
    var settings = Settings()
    settings[.epochs] = 1
    let trained = try #require(
      try TaskTraining<ClassificationTask>(TaskRequest([data], settings: settings)).run().trained)
    return (trained, [data])
  }

  /// The parts one behind the other are the whole, and their evaluations put together that of the whole.
  @Test func partsOfATask() throws {
    let (trained, data) = try Self.outcome()
    let whole = try trained.predictions(data)
    let folder = try ScratchFolder()
    var (rows, paths) = ([[Field]](), [String]())
    for index in 0..<3 {
      try trained.predict(
        data, settings: Settings(), part: SequencePart(index, of: 3), notes: { _ in },
        row: { rows.append($0) })
      let bytes = try trained.evaluationPart(
        data, settings: Settings(), part: SequencePart(index, of: 3), model: "m", progress: { _ in })
      paths.append(try folder.file("\(index).json", bytes))
    }
    #expect(rows == whole && whole.count == 40)
    let expected = try trained.evaluation(data)
    let merged = try trained.mergedEvaluation(paths.reversed(), model: "m")
    #expect(merged.metrics == expected.metrics && merged.lines == expected.lines && !merged.metrics.isEmpty)
    // what is no whole evaluation of this model
    for (files, reason) in [
      (Array(paths.dropLast()), "missing: 2"), (paths + [paths[0]], "more than once"), ([], "all parts"),
    ] {
      #expect { try trained.mergedEvaluation(files, model: "m") } throws: { "\($0)".contains(reason) }
    }
    #expect { try trained.mergedEvaluation(paths, model: "n") } throws: { "\($0)".contains("another model") }
    let damaged = try folder.file("damaged.json", Array("{".utf8))
    #expect { try trained.mergedEvaluation([damaged], model: "m") } throws: {
      "\($0)".contains("expected a part")
    }
  }
}
