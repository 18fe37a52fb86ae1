import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

struct TranscriptionSessionTests {
  /// Any cutting of the samples gives the lines, words, times and scores of the whole, bit for bit.
  @Test(arguments: 1...4) func anyCuttingGivesTheWhole(_ seed: Int) throws {
    var (trained, _) = try Transcribing.trained.get()
    if seed % 2 == 0 {
      // with a language model, a list and hot words
      let folder = try ScratchFolder()
      var settings = Settings()
      settings[.languageModel] = try Transcribing.model(["a b", "b a c d", "c c", "d a"], in: folder)
      settings[.hotWords] = try folder.file("hot.txt", Array("a b\t2\nd\n".utf8))
      settings[.best] = 3
      trained = TrainedTask(try trained.task.predicting(with: settings), trained.model)
      #expect(trained.task.language.hotWords.map(\.boost) == [2, 5])
    }
    let key = RandomKey(seed: UInt64(seed))
    let record = Transcribing.tones(12, seed: UInt64(20 + seed)).map { record -> [Float] in
      guard case .sound(let sound) = record.content else { return [] }
      return sound.mono
    }.flatMap { $0 }
    let whole = Record(.sound(Sound(rate: 8000, channels: [record])))
    let task = trained.task
    let example = try task.example(whole)
    let prediction = trained.predictions(to: [example])[0]
    #expect(prediction.best.words.count > 8)
    func run(_ sizes: [Int]) throws -> (rows: [[Field]], prediction: TranscriptionTask.Prediction) {
      var reader = try #require(task.stepReader())
      var session = try #require(task.session(task.packed(trained.model)))
      var (rows, outputs, place, turn) = ([[Field]](), [TranscriptionTask.Update](), 0, 0)
      func read(_ steps: [FeatureSequence]) {
        for step in steps {
          outputs += session.push(step)
          rows += task.rows(of: session, at: .step)
        }
      }
      while place < record.count {
        let end = min(record.count, place + sizes[turn % sizes.count])
        read(try reader.push(.list(record[place..<end].map { .number(Double($0)) }), line: 1))
        (place, turn) = (end, turn + 1)
      }
      read(reader.finish())
      outputs += session.finish()
      rows += task.rows(of: session, at: .end)
      return (rows, task.prediction(of: outputs))
    }
    let first = try run([record.count])
    #expect(String(reflecting: first.prediction) == String(reflecting: prediction))
    let sizes = [
      [80], key.integers(20, below: 900).map { $0 + 1 },
      key.child(1).integers(9, below: 40_000).map { $0 + 1 },
    ]
    for own in sizes {
      let cut = try run(own)
      #expect(cut.rows == first.rows)
      #expect(String(reflecting: cut.prediction) == String(reflecting: prediction))
    }
    // what is certain is never taken back, and all of it is the text
    let stable = first.rows.map { row in row.first { $0.name == "stable" }?.value.text ?? "" }
    #expect(stable.filter { !$0.isEmpty }.joined(separator: " ") == prediction.best.text)
    #expect(stable.count { !$0.isEmpty } > 2)
    // the words have times, about those of the whole, whose neighbours are all known
    func numbers(_ name: String) -> [Double] {
      first.rows.flatMap { row -> [Double] in
        if case .numbers(let own)? = row.first(where: { $0.name == name })?.value { own } else { [] }
      }
    }
    let (starts, ends) = (numbers("starts"), numbers("ends"))
    let timed = task.timed(prediction.best.words, duration: 1e6)
    #expect(starts.count == timed.count && ends.count == timed.count)
    for (place, word) in timed.enumerated() {
      #expect(abs(starts[place] - word.start) <= 0.3 && abs(ends[place] - word.end) <= 0.3)
      #expect(starts[place] <= ends[place])
    }
    #expect(numbers("confidences").allSatisfy { (0...1).contains($0) })
  }

}
