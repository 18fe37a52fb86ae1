import Foundation
import Recurrent
import RecurrentTestSupport
import Testing

@Test func aTaskInTenLines() throws {
  let scratch = try ScratchFolder()
  let folder = scratch.path
  // article: begin
  var settings = Settings()
  settings[.epochs] = 2
  settings[.hidden] = 8
  let request = TaskRequest(["Examples/Data/opinions.tsv"], settings: settings)
  let output = TrainingOutput(folder + "/opinions.bundle", overwrites: true)
  guard
    case .finished(_, _, let test?, _) = try TaskTraining<ClassificationTask>(request, output: output).run()
  else { fatalError("there is no test part") }

  let opened = try TrainedTask<ClassificationTask>(bundle: output.path)
  let new = DataSource(columns: ["text": .texts(["the cast felt really warm"])], name: "new")
  let rows = try opened.predictions([new])
  // article: end
  #expect(test.metrics[0].name == "accuracy" && (0...1).contains(test.metrics[0].value))
  #expect(rows.count == 1 && ["good", "bad"].contains { rows[0]["label"] == .text($0) })

  // article: begin
  /// Trains, writes, opens; evaluates and predicts with what was opened.
  func course<Task: SequenceTask>(
    _ task: Task.Type, _ data: DataSource, new: DataSource? = nil, _ change: (inout Settings) -> Void
  ) throws -> [[Field]] {
    var settings = Settings()
    settings[.epochs] = 1
    settings[.hidden] = 8
    change(&settings)
    let output = TrainingOutput(folder + "/\(Task.name).bundle", overwrites: true)
    let training = TaskTraining<Task>(TaskRequest([data], settings: settings), output: output)
    guard let trained = try training.run().trained else { fatalError("the training was stopped") }

    let opened = try TrainedTask<Task>(bundle: output.path)
    let evaluation = try opened.evaluation([data])
    precondition(!evaluation.metrics.isEmpty && evaluation.metrics.allSatisfy { $0.value.isFinite })
    let rows = try opened.predictions([new ?? data])
    let before = try trained.predictions([new ?? data])
    precondition(!rows.isEmpty && rows == before)
    return rows
  }
  // article: end

  // article: begin
  _ = try course(LanguageModelTask.self, "LICENSE") { $0[.sequenceLength] = 32 }
  _ = try course(ClassificationTask.self, "Examples/Data/robot-failures.csv") {
    $0[.idColumn] = "example"
    $0[.labelColumn] = "label"
  }
  _ = try course(TaggingTask.self, "Examples/Data/wall-following.csv.gz") { $0[.labelColumn] = "move" }
  _ = try course(ForecastingTask.self, "Examples/Data/prices.csv") {
    $0[.target] = ["close"]
    $0[.horizon] = 5
    $0[.lookBack] = 20
  }
  let table = folder + "/stars.csv"
  let lines = (0..<40).map { $0 % 2 == 0 ? "\"a fine, fine film\",5" : "a dull film,1" }
  try "text,stars\n\(lines.joined(separator: "\n"))\n".write(toFile: table, atomically: true, encoding: .utf8)
  let rated = try course(RegressionTask.self, DataSource(table)) { $0[.targetColumn] = "stars" }
  // article: end
  #expect(rated.count == 40 && rated[0]["value"] != rated[1]["value"])

  // article: begin
  let poem = DataSource(text: String(repeating: "Half a league, half a league. ", count: 60), name: "poem")
  let line = DataSource(text: "half a mile", name: "line")
  let scores = try course(LanguageModelTask.self, poem, new: line) { $0[.sequenceLength] = 16 }

  func curve(_ index: Int) -> NumericSeries {
    let slope: Float = index % 2 == 0 ? 1 : -1
    return NumericSeries(channels: ["level"], values: (0..<6 + index % 3).map { slope * Float($0) })
  }
  let curves = (0..<40).map { Record(.series(curve($0)), label: $0 % 2 == 0 ? "up" : "down") }
  let labels = try course(
    ClassificationTask.self, DataSource(curves, name: "curves"),
    new: DataSource([Record(.series(curve(3)))], name: "new")
  ) { _ in }

  // a recording of ten seconds at 20 Hz, with something at each whole second
  let signal = (0..<200).map { Float($0 % 20 == 0 ? 1 : 0.1 * Double($0 % 3)) }
  let beats = (0..<10).map { LabelledEvent(label: "beat", start: Double($0)) }
  let recording = Record(
    .series(NumericSeries(channels: ["x"], values: signal)), clock: StepClock(rate: 20), events: beats)
  let events = try course(
    TaggingTask.self, DataSource(Array(repeating: recording, count: 12), name: "pulses")
  ) {
    $0[.tolerance] = TaskDuration("0.1")
    $0[.epochs] = 40
    $0[.learningRate] = 0.01
  }

  let days = (0..<120).map(Double.init)
  let load = DataSource(
    columns: ["day": .numbers(days), "load": .numbers(days.map { 10 + sin($0 * .pi / 3.5) })], name: "load")
  let forecast = try course(ForecastingTask.self, load) {
    $0[.time] = "day"
    $0[.horizon] = 7
    $0[.lookBack] = 14
  }

  let reviews = DataSource(
    columns: [
      "text": .texts((0..<40).map { $0 % 2 == 0 ? "a fine, fine film" : "a dull film" }),
      "stars": .numbers((0..<40).map { $0 % 2 == 0 ? 5 : 1 }),
    ], name: "reviews")
  let stars = try course(RegressionTask.self, reviews) {
    $0[.inputColumn] = "text"
    $0[.targetColumn] = "stars"
  }
  // article: end
  #expect(scores.count == 1 && scores[0]["tokens"] == .integer(11))
  #expect(labels.count == 1 && labels[0]["label"] != nil)
  #expect(events.contains { $0["label"] == .text("beat") })
  #expect(forecast.count == 7 && forecast.allSatisfy { $0["target"] == .text("load") })
  #expect(stars.count == 40 && stars[0]["value"] != stars[1]["value"])
}

/// The data of the article are those of the package wherever the test is run.
@Suite struct ExampleDataTests {
  @Test func theTestRunsInTheFolderOfThePackage() {
    #expect(FileManager.default.fileExists(atPath: "Examples/Data/opinions.tsv"))
  }
}
