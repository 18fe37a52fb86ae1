#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a training must have in common with the one that it goes on with: settings, course and data.
struct RunIdentity: Encodable {
  /// The key in the metadata of a checkpoint.
  static let key = "run"

  let configuration: Configuration
  let sources: [TaskSource]
  /// The defaults of settings, by name: what is set to its default is as if it were not set.
  private let standards: [String: String]

  private enum CodingKeys: CodingKey {
    case configuration, sources
  }

  struct Configuration: Encodable {
    let settings: Settings
    let training: TaskSettings
    /// Which way of training the task has, from its second on.
    let trainingVersion: Int?
  }

  init<Task: SequenceTask>(
    of task: Task.Type, settings: Settings, training: TaskSettings, sources: [TaskSource]
  ) {
    configuration = Configuration(
      settings: settings, training: training,
      trainingVersion: task.trainingVersion > 1 ? task.trainingVersion : nil)
    self.sources = sources
    standards = Task.allSettings.flatMap(\.settings).reduce(into: [:]) { result, setting in
      result[setting.name] = setting.standardText.map { $0 == "on" ? "true" : $0 == "off" ? "false" : $0 }
    }
  }

  /// As JSON with sorted keys.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Compares with the training of a checkpoint.
  ///
  /// - Parameters:
  ///   - path: the checkpoint.
  ///   - isSameByEarlierLayout: whether an identity of another layout, its leaves by their paths, is that of this training.
  /// - Throws: ``TaskError/cannotResume(path:differences:)``, or a format error.
  func check(against path: String, _ isSameByEarlierLayout: ([String: String]) -> Bool) throws {
    let file = try SafetensorsFile(path: path)
    try file.verifyChecksum()
    guard let saved = file.metadata[RunIdentity.key] else {
      throw TaskError.cannotResume(path: path, differences: [.other("no training wrote it")])
    }
    let own = try text()
    if saved == own { return }
    let (old, new) = (RunIdentity.leaves(saved), RunIdentity.leaves(own))
    if !old.keys.contains(where: { $0.hasPrefix("configuration.training.training.") }) {
      if isSameByEarlierLayout(old) { return }
      throw TaskError.cannotResume(
        path: path, differences: [.other("version 0.1.0 wrote it, for other settings or data")])
    }
    let differences = differences(from: old, to: new)
    if !differences.isEmpty { throw TaskError.cannotResume(path: path, differences: differences) }
  }

  /// What is different: the data, and settings, those of the course of the training first.
  private func differences(from old: [String: String], to new: [String: String]) -> [TaskError.Difference] {
    func value(_ path: String, in leaves: [String: String]) -> String? {
      leaves[path]
        ?? (path.hasPrefix("configuration.settings.") ? standards[RunIdentity.setting(path)] : nil)
    }
    var found: [TaskError.Difference] = []
    let paths = Set(old.keys).union(new.keys).filter { value($0, in: old) != value($0, in: new) }.sorted(
      by: >)
    if paths.contains(where: { $0.hasPrefix("sources") }) {
      let (before, after) = (RunIdentity.files(old), RunIdentity.files(new))
      found.append(
        .other(
          before == after ? "what is in \(after) has changed" : "the data were \(before) and are now \(after)"
        ))
    }
    if paths.contains(RunIdentity.version) {
      found.append(.other("another version wrote it, which trains on these data in another way"))
    }
    for path in paths where !path.hasPrefix("sources") && path != RunIdentity.version {
      let name = RunIdentity.setting(path)
      let isKnown = found.contains { if case .setting(name, _, _) = $0 { true } else { false } }
      if !isKnown {
        found.append(.setting(name, was: value(path, in: old), isNow: value(path, in: new)))
      }
    }
    return found
  }

  private static let version = "configuration.training-version"

  /// The setting that a leaf belongs to.
  private static func setting(_ path: String) -> String {
    let names = path.split(separator: ".").map { String($0.prefix { $0 != "[" }) }
    if names.contains("schedule") { return names.last == "warm-up-steps" ? "warm-up" : "schedule" }
    return names.last == "average-decay" ? "average" : names.last ?? path
  }

  private static func files(_ leaves: [String: String]) -> String {
    leaves.keys.filter { $0.hasPrefix("sources") && $0.hasSuffix(".name") }.sorted().compactMap { leaves[$0] }
      .joined(separator: ", ")
  }

  /// Every number and text of a JSON value under its path, whose names have hyphens for capitals.
  static func leaves(_ text: String) -> [String: String] {
    guard let value = try? JSONValue(text: text.utf8) else { return [:] }
    var result: [String: String] = [:]
    collect(value, "", &result)
    return result
  }

  private static func collect(_ value: JSONValue, _ path: String, _ result: inout [String: String]) {
    switch value {
    case .object(let members):
      for (name, value) in members {
        let name = name.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
        collect(value, path.isEmpty ? name : "\(path).\(name)", &result)
      }
    case .list(let elements) where elements.allSatisfy({ $0.field != nil }):
      result[path] = elements.compactMap(\.field).joined(separator: ",")
    case .list(let elements):
      for (index, value) in elements.enumerated() { collect(value, "\(path)[\(index)]", &result) }
    case .null: break
    default: result[path] = value.field
    }
  }
}
