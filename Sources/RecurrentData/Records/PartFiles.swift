/// A folder with a file for each part of the data: `train.csv`, `dev.csv` and `test.csv`, `Digits_TRAIN.ts` and `Digits_TEST.ts`, or
/// one file each in folders `train`, `dev` and `test`.
public struct PartFiles: Sendable, Equatable {
  /// The file of each part, and those of no part, by their paths.
  public let training: String, validation: String?, test: String?, others: [String]

  /// The parts of a folder; nil for any other folder: without a file to train on and one to validate or to test, with several for
  /// one part, or where the parts are other kinds of files.
  public init?(folder path: String) {
    guard let entries = try? DataFolder.entries(path) else { return nil }
    let hasFolders = entries.contains(where: \.isFolder)
    var files: [DataPart: [String]] = [:]
    var others: [String] = []
    for entry in entries {
      if entry.isFolder {
        // a folder with more than a table in it is something else
        guard let part = DataPart(word: entry.name), let own = try? DataFolder.entries(entry.path),
          own.count == 1,
          !own[0].isFolder, PartFiles.endings.contains(DataFolder.ending(own[0].path))
        else { return nil }
        files[part, default: []].append(own[0].path)
      } else if !hasFolders, let part = PartFiles.part(of: entry.path) {
        files[part, default: []].append(entry.path)
      } else {
        others.append(entry.path)
      }
    }
    let named = files.values.joined()
    guard let training = files[.training]?.first, files.count > 1, files.values.allSatisfy({ $0.count == 1 }),
      Set(named.map(DataFolder.ending)).count == 1
    else { return nil }
    (self.training, validation, test) = (training, files[.validation]?.first, files[.test]?.first)
    self.others = others
  }

  /// Endings of files with many sequences.
  private static let endings =
    ["csv", "tsv", "jsonl", "ndjson", "json", "txt", "ts", "arff"] + CoNLLFile.endings

  /// The part that the name of a file says, as a whole or behind its last `_`, `-` or `.`; `tr` and `te` may be languages.
  private static func part(of path: String) -> DataPart? {
    let end = DataFolder.stem(path).split { ["_", "-", "."].contains($0) }.last.map(String.init) ?? ""
    return end.count > 2 ? DataPart(word: end) : nil
  }
}
