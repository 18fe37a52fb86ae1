import Recurrent

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The key of a ``RunIdentity`` in the metadata of a checkpoint.
let runIdentityKey = "run"

/// What a training must have in common with the one that it goes on with.
struct RunIdentity<Configuration: Codable & Equatable, Source: Codable & Equatable>: Codable, Equatable {
  let configuration: Configuration
  let sources: [Source]

  /// As JSON with sorted keys.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Throws when the training at `path` had other settings or other data.
  func check(against path: String, flags: [(key: String, flag: String)]) throws {
    let file = try SafetensorsFile(path: path)
    try file.verifyChecksum()
    guard let saved = file.metadata[runIdentityKey] else {
      throw RunError.cannotResume(path: path, differences: ["it was not written by this command"])
    }
    let own = try text()
    if saved == own { return }
    throw RunError.cannotResume(path: path, differences: RunIdentity.differences(from: saved, to: own, flags))
  }

  /// What is different, in the words of the command line.
  private static func differences(
    from saved: String, to own: String, _ flags: [(key: String, flag: String)]
  ) -> [String] {
    let (old, new) = (leaves(saved), leaves(own))
    var found: [String] = []
    let names = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
    if names.contains(where: { $0.hasPrefix("sources") }) {
      let (before, after) = (files(old), files(new))
      found.append(
        before == after ? "what is in \(after) has changed" : "the data were \(before) and are now \(after)")
    }
    for name in names where !name.hasPrefix("sources") {
      let key = name.split(separator: ".").dropFirst().joined(separator: ".")
      let flag =
        flags.first {
          key == $0.key || key.hasPrefix($0.key + ".") || key.hasPrefix($0.key + "[")
        }
      let text =
        "\(flag.map { "--\($0.flag)" } ?? key) was \(old[name] ?? "not set") and is now \(new[name] ?? "not set")"
      if !found.contains(text) { found.append(text) }
    }
    return found
  }

  private static func files(_ leaves: [String: String]) -> String {
    leaves.keys.filter { $0.hasPrefix("sources") && $0.hasSuffix(".name") }.sorted().compactMap { leaves[$0] }
      .joined(separator: ", ")
  }

  /// Every number and text of a JSON value under its path.
  private static func leaves(_ text: String) -> [String: String] {
    guard let value = try? JSONValue(text: text.utf8) else { return [:] }
    var result: [String: String] = [:]
    value.collect(path: "", into: &result)
    return result
  }
}

extension JSONValue {
  /// Every number and text under its path.
  fileprivate func collect(path: String, into result: inout [String: String]) {
    switch self {
    case .object(let members):
      if members.isEmpty { result[path] = "" }
      for (name, value) in members {
        value.collect(path: path.isEmpty ? name : "\(path).\(name)", into: &result)
      }
    case .list(let elements):
      for (index, value) in elements.enumerated() { value.collect(path: "\(path)[\(index)]", into: &result) }
    case .null: result[path] = "null"
    default: result[path] = field
    }
  }
}
