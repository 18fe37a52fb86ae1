import ArgumentParser
import Foundation
import Recurrent

/// One character after the other, the state carried.
struct GenerationBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generation",
    abstract: "Generation of single characters by the reference model beside PyTorch eager.")

  @Option(help: "The cell: lstm, gru or elman.") var cell = "lstm"
  @Option(help: "The Python interpreter of the opponent; empty for none.") var python = "python3"
  @Option(help: "Characters of a round.") var characters = 2000
  @Option(help: "Rounds.") var rounds = 5

  func run() throws {
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1_000_000)
    configuration.cell = CellCatalog(rawValue: cell) ?? .lstm
    configuration.layerCount = 2
    configuration.hiddenSize = 256
    let letters = String(String.UnicodeScalarView((32..<97).compactMap { Unicode.Scalar($0) }))
    let vocabulary = try TextVocabulary.fit(unit: .character, texts: [letters])
    for threads in [1, 2] {
      let rate = Backends.$current.withValue(CPUBackend(threadCount: threads)) {
        let model = LanguageModel(configuration, vocabularySize: vocabulary.count, key: RandomKey(seed: 1))
        let rates = (0..<rounds).map { round in
          let session = LanguageModelSession(model: model, vocabulary: vocabulary)
          var generator = TextGenerator(
            session, sampler: Sampler(temperature: 0.8), length: characters,
            key: RandomKey(seed: UInt64(round)))
          let time = milliseconds { while generator.next() != nil {} }
          return Double(characters) / time * 1000
        }
        return median(rates)
      }
      print("recurrent, \(threads) thread\(threads == 1 ? "" : "s"): \(rounded(rate, 0)) characters/s")
    }
    guard !python.isEmpty else { return }
    for (name, arguments) in [
      ("torch eager (default)", []), ("torch eager (without oneDNN)", ["--no-onednn"]),
    ] {
      let peerCell = cell == "elman" ? "rnn" : cell
      if let peer = Peer(
        python: python, script: "torch_generate.py", arguments: ["--cell", peerCell] + arguments),
        let reply = peer.readLine(), let rate = reply["characters_per_second"] as? Double
      {
        print("\(name): \(rounded(rate, 0)) characters/s")
        peer.quit()
      }
    }
  }
}
