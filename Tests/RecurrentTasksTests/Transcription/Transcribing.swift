import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

/// Small tasks, sounds and networks for the tests of transcription.
enum Transcribing {
  static func task(
    _ kind: TokenKind, isCausal: Bool, upsampling: Int = 1, lookahead: Int = 0
  ) throws -> TranscriptionTask {
    let featurizer = SeriesFeaturizer(
      channels: ["a", "b"], scaler: ChannelScaler(method: .none, fitting: [[0, 1], [0, 1]]),
      missing: MissingValues(marksMissing: false))
    var network = SequenceNetworkConfiguration(
      featureCount: 2, convolutions: [.init(size: 3, width: 3, stride: 2)], isCausal: isCausal,
      cell: isCausal ? .lstm : .gru, hiddenSize: 3)
    if lookahead > 0 {
      network.convolutions.append(.init(size: 2, width: lookahead + 1, lookahead: lookahead))
    }
    return TranscriptionTask(
      featurizer: .series(featurizer), units: try TranscriptUnits.fit(kind, to: ["ab a", "b"]),
      network: network, upsampling: upsampling, rate: 1, timeUnit: .counts("step"),
      search: TranscriptSearch(beam: 8, best: 2, commitFrames: 16))
  }

  /// Strings of letters, each a tone of its own, with silence between.
  static func tones(_ count: Int, letters: String = "abcd", seed: UInt64) -> [Record] {
    let (letters, key) = (Array(letters), RandomKey(seed: seed))
    return (0..<count).map { index in
      let picks = key.child(index).integers(5, below: 1000)
      let text = (0..<1 + picks[4] % 4).map { letters[picks[$0] % letters.count] }
      var samples = [Float](repeating: 0, count: 400)
      var events: [LabelledEvent] = []
      for letter in text {
        let frequency = Float(350 << (letters.firstIndex(of: letter) ?? 0))
        let start = Double(samples.count) / 8000
        samples += (0..<800).map { sine(2 * .pi * frequency * Float($0) / 8000) * 0.3 }
        events.append(LabelledEvent(label: String(letter), start: start, end: start + 0.1))
        samples += [Float](repeating: 0, count: 400 + picks[3] % 3 * 200)
      }
      let noise = key.child(index).child(1).uniforms(samples.count)
      for place in samples.indices { samples[place] += 0.01 * (noise[place] - 0.5) }
      return Record(
        .sound(Sound(rate: 8000, channels: [samples])), events: events,
        transcript: text.map { String($0) }.joined(separator: " "))
    }
  }

  static func sine(_ x: Float) -> Float { Float(sin(Double(x))) }

  static func settings(_ set: (inout Settings) -> Void = { _ in }) -> Settings {
    var settings = Settings()
    settings[.bands] = 16
    settings[.convolutions] = ["24x5/2"]
    settings[.hidden] = 20
    settings[.layers] = 1
    settings[.dropout] = 0
    set(&settings)
    return settings
  }

  static func plan(_ records: [Record], _ settings: Settings) throws -> TrainingPlan<
    TranscriptionTask
  > {
    try TranscriptionTask.plan(
      TaskRequest([DataSource(records, name: "tones")], settings: settings), progress: { _, _ in })
  }

  /// A network that reads tones, live too.
  static let trained = Result { () throws -> (TrainedTask<TranscriptionTask>, TaskEvaluation) in
    let settings = Self.settings {
      $0[.causal] = true
      $0[.hidden] = 32
      $0[.epochs] = 50
      $0[.learningRate] = 1e-2
      $0[.batchSize] = 8
      $0[.average] = 0.9
      $0[.timeMasks] = 0
      $0[.featureMasks] = 0
      $0[.split] = [0.8, 0.1, 0.1]
    }
    let request = TaskRequest([DataSource(Self.tones(160, seed: 4), name: "tones")], settings: settings)
    guard case .finished(let trained, _, let test?, _) = try TaskTraining<TranscriptionTask>(request).run()
    else { throw TaskError.unsupported("the training did not finish") }
    return (trained, test)
  }

  static func model(_ lines: [String], order: Int = 2, in folder: ScratchFolder) throws -> String {
    let estimator = try NGramEstimator(order: order)
    for line in lines { try estimator.add(sentence: line.split(separator: " ").map(String.init)) }
    let path = folder.path + "/words.arpa"
    try estimator.model().writeARPA(to: path)
    return path
  }

}
