import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// From recordings to a model that plays.
@Suite struct PerformanceTrainingTests {
  /// Five keys up, each struck when the one before ends, the second of each pair harder, faster and faster.
  private static func recording(_ seed: UInt64) -> MusicPerformance {
    let draws = RandomKey(seed: seed).integers(40, below: 3)
    var (notes, time) = ([MusicPerformance.Note](), 0)
    for index in 0..<40 {
      let length = 20 + 10 * (index % 5 == 0 ? 1 : 0) + Int(draws[index])
      notes.append(
        .init(
          key: 60 + 2 * (index % 5), velocity: index % 2 == 0 ? 47 : 95, start: time, end: time + length))
      time += length
    }
    return MusicPerformance(notes: notes)
  }

  private static let trained = Result { () throws -> (TrainedTask<PerformanceTask>, ScratchFolder) in
    let folder = try ScratchFolder()
    for index in 0..<24 {
      _ = try folder.file("r\(index).mid", recording(UInt64(index)).file().bytes)
    }
    var settings = Settings()
    (settings[.hidden], settings[.layers], settings[.embedding]) = (32, 1, 16)
    (settings[.epochs], settings[.transpose], settings[.learningRate]) = (200, 0, 1e-2)
    settings[.dropout] = 0.05
    let output = TrainingOutput(folder.path + "/x.bundle")
    _ = try TaskTraining<PerformanceTask>(
      TaskRequest([DataSource(folder.path)], settings: settings), output: output
    ).run()
    return (try TrainedTask<PerformanceTask>(bundle: output.path), folder)
  }

  @Test func playingIsLearnt() throws {
    let (trained, folder) = try Self.trained.get()
    let evaluation = try trained.evaluation([DataSource(folder.path)])
    let values = Dictionary(uniqueKeysWithValues: evaluation.metrics.map { ($0.key, $0.value) })
    let metrics = try #require(evaluation.details as? PerformanceMetrics)
    #expect(try #require(values["accuracy"]) > 0.7, "\(values)")
    #expect(
      metrics.natsPerEvent.value < 0.5 * metrics.baselineNatsPerEvent && metrics.performances == 24,
      "\(metrics)")
    #expect(try checkedMarkup(evaluation.report).text.contains("Surprise along the performance"))
    #expect(trained.task.corpus.pieces.count > 12 && trained.task.hasCorpus)
    try checkedMarkup(
      try #require(try trained.plot([DataSource(folder.path + "/r0.mid")], settings: Settings())))
  }

  @Test func playingGoesOn() throws {
    let (trained, _) = try Self.trained.get()
    let whole = Self.recording(99)
    let primer = MusicPerformance(notes: Array(whole.notes.prefix(10)))
    let played = try trained.play(
      after: primer, length: 1000, sampler: Sampler(temperature: 0), key: RandomKey(seed: 1))
    #expect(played.givenCount == 10 && played.givenLength == primer.length)
    #expect(played.performance.length <= primer.length + 1000)
    // most keys follow as they do in the recordings, and the touch goes on too
    let notes = played.performance.notes[9...]
    let pairs = Array(zip(notes, notes.dropFirst()))
    let right = pairs.count { $1.key == ($0.key == 68 ? 60 : $0.key + 2) }
    let touched = pairs.count { ($0.velocity > 70) != ($1.velocity > 70) }
    #expect(pairs.count > 20 && right * 10 > pairs.count * 7 && touched * 10 > pairs.count * 7, "\(notes)")
    #expect(played.copy?.length ?? 0 >= 4 && played.copyLine.contains("longest copy"))
    let wild = Sampler(temperature: 1.5)
    let one = try trained.play(length: 300, sampler: wild, voices: 1, key: RandomKey(seed: 7))
    #expect(try trained.play(length: 300, sampler: wild, voices: 1, key: RandomKey(seed: 7)) == one)
    #expect(try trained.play(length: 300, sampler: wild, voices: 1, key: RandomKey(seed: 8)) != one)
    for (note, next) in zip(one.performance.notes, one.performance.notes.dropFirst()) {
      #expect(note.end <= next.start)
    }
    try checkedMarkup(trained.task.drawing(played, title: "a <b>"))
    let file = played.performance.file()
    #expect(try MIDIFile(DataBytes(file.bytes)).warnings.isEmpty)
  }
}
