#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What ranks agree upon before the first step.
extension TaskTraining {
  /// Into how many shards the steps of a plan are cut: what is set, or what a training that is gone on with had, or one for each
  /// rank. Nil for none.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where that many are impossible, or ``CommunicationError``.
  func shards(of plan: TrainingPlan<Task>) throws -> Int? {
    var count = plan.settings.training.shards ?? 1
    if request.settings[.shards] == nil {
      // rank 0 alone sees the checkpoint
      let saved = try ranks.broadcast(Array("\(savedShards ?? 0)".utf8))
      count = Int(String(decoding: saved, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil } ?? ranks.size
    }
    func refuse(_ expected: String) -> DataError {
      .invalidSetting(name: "shards", expected: expected, found: "\(count)")
    }
    if count == 1, ranks.size == 1 { return nil }
    guard Task.Problem.self is any ShardedProblem.Type else {
      throw refuse("1 and a single rank, for the steps of a training of \(Task.name) are not cut by rows")
    }
    guard Shard.block(ofRank: ranks.rank, of: ranks.size, shards: count) != nil else {
      throw refuse("\(ranks.size) times a power of two, for that many ranks share them")
    }
    guard count <= plan.settings.batchSize else {
      throw refuse("at most the rows of a batch, \(plan.settings.batchSize)")
    }
    return count
  }

  /// The shards of the training that is gone on with; nil where there is none.
  private var savedShards: Int? {
    guard let output, output.resumes, output.folder.hasCheckpoint,
      let saved = try? SafetensorsFile(path: output.folder.file).metadata[RunIdentity.key]
    else { return nil }
    return RunIdentity.leaves(saved)["configuration.training.training.shards"].flatMap { Int($0) } ?? 1
  }

  /// Compares what all ranks are about to do.
  ///
  /// - Parameter identity: the settings and the hashes of the data, as JSON.
  /// - Returns: what tells the training from others, to be compared at every step.
  /// - Throws: ``CommunicationError/differs(rank:host:what:)`` with the first rank that is about to do something else than rank 0.
  func compare(_ identity: String) throws -> UInt64 {
    let own = [ranks.host, RecurrentVersion.current, identity].joined(separator: "\u{0}")
    let all = try ranks.gather(Array(own.utf8)).map {
      String(decoding: $0, as: UTF8.self).split(separator: "\u{0}", omittingEmptySubsequences: false)
    }
    let first = all[0]
    for (rank, other) in all.enumerated() where other.dropFirst() != first.dropFirst() {
      let (host, version) = (String(other[0]), other[1])
      if version != first[1] {
        throw CommunicationError.differs(
          rank: rank, host: host, what: "runs version \(version), rank 0 version \(first[1])")
      }
      let (mine, theirs) = (RunIdentity.leaves(String(other[2])), RunIdentity.leaves(String(first[2])))
      let paths = Set(mine.keys).union(theirs.keys).filter { mine[$0] != theirs[$0] }.sorted()
      let isOfData = paths.contains { $0.hasPrefix("sources") }
      throw CommunicationError.differs(
        rank: rank, host: host,
        what: isOfData
          ? "has other data than rank 0 on \(first[0])"
          : "has other settings than rank 0 (\(paths.joined(separator: ", ")))")
    }
    let hash = SHA256.hash(Array(first.dropFirst().joined(separator: "\n").utf8))
    return UInt64(hash.prefix(16), radix: 16) ?? 0
  }

  /// Goes on from a checkpoint that rank 0 has, or not.
  ///
  /// - Parameters:
  ///   - trainer: unchanged where there is none.
  ///   - path: of the checkpoint; nil on other ranks.
  /// - Returns: whether it goes on.
  /// - Throws: ``TaskError/cannotResume(path:differences:)``, ``CommunicationError`` or a format error.
  func restore(_ trainer: inout Trainer<Task.Problem>, from path: String?) throws -> Bool {
    guard try agree(path != nil) else { return false }
    var path = path
    var copy: String?
    defer { if let copy { try? FileManager.default.removeItem(atPath: copy) } }
    if ranks.size > 1 {
      // other machines need not see the files of this one
      let bytes = try ranks.broadcast(path.map { try MappedFile(path: $0).withBytes { Array($0) } } ?? [])
      if path == nil {
        let own = FileManager.default.temporaryDirectory.path + "/recurrent-\(UUID().uuidString).safetensors"
        try AtomicFile.write(bytes, to: own)
        (path, copy) = (own, own)
      }
    }
    guard let path else { return false }
    do { try trainer.restore(from: path) } catch is ParameterError {
      // the same settings and data give every other version the same model
      throw TaskError.cannotResume(
        path: path, differences: [.other("version 0.1.0 wrote it, whose model of these data is another one")])
    }
    return true
  }

  /// What rank 0 says.
  func agree(_ value: Bool) throws -> Bool { try ranks.broadcast([value ? 1 : 0]) == [1] }
}
