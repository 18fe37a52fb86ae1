import ArgumentParser
import Foundation
import Recurrent

/// Whole training steps of the reference language model: optimiser, clipping and dropout included.
struct LanguageModelBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "language-model",
    abstract:
      "Training of the reference character model (2 x 256 LSTM, 64 streams, windows of 128) beside PyTorch.",
    discussion: """
      Example:

        swift run -c release --package-path Benchmarks recurrent-benchmark language-model --python .venv/bin/python
      """)

  @Option(help: "The text.") var data = "Examples/Data/tinyshakespeare.txt"
  @Option(help: "The Python interpreter of the opponent; empty for none.") var python = "python3"
  @Option(help: "Threads of both.") var threads = 2
  @Option(help: "Steps of a round.") var steps = 25
  @Option(help: "Rounds of each side.") var rounds = 3

  func run() throws {
    let text = try LanguageModelCorpus.Text(
      paths: [data], validationPaths: [], split: try TextSplit(training: 0.9, validation: 0.1, test: 0))
    var configuration = LanguageModelConfiguration.standard(
      unit: .character, tokenCount: text.trainingCharacterCount)
    configuration.layerCount = 2
    configuration.hiddenSize = 256
    configuration.embeddingSize = 64
    configuration.dropoutRate = 0.2
    configuration.batchSize = 64
    configuration.sequenceLength = 128
    configuration.learningRate = 2e-3
    configuration.training.epochs = 15
    let corpus = try LanguageModelCorpus(text, unit: .character, vocabularySize: nil, minimumCount: 1)
    var own: [Double] = []
    var theirs: [Double] = []
    for _ in 0..<rounds {
      own.append(try ours(corpus, configuration))
      if !python.isEmpty, let rate = torch() { theirs.append(rate) }
    }
    print(
      "recurrent: \(rounded(median(own), 0)) characters/s (rounds: \(own.map { rounded($0, 0) }.joined(separator: ", ")))"
    )
    print("peak memory of recurrent: \(rounded(Double(peakBytes()) / 1e6, 0)) MB")
    guard !theirs.isEmpty else { return }
    print(
      "torch:     \(rounded(median(theirs), 0)) characters/s (rounds: \(theirs.map { rounded($0, 0) }.joined(separator: ", ")))"
    )
    print("ratio:     \(rounded(median(own) / median(theirs), 2))")
  }

  private func ours(_ corpus: LanguageModelCorpus, _ configuration: LanguageModelConfiguration) throws
    -> Double
  {
    try Backends.$current.withValue(CPUBackend(threadCount: threads)) {
      let problem = try LanguageModelProblem(
        training: corpus.training.ids, validation: [], configuration: configuration)
      let model = LanguageModel(
        configuration, vocabularySize: corpus.vocabulary.count, key: RandomKey(seed: 1))
      var trainer = Trainer(
        problem: problem, model: model,
        optimizer: configuration.optimizer.make(learningRate: configuration.learningRate, weightDecay: 0),
        settings: configuration.training)
      var marks: [Double] = []
      var units = 0
      _ = try trainer.run(
        report: { event in
          guard case .step(let step) = event else { return }
          units = step.unitCount
          marks.append(Trainer<LanguageModelProblem>.seconds())
        }, shouldStop: { marks.count > steps })
      let times = zip(marks.dropFirst(5), marks.dropFirst(6)).map { $1 - $0 }
      return Double(units) / median(times)
    }
  }

  private func torch() -> Double? {
    let arguments = ["--data", data, "--threads", "\(threads)", "--max-steps", "\(steps)"]
    guard let peer = Peer(python: python, script: "torch_language_model.py", arguments: arguments),
      let reply = peer.readLine()
    else {
      print("torch: skipped; \(python) cannot run it (see Benchmarks/requirements.txt)")
      return nil
    }
    peer.quit()
    if let bytes = reply["peak_rss_bytes"] as? Double {
      print("peak memory of torch: \(rounded(bytes / 1e6, 0)) MB")
    }
    return reply["characters_per_second"] as? Double
  }

  private func peakBytes() -> Int {
    var usage = rusage()
    #if canImport(Glibc)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
    #else
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
    #endif
  }
}
