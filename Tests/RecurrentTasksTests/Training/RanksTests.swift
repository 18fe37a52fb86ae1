import RecurrentTestSupport
import Testing

@testable import RecurrentTasks

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whole trainings by several ranks: the model that is written, and what is refused.
@Suite struct RanksTests {
  private static let text = String(
    repeating: "the quick brown fox jumps over the lazy dog, and the dog sleeps on. ", count: 80)

  private static func settings(shards: Int?) -> Settings {
    var settings = Settings()
    settings[.epochs] = 2
    settings[.batchSize] = 12
    settings[.shards] = shards
    settings[.hidden] = 16
    settings[.dropout] = 0.2
    return settings
  }

  /// The bytes of the model that some ranks write.
  private static func model(
    shards: Int?, ranks: Int, stopsAfter: Int? = nil, resumes: Bool = false, in folder: String
  ) throws -> [UInt8]? {
    let data = DataSource(text: text, name: "text.txt")
    let path = folder + "/model.bundle"
    let ends = try ThreadRanks.run(ranks) { own in
      var training = TaskTraining<LanguageModelTask>(
        TaskRequest([data], settings: settings(shards: shards)),
        output: TrainingOutput(path, resumes: resumes))
      training.ranks = own
      var steps = 0
      let outcome = try training.run(shouldStop: {
        steps += 1
        return steps == stopsAfter
      })
      switch outcome {
      case .finished: return "finished"
      case .interrupted: return "interrupted"
      case .followed: return "followed"
      default: return "else"
      }
    }
    let first = stopsAfter == nil ? "finished" : "interrupted"
    try #require(ends == [first] + Array(repeating: stopsAfter == nil ? "followed" : first, count: ranks - 1))
    guard stopsAfter == nil else { return nil }
    return try MappedFile(path: path + "/model.safetensors").withBytes { Array($0) }
  }

  @Test func oneModelForAnyNumber() throws {
    let alone = try Self.model(shards: 4, ranks: 1, in: ScratchFolder().path)
    #expect(try Self.model(shards: 4, ranks: 2, in: ScratchFolder().path) == alone)
    // one for each rank, where nothing is set
    #expect(try Self.model(shards: nil, ranks: 4, in: ScratchFolder().path) == alone)
    #expect(try Self.model(shards: nil, ranks: 1, in: ScratchFolder().path) != alone)
  }

  /// A checkpoint knows its shards, and other ranks get it from rank 0.
  @Test(arguments: [(4, 1), (1, 2), (2, 4)]) func goneOnWith(_ first: Int, _ second: Int) throws {
    let folder = try ScratchFolder()
    #expect(try Self.model(shards: 4, ranks: first, stopsAfter: 3, in: folder.path) == nil)
    let alone = try Self.model(shards: 4, ranks: 1, in: ScratchFolder().path)
    #expect(try Self.model(shards: nil, ranks: second, resumes: true, in: folder.path) == alone)
  }

  @Test func refused() throws {
    func refusal(shards: Int?, ranks: Int) -> String {
      do {
        _ = try Self.model(shards: shards, ranks: ranks, in: ScratchFolder().path)
        return ""
      } catch { return "\(error)" }
    }
    #expect(refusal(shards: 12, ranks: 2).contains("shards must be 2 times a power of two"))
    #expect(refusal(shards: 24, ranks: 1).contains("at most the rows of a batch, 12"))
  }

  /// Another text on one rank is named before the first step.
  @Test func otherData() throws {
    #expect {
      try ThreadRanks.run(2) { own in
        let text = own.rank == 1 ? Self.text.replacing("fox", with: "cat") : Self.text
        var training = TaskTraining<LanguageModelTask>(
          TaskRequest([DataSource(text: text, name: "text.txt")], settings: Self.settings(shards: 2)))
        training.ranks = own
        _ = try training.run()
      }
    } throws: { "\($0)".hasPrefix("rank 1 on thread 1 has other data than rank 0 on thread 0") }
  }
}
