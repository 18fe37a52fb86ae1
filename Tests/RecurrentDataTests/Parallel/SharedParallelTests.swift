import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Real data, where a folder with them is at hand.
@Suite(.enabled(if: sharedData != nil, "\(needsSharedData)"))
struct SharedParallelTests {
  private func source(_ path: String) -> DataSource {
    DataSource((sharedData ?? "") + "/translation/" + path)
  }

  @Test func multi30k() throws {
    let two = try ParallelCorpus(reading: [
      source("multi30k-en-de/train.en"), source("multi30k-en-de/train.de"),
    ])
    #expect(two.count == 29_000 && two.gaps.count == 0)
    #expect(two[0].source == "Two young, White males are outside near many bushes.")
    let all = try ParallelCorpus(
      reading: [source("multi30k-en-de")], sides: ParallelSides(sourceLanguage: "de"))
    #expect(all.count == 30_014 && (0..<all.count).count { all.part($0) == .validation } == 1014)
    #expect(all[29_000].target == two.source(0) || all[0].target == two.source(0))
  }

  @Test(arguments: [("en-sv", [23_288, 1024, 974]), ("en-zh", [22_100, 963, 963])])
  func tatoeba(_ pair: String, _ counts: [Int]) throws {
    for (part, count) in zip(["train", "valid", "test"], counts) {
      for sides in [ParallelSides(), ParallelSides(sourceColumn: "1", targetColumns: ["2"])] {
        let corpus = try ParallelCorpus(reading: [source("tatoeba-\(pair)/\(part).tsv")], sides: sides)
        #expect(corpus.count == count && corpus.gaps.count == 0)
      }
    }
    let original = try ParallelCorpus(
      reading: [source("tatoeba-\(pair)/original.txt")],
      sides: ParallelSides(sourceColumn: "2", targetColumns: ["1"]))
    #expect(original.count == (pair == "en-sv" ? 25_286 : 24_026))
  }

  @Test func memories() throws {
    let catalan = try ParallelCorpus(reading: [source("tmx/gitlab-ui-en-ca.tmx")])
    #expect(catalan.count == 259 && catalan.targetLanguage == "ca")
    #expect(catalan[0].source == "<b>%{target_username}</b> is now an administrator.")
    #expect((0..<catalan.count).allSatisfy { !catalan.source($0).contains("\n") })
    let french = try ParallelCorpus(
      reading: [source("tmx/standard.tmx"), source("tmx/namespaces.tmx")],
      sides: ParallelSides(sourceLanguage: "en", targetLanguage: "fr"))
    #expect(french.pairs.map(\.target) == ["Bonjour le monde", "Appuyez sur OK.", "Texte en français"])
    #expect(french[1].source == "Press OK.")
  }
}
