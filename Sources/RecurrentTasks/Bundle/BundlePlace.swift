#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of a bundle.
struct BundlePlace {
  /// Without slashes at the end.
  let path: String

  /// What bundles of all kinds are made of.
  static let names = modelNames.union(["task.json", "card.md", "loss.svg", "report.html"])
  /// What models are called.
  static let modelNames: Set<String> = ["model.safetensors", "model.onnx"]

  init(_ path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// Whether a name is that of a file of a bundle: one that is not hidden, in no other folder.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 255
      && !name.utf8.contains { [0, UInt8(ascii: "/"), UInt8(ascii: "\\")].contains($0) }
  }

  /// Throws unless files may be written under these names: no two are one, on systems that take capital letters for small ones too.
  func check(_ names: [String]) throws(BundleError) {
    var met: Set<String> = []
    for name in names {
      guard BundlePlace.isName(name) else {
        throw .cannotWrite(path: path, reason: "\"\(name)\" is no name of a file of a bundle")
      }
      guard met.insert(name.lowercased()).inserted else {
        throw .cannotWrite(path: path, reason: "two of its files are called \"\(name)\"")
      }
    }
  }

  /// Whether anything stands here, a link to nothing too.
  var isTaken: Bool { BundlePlace.kind(path) != nil }

  /// A hidden folder beside this one under a name that nobody else chooses.
  func besides(_ purpose: String) -> String {
    let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return "\(path[..<cut]).\(path[cut...]).recurrent-\(purpose)"
  }

  /// What in the folder of a bundle was not written with it, sorted; `head` is that of its `task.json`, where it has one.
  static func strangers(in folder: String, _ head: BundleHead?) -> [String] {
    let own = head?.files.map(Set.init) ?? names
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().filter { name in
      let isLeftover = name.hasPrefix(".recurrent-") && name.hasSuffix(".tmp")
      return !(own.contains(name) || isLeftover) || kind(folder + "/" + name) == .typeDirectory
    }
  }

  /// Removes what a bundle wrote into `folder`; what else stands there is moved to this place, where there is a folder.
  ///
  /// - Throws: ``BundleError/leftBehind(path:files:)`` where something can neither be removed nor moved.
  func clear(_ folder: String) throws(BundleError) {
    let manager = FileManager.default
    guard let kind = BundlePlace.kind(folder) else { return }
    guard kind == .typeDirectory else {
      // a link to a folder: what is there belongs to somebody else
      try? manager.removeItem(atPath: folder)
      return
    }
    let strangers = BundlePlace.strangers(in: folder, try? BundleHead.read(folder))
    let isKept = Set(strangers)
    for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] where !isKept.contains(name) {
      try? manager.removeItem(atPath: folder + "/" + name)
    }
    for name in strangers {
      let (from, to) = (folder + "/" + name, path + "/" + name)
      if (try? manager.contentsOfDirectory(atPath: from))?.isEmpty ?? false, BundlePlace.kind(to) != nil {
        try? manager.removeItem(atPath: from)
      } else if BundlePlace.kind(path) == .typeDirectory, BundlePlace.kind(to) == nil {
        try? manager.moveItem(atPath: from, toPath: to)
      }
    }
    let left = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    if left.isEmpty {
      try? manager.removeItem(atPath: folder)
    } else if isTaken {
      throw .leftBehind(path: folder, files: left)
    }
  }

  /// Puts the folder `partial` in this place, at no moment without a bundle where the system can do this.
  func replace(with partial: String) throws {
    let manager = FileManager.default
    let old = besides("replaced")
    // what a process that was killed had put aside
    try clear(old)
    if isTaken, FolderExchange.exchange(partial, path) {
      try clear(partial)
      return
    }
    do {
      if isTaken { try manager.moveItem(atPath: path, toPath: old) }
      try manager.moveItem(atPath: partial, toPath: path)
    } catch {
      if !isTaken, BundlePlace.kind(old) != nil { try? manager.moveItem(atPath: old, toPath: path) }
      throw BundleError.cannotWrite(path: path, reason: "the finished folder cannot be moved to its place")
    }
    try clear(old)
  }

  /// What stands at a path, links not followed; nil for nothing.
  private static func kind(_ path: String) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
  }
}
