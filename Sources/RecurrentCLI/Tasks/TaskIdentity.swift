import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What decides the course of a training of a task, apart from the data.
struct TaskIdentity<Settings: Codable & Equatable>: Codable, Equatable {
  let settings: Settings
  let training: TaskSettings

  /// The flags of what stands here.
  static func flags(_ groups: [(title: String, flags: [TaskFlag])]) -> [(key: String, flag: String)] {
    let own = [
      ("training.training.epochs", "epochs"), ("training.batchSize", "batch-size"),
      ("training.optimizer", "optimizer"), ("training.learningRate", "learning-rate"),
      ("training.weightDecay", "weight-decay"), ("training.training.clipNorm", "clip-norm"),
      ("training.training.patience", "patience"), ("training.training.averageDecay", "average"),
      ("training.training.seed", "seed"),
    ]
    return own.map { (key: $0.0, flag: $0.1) }
      + groups.flatMap(\.flags).map { (key: "settings.\($0.key)", flag: $0.name) }
  }
}

extension TaskSource {
  /// All that a training reads, with the hashes of the files.
  static func all<Settings>(of request: TaskRequest<Settings>) throws -> [TaskSource] {
    let roles = [
      (request.paths, "training"), (request.validationPaths, "validation"), (request.testPaths, "test"),
    ]
    return try roles.flatMap { paths, role in
      try paths.map { path in
        TaskSource(
          name: path.split(separator: "/").last.map(String.init) ?? path, role: role, sha256: try hash(path))
      }
    }
  }

  private static func hash(_ path: String) throws -> String {
    guard DataFolder.isFolder(path) else { return try SHA256.hash(file: path) }
    var text = ""
    for name in (try? FileManager.default.subpathsOfDirectory(atPath: path))?.sorted() ?? [] {
      let file = path + "/" + name
      if !DataFolder.isFolder(file) { text += "\(name) \((try? SHA256.hash(file: file)) ?? "")\n" }
    }
    return SHA256.hash(Array(text.utf8))
  }
}
