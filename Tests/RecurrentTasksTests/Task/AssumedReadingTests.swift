import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// What is guessed about the bytes of a file is said beside predictions and evaluations too.
struct AssumedReadingTests {
  private func latin(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

  /// What a task says of a file, once as UTF-8 and once as Latin-1.
  private func said<Task: SequenceTask>(
    _ type: Task.Type, _ text: String, settings: Settings = Settings()
  ) throws -> [[DataNote]] {
    let folder = try ScratchFolder()
    let train = try folder.file("train.csv", Array(text.utf8))
    let other = try folder.file("other.csv", latin(text))
    let task = try Task.plan(TaskRequest([DataSource(train)], settings: settings)) { _, _ in }.task
    return try [train, other].flatMap { path in
      try [false, true].map {
        try task.examples([DataSource(path)], settings: settings, needsTargets: $0).notes
      }
    }
  }

  private func expectGuess(_ said: [[DataNote]], sourceLocation: SourceLocation = #_sourceLocation) {
    for (index, notes) in said.enumerated() {
      let own = notes.filter { $0.setting == "encoding" }
      #expect(own.count == (index < 2 ? 0 : 1), "\(notes)", sourceLocation: sourceLocation)
      #expect(own.allSatisfy { $0.text.contains("other.csv is no UTF-8") }, sourceLocation: sourceLocation)
      // what the columns mean is known from the training
      #expect(!notes.contains { $0.setting == "input-column" }, sourceLocation: sourceLocation)
    }
  }

  @Test func ofTexts() throws {
    let rows = (0..<40).map { $0 % 2 == 0 ? "ein schöner Tag \($0),gut" : "müde und naß \($0),schlecht" }
    expectGuess(
      try said(ClassificationTask.self, (["text,label"] + rows).joined(separator: "\n") + "\n"))
  }

  @Test func ofNumbersToPredict() throws {
    let rows = (0..<40).map { "schöner Tag \($0),\(Double($0) / 4)" }
    var settings = Settings()
    settings[.targetColumn] = "Höhe"
    expectGuess(
      try said(RegressionTask.self, (["text,Höhe"] + rows).joined(separator: "\n") + "\n", settings: settings)
    )
  }

  @Test func ofSeries() throws {
    let rows = (0..<200).map { "\($0),\(sin(Double($0) / 5))" }
    expectGuess(try said(ForecastingTask.self, (["step,Höhe"] + rows).joined(separator: "\n") + "\n"))
  }

  @Test func ofSequencesToPredict() throws {
    let rows = (0..<200).map { "\(sin(Double($0) / 5)),\(cos(Double($0) / 5))" }
    var settings = Settings()
    settings[.target] = ["Höhe"]
    expectGuess(
      try said(
        SequenceRegressionTask.self, (["drive,Höhe"] + rows).joined(separator: "\n") + "\n",
        settings: settings))
  }
}
