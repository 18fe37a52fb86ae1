import ArgumentParser
import Recurrent

/// Lets a model play into files.
struct PerformanceRun {
  let bundle: String
  let output: String?
  let options: MusicOptions
  let length: WrittenLength?
  let sampler: Sampler
  let seed: UInt64
  let count: Int
  let isJSON: Bool

  private struct Line: Encodable {
    let index: Int
    let seed: UInt64
    let output, drawing: String
    let seconds, givenSeconds: Double
    let notes, longestCopy: Int
    let copiedPerformance: Int?
    let endedByItself: Bool
  }

  func run() throws {
    let files = try MusicOutput(
      output, count: count, apartFrom: [bundle] + [options.primer].compactMap { $0 })
    guard options.harmonise == nil, options.tempo == nil else {
      throw ValidationError("\(bundle) plays as it likes: --harmonise and --tempo are for music on a grid")
    }
    let hundredths = try length?.hundredths() ?? 3000
    let trained = try TrainedTask<PerformanceTask>(bundle: bundle)
    let primer = try options.primer.map { try performance($0, trained.task) }
    try files.forEach(seed: seed) { piece in
      let written = try trained.play(
        after: primer, length: hundredths, sampler: sampler, voices: options.voices,
        key: piece.key)
      try piece.write(written.performance.file()) { trained.task.drawing(written, title: $0) }
      let (seconds, notes) = (Double(written.performance.length) / 100, written.performance.notes.count)
      if isJSON {
        try JSONLine.output(
          Line(
            index: piece.index, seed: seed, output: piece.file, drawing: piece.drawing, seconds: seconds,
            givenSeconds: Double(written.givenLength) / 100, notes: notes,
            longestCopy: written.copy?.length ?? 0, copiedPerformance: written.copy.map { $0.piece + 1 },
            endedByItself: written.endedByItself))
      } else {
        Terminal.output(
          "\(piece.file): \(rounded(seconds, 1)) s, \(counted(notes, "note"))"
            + (written.endedByItself ? ", ended by itself" : "") + "; \(written.copyLine)")
      }
    }
  }

  /// The performance of a file.
  private func performance(_ path: String, _ task: PerformanceTask) throws -> MusicPerformance {
    let files = try MusicPerformances([DataSource(path)], programs: task.programs, usesPedal: task.usesPedal)
    for note in files.notes where note.kind == .warning { Terminal.error(note.line) }
    return files.performances[0]
  }
}
