#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import RecurrentData
import RecurrentTestSupport
import Testing

/// Folders with a file for each part.
@Suite struct PartFilesTests {
  /// The names of the files of each part and of the others, or nil where the folder is no such.
  private func parts(_ names: [String]) throws -> [[String?]]? {
    let folder = try ScratchFolder()
    defer { withExtendedLifetime(folder) {} }
    for name in names { _ = try folder.file(name, [1]) }
    guard let parts = PartFiles(folder: folder.path) else { return nil }
    func name(_ path: String) -> String { String(path.dropFirst(folder.path.utf8.count + 1)) }
    let named: [String?] = [name(parts.training), parts.validation.map(name), parts.test.map(name)]
    return [named, parts.others.map { Optional(name($0)) }]
  }

  @Test(
    arguments: [
      (["train.csv", "dev.csv", "test.csv"], ["train.csv", "dev.csv", "test.csv"], []),
      (
        ["Digits_TEST.ts", "Digits_TRAIN.ts", "README.md"], ["Digits_TRAIN.ts", nil, "Digits_TEST.ts"],
        ["README.md"]
      ),
      (["wiki.train.tokens", "wiki.valid.tokens"], ["wiki.train.tokens", "wiki.valid.tokens", nil], []),
      (["train.csv.gz", "test.csv.gz"], ["train.csv.gz", nil, "test.csv.gz"], []),
    ] as [([String], [String?], [String])])
  func foldersWithParts(_ names: [String], _ parts: [String?], _ others: [String]) throws {
    let found = try #require(try self.parts(names))
    #expect(found == [parts, others.map(Optional.some)])
  }

  /// What could be read in several ways, or is no split at all.
  @Test(arguments: [
    ["train.csv"], ["dev.csv", "test.csv"], ["pos.txt", "neg.txt"],
    ["train.en", "train.de", "test.en", "test.de"],
    ["train.csv", "test.tsv"], ["wiki_tr.txt", "wiki_te.txt"], ["a_train.csv", "b_train.csv", "test.csv"],
  ])
  func otherFolders(_ names: [String]) throws { #expect(try parts(names) == nil) }

  /// A folder for each part with one table in it; folders of classes and of recordings are no such.
  @Test(
    arguments: [
      (["train/a.csv", "test/b.csv"], ["train/a.csv", nil, "test/b.csv"]),
      (["train/a.csv", "dev/a.csv", "test/a.csv"], ["train/a.csv", "dev/a.csv", "test/a.csv"]),
      (["train/a.csv", "train/b.csv", "test/b.csv"], nil), (["train/pos/a.txt", "test/pos/a.txt"], nil),
      (["train/a.wav", "test/a.wav"], nil), (["train/a.csv", "test/a.csv", "clips/a.csv"], nil),
      (["train/a.csv", "test/a.jsonl"], nil),
    ] as [([String], [String?]?)])
  func foldersOfParts(_ names: [String], _ parts: [String?]?) throws {
    let folder = try ScratchFolder()
    for name in names {
      let place = folder.path + "/" + name.split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      _ = try folder.file(name, [1])
    }
    let found = PartFiles(folder: folder.path)
    #expect(
      found.map { [$0.training, $0.validation, $0.test] } == parts?.map { $0.map { folder.path + "/" + $0 } })
  }

  @Test func foldersOfFoldersAreOthers() {
    #expect(PartFiles(folder: repositoryRoot) == nil && PartFiles(folder: repositoryRoot + "/none") == nil)
  }
}
