import RecurrentTestSupport
import Testing

@testable import RecurrentData

@Suite struct ParallelStemTests {
  private func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write([
      ("train.en", "a\nb\n"), ("train.de", "1\n2\n"), ("val.en", "c\n"), ("val.de", "3\n"),
      ("README.md", "x"), ("train.md", "x"),
      ("other.txt", "x"), ("alone.en", "x"),
    ])
    return folder
  }

  @Test func stems() throws {
    let folder = try folder()
    for sides in [
      ParallelSides(sourceLanguage: "en", targetLanguage: "de"), ParallelSides(sourceLanguage: "en"),
      ParallelSides(targetLanguage: "de"),
    ] {
      let corpus = try ParallelCorpus(reading: [DataSource(folder.path + "/train")], sides: sides)
      #expect(corpus.pairs == [ParallelCorpus.Pair]([("a", "1"), ("b", "2")]) && corpus.part(0) == nil)
      #expect(corpus.sourceLanguage == "en" && corpus.targetLanguage == "de")
    }
    let back = try ParallelCorpus(
      reading: [DataSource(folder.path + "/val")], sides: ParallelSides(sourceLanguage: "de"))
    #expect(back.pairs == [ParallelCorpus.Pair]([("3", "c")]))
  }

  @Test func folders() throws {
    let folder = try folder()
    let corpus = try ParallelCorpus(
      reading: [DataSource(folder.path)], sides: ParallelSides(sourceLanguage: "en"))
    #expect(corpus.pairs == [ParallelCorpus.Pair]([("a", "1"), ("b", "2"), ("c", "3")]))
    #expect((0..<3).map(corpus.part) == [.training, .training, .validation])
  }

  @Test func compressedFilesAndRegions() throws {
    let folder = try ScratchFolder()
    try folder.write([("x.en-GB", "a\n"), ("x.pt_BR", "b\n"), ("x.fr", "c\n")])
    let sides = ParallelSides(sourceLanguage: "en", targetLanguage: "pt")
    let corpus = try ParallelCorpus(reading: [DataSource(folder.path + "/x")], sides: sides)
    #expect(corpus.pairs == [ParallelCorpus.Pair]([("a", "b")]))
    // of three languages nobody can tell the other one
    let error = #expect(throws: DataError.self) {
      try ParallelCorpus(
        reading: [DataSource(folder.path + "/x")], sides: ParallelSides(sourceLanguage: "en"))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("target-language must be one of the languages"))
  }

  @Test func refused() throws {
    let folder = try folder()
    func message(_ path: String, _ sides: ParallelSides) -> String {
      do { return "\(try ParallelCorpus(reading: [DataSource(path)], sides: sides).count)" } catch {
        return "\(error)"
      }
    }
    #expect(
      message(folder.path + "/train", ParallelSides()).contains(
        "source-language must be one of the languages de, en of"))
    #expect(message(folder.path + "/train", ParallelSides(sourceLanguage: "fr")).contains("found \"fr\""))
    #expect(
      message(folder.path + "/train", ParallelSides(sourceLanguage: "en", targetLanguage: "en")).contains(
        "target-language"))
    #expect(message(folder.path + "/none", ParallelSides(sourceLanguage: "en")).contains("none"))
    #expect(message(folder.path + "/alone", ParallelSides(sourceLanguage: "en")).contains("alone"))
    try folder.write([("train.de", "1\n")])
    #expect(
      message(folder.path, ParallelSides(sourceLanguage: "en")).contains("train.de: line 2: expected 2 lines")
    )
  }
}
