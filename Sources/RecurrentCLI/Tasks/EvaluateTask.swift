import ArgumentParser
import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `recurrent evaluate` for a bundle of a task of the catalogue.
struct EvaluateTask<Task: CatalogTask> {
  let bundle: String
  let words: [String]
  let report: String?
  let isJSON: Bool

  func run() throws {
    let own = try TaskWords<Task>(words)
    if own.paths.isEmpty { throw ValidationError("name the data: files or folders") }
    let trained = try TrainedTask<Task>(bundle: bundle)
    let input = try trained.task.input(own.paths, settings: own.settings, needsTruth: true)
    for note in input.notes { Terminal.error(note.line) }
    var examples: [Task.Example] = []
    for number in 0..<input.count {
      examples.append(try input.example(number))
      if Interrupt.isRequested { throw ExitCode.interrupted }
    }
    let evaluation = trained.task.evaluation(trained.model, on: examples) { share in
      if Terminal.isInteractive { Terminal.progress("answering \(Int(share * 100))%") }
    }
    Terminal.clearProgress()
    if let report { try AtomicFile.write(Array(evaluation.report.utf8), to: report) }
    if isJSON {
      try JSONLine.output(AnyEncodable(evaluation.json))
    } else {
      for line in evaluation.lines { Terminal.output(line) }
    }
  }
}
